// A Hono app: POST /check, /read, /begin-face and /finish-face, called with wx.request. Nothing in this file is Node's.
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HTTPException } from 'hono/http-exception';
import { jwt } from 'hono/jwt';
import { RealNameError, createClient, openMerchant } from 'wechat-realname';

export function appOf({ APP_ID: appId, APP_SECRET: appSecret, WECHAT_BASE_URL: baseUrl, SESSION_SECRET: secret, ...merchant }) {
  const { MCH_ID: mchId, MCH_KEY: privateKey, MCH_CERT: certificate } = merchant;
  const client = createClient({ appId, appSecret, baseUrl, merchant: openMerchant({ mchId, privateKey, certificate }) });
  // Yours: a store that all processes share, and that forgets after an hour. Name and number are not in it; certHash stands for
  // them, and is as confidential.
  const verifications = new Map();
  const app = new Hono();

  // Yours: the session. Its token was signed at login, with the openid that code2Session gave as `sub`.
  app.use(jwt({ secret, alg: 'HS256' }), bodyLimit({ maxSize: 4096 }));

  app.post('/check', async (c) => {
    const { code, realName, credId } = (await c.req.json()) ?? {};
    // Never from the body: that is the caller's own words.
    const { sub: openid } = c.get('jwtPayload');
    const { matched, verdict } = await client.checkRealNameInfo({ openid, realName, credId, code });
    return c.json({ matched, verdict });
  });

  app.post('/read', async (c) => {
    const { authToken } = (await c.req.json()) ?? {};
    const { realName, credentialId } = await client.getRealNameInfo({ authToken });
    // Here is the place to store them, under the session's openid. The whole number stays on this side.
    return c.json({ name: realName, lastFour: credentialId.slice(-4) });
  });

  app.post('/begin-face', async (c) => {
    const { certName, certNo } = (await c.req.json()) ?? {};
    const { sub: openid } = c.get('jwtPayload');
    const { verifyId, outSeqNo, certHash } = await client.getVerifyId({ certName, certNo, openid });
    verifications.set(openid, { verifyId, outSeqNo, certHash });
    return c.json({ verifyId });
  });

  app.post('/finish-face', async (c) => {
    const { sub: openid } = c.get('jwtPayload');
    const verification = verifications.get(openid);
    if (!verification) return c.json({ passed: false, verdict: 'not_begun' });
    // WeChat's word, whatever the mini program says.
    const { passed, verdict } = await client.queryVerifyInfo({ ...verification, openid });
    // Here is the place to store that this user has passed, as the person of certHash: a name sent now may be another's.
    return c.json({ passed, verdict });
  });

  app.onError((error, c) => {
    const { status } = error;
    if (error instanceof HTTPException) return c.json({ code: status === 401 ? 'NO_SESSION' : 'BAD_REQUEST' }, status);
    // The message of a SyntaxError quotes the body: into neither answer nor log.
    if (error instanceof SyntaxError) return c.json({ code: 'BAD_REQUEST' }, 400);
    console.error(error); // a RealNameError has no name, number, code or token in it
    if (!(error instanceof RealNameError)) return c.json({ code: 'INTERNAL' }, 500);
    const { code, action, field } = error;
    return c.json({ code, action, field }, code === 'INVALID_ARGUMENT' ? 400 : 502);
  });
  return app;
}
