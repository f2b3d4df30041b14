// Begins a face check: is the user the person of this name and ID number?
const cloud = require('wx-server-sdk');
const { RealNameError, createClient } = require('wechat-realname');

const { APP_ID: appId, APP_SECRET: appSecret, WECHAT_BASE_URL: baseUrl } = process.env;
cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV });
const client = createClient({ appId, appSecret, baseUrl });
const verifications = cloud.database().collection('face_verifications');

exports.main = async ({ certName, certNo }) => {
  const { OPENID: openid } = cloud.getWXContext();
  if (!openid) return { code: 'NO_SESSION' };
  try {
    const { verifyId, outSeqNo, certHash } = await client.getVerifyId({ certName, certNo, openid });
    // Name and number are not kept; certHash stands for them, and is as confidential.
    await verifications.doc(openid).set({ data: { verifyId, outSeqNo, certHash } });
    return { verifyId };
  } catch (error) {
    if (!(error instanceof RealNameError)) throw error;
    console.error(error); // no name, number or id is in it
    return { code: error.code, action: error.action, field: error.field };
  }
};
