// A Koa server: POST /check, /read, /begin-face and /finish-face, called with wx.request.
import Koa from 'koa';
import { RealNameError, createClient, openMerchant } from 'wechat-realname';
import { openidOf } from './session.mjs'; // yours: the openid of the session

const { APP_ID: appId, APP_SECRET: appSecret, WECHAT_BASE_URL: baseUrl, PORT = '3000' } = process.env;
const { MCH_ID: mchId, MCH_KEY: privateKey, MCH_CERT: certificate } = process.env;
const client = createClient({ appId, appSecret, baseUrl, merchant: openMerchant({ mchId, privateKey, certificate }) });

// Yours: a store that all processes share, and that forgets after an hour. Name and number are not in it; certHash stands for
// them, and is as confidential.
const verifications = new Map();

const routes = {
  async '/check'(openid, { code, realName, credId }) {
    const { matched, verdict } = await client.checkRealNameInfo({ openid, realName, credId, code });
    return { matched, verdict };
  },
  async '/read'(openid, { authToken }) {
    const { realName, credentialId } = await client.getRealNameInfo({ authToken });
    // Here is the place to store them, under `openid`. The whole number stays on this side.
    return { name: realName, lastFour: credentialId.slice(-4) };
  },
  async '/begin-face'(openid, { certName, certNo }) {
    const { verifyId, outSeqNo, certHash } = await client.getVerifyId({ certName, certNo, openid });
    verifications.set(openid, { verifyId, outSeqNo, certHash });
    return { verifyId };
  },
  async '/finish-face'(openid) {
    const verification = verifications.get(openid);
    if (!verification) return { passed: false, verdict: 'not_begun' };
    // WeChat's word, whatever the mini program says.
    const { passed, verdict } = await client.queryVerifyInfo({ ...verification, openid });
    // Here is the place to store that this user has passed, as the person of certHash: a name sent now may be another's.
    return { passed, verdict };
  },
};

const app = new Koa();

app.use(async (ctx, next) => {
  try {
    await next();
  } catch (error) {
    [ctx.status, ctx.body] = failure(error);
  }
});

app.use(async (ctx) => {
  if (ctx.method !== 'POST' || !Object.hasOwn(routes, ctx.path)) return;
  // Never from the body: that is the caller's own words.
  const openid = openidOf(ctx.headers);
  if (!openid) ctx.throw(401);
  ctx.body = await routes[ctx.path](openid, await fieldsOf(ctx.req));
});

function failure(error) {
  if (error instanceof Koa.HttpError && error.status === 401) return [401, { code: 'NO_SESSION' }];
  // The message of a SyntaxError quotes the body: into neither answer nor log.
  if (error instanceof SyntaxError) return [400, { code: 'BAD_REQUEST' }];
  console.error(error); // a RealNameError has no name, number, code or token in it
  if (!(error instanceof RealNameError)) return [500, { code: 'INTERNAL' }];
  const { code, action, field } = error;
  return [code === 'INVALID_ARGUMENT' ? 400 : 502, { code, action, field }];
}

async function fieldsOf(request) {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk;
    if (text.length > 4096) throw new SyntaxError('too long');
  }
  return JSON.parse(text) ?? {};
}

const server = app.listen(PORT, () => console.log(`listening on ${server.address().port}`));
