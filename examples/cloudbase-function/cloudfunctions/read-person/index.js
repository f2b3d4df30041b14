// The user's name and ID number, with the user's consent.
const { readFileSync } = require('node:fs');
const cloud = require('wx-server-sdk');
const { RealNameError, createClient, openMerchant } = require('wechat-realname');

const { APP_ID: appId, APP_SECRET: appSecret, MCH_ID: mchId, MCH_KEY: privateKey, WECHAT_BASE_URL: baseUrl } = process.env;
cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV });
const merchant = openMerchant({ mchId, privateKey, certificate: readFileSync(`${__dirname}/apiclient_cert.pem`) });
const client = createClient({ appId, appSecret, merchant, baseUrl });

exports.main = async ({ authToken }) => {
  const { OPENID: openid } = cloud.getWXContext();
  if (!openid) return { code: 'NO_SESSION' };
  try {
    const { realName, credentialId } = await client.getRealNameInfo({ authToken });
    // Here is the place to store them, under `openid`. The whole number stays on this side.
    return { name: realName, lastFour: credentialId.slice(-4) };
  } catch (error) {
    if (!(error instanceof RealNameError)) throw error;
    console.error(error); // no name, number or token is in it
    return { code: error.code, action: error.action, field: error.field };
  }
};
