// Is this name and ID number the one behind the user's WeChat Pay account?
const cloud = require('wx-server-sdk');
const { RealNameError, createClient } = require('wechat-realname');

const { APP_ID: appId, APP_SECRET: appSecret, WECHAT_BASE_URL: baseUrl } = process.env;
cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV });
// Outside of main: an instance serves many calls, and the access token is in the client.
const client = createClient({ appId, appSecret, baseUrl });

exports.main = async ({ code, realName, credId }) => {
  // WeChat's word for who calls. The event is the caller's own, an openid in it too.
  const { OPENID: openid } = cloud.getWXContext();
  if (!openid) return { code: 'NO_SESSION' };
  try {
    const { matched, verdict } = await client.checkRealNameInfo({ openid, realName, credId, code });
    return { matched, verdict };
  } catch (error) {
    if (!(error instanceof RealNameError)) throw error;
    console.error(error); // no name, number, code or token is in it
    // Returned, not thrown: of what is thrown, the mini program gets the stack as a text.
    return { code: error.code, action: error.action, field: error.field };
  }
};
