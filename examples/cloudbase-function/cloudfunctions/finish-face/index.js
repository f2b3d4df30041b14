// Asks WeChat how the user's face check went. What the mini program says of it is not looked at.
const cloud = require('wx-server-sdk');
const { RealNameError, createClient } = require('wechat-realname');

const { APP_ID: appId, APP_SECRET: appSecret, WECHAT_BASE_URL: baseUrl } = process.env;
cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV });
const client = createClient({ appId, appSecret, baseUrl });
const verifications = cloud.database().collection('face_verifications');

exports.main = async () => {
  const { OPENID: openid } = cloud.getWXContext();
  if (!openid) return { code: 'NO_SESSION' };
  const { data: [verification] } = await verifications.where({ _id: openid }).get();
  if (!verification) return { passed: false, verdict: 'not_begun' };
  try {
    const { verifyId, outSeqNo, certHash } = verification;
    const { passed, verdict } = await client.queryVerifyInfo({ verifyId, outSeqNo, certHash, openid });
    // Here is the place to store that this user has passed, as the person of certHash: a name sent now may be another's.
    return { passed, verdict };
  } catch (error) {
    if (!(error instanceof RealNameError)) throw error;
    console.error(error); // no name, number or id is in it
    return { code: error.code, action: error.action, field: error.field };
  }
};
