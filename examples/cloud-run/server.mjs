// A container of WeChat Cloud Run: POST /check, /read, /begin-face and /finish-face, called with wx.cloud.callContainer.
import express from 'express';
import { RealNameError, createClient, openMerchant } from 'wechat-realname';

const { APP_ID: appId, APP_SECRET: appSecret, WECHAT_BASE_URL: baseUrl, PORT = '80' } = process.env;
const { MCH_ID: mchId, MCH_KEY: privateKey, MCH_CERT: certificate } = process.env;
// With the app's secret: WeChat says that these interfaces do not support calls without a token (auth: 'cloud-run').
const client = createClient({ appId, appSecret, baseUrl, merchant: openMerchant({ mchId, privateKey, certificate }) });

// Yours: a store that all processes share, and that forgets after an hour. Name and number are not in it; certHash stands for
// them, and is as confidential.
const verifications = new Map();

const app = express();

app.use((request, response, next) => {
  // WeChat writes it, and nobody else, as long as the service has no public address: see the README.
  response.locals.openid = request.get('x-wx-openid');
  if (response.locals.openid) next();
  else response.status(401).json({ code: 'NO_SESSION' });
});
app.use(express.json({ limit: '4kb' }));

app.post('/check', async ({ body = {} }, response) => {
  const { code, realName, credId } = body;
  const { openid } = response.locals;
  const { matched, verdict } = await client.checkRealNameInfo({ openid, realName, credId, code });
  response.json({ matched, verdict });
});

app.post('/read', async ({ body = {} }, response) => {
  const { realName, credentialId } = await client.getRealNameInfo({ authToken: body.authToken });
  // Here is the place to store them, under `response.locals.openid`. The whole number stays on this side.
  response.json({ name: realName, lastFour: credentialId.slice(-4) });
});

app.post('/begin-face', async ({ body = {} }, response) => {
  const { certName, certNo } = body;
  const { openid } = response.locals;
  const { verifyId, outSeqNo, certHash } = await client.getVerifyId({ certName, certNo, openid });
  verifications.set(openid, { verifyId, outSeqNo, certHash });
  response.json({ verifyId });
});

app.post('/finish-face', async (request, response) => {
  const { openid } = response.locals;
  const verification = verifications.get(openid);
  if (!verification) return response.json({ passed: false, verdict: 'not_begun' });
  // WeChat's word, whatever the mini program says.
  const { passed, verdict } = await client.queryVerifyInfo({ ...verification, openid });
  // Here is the place to store that this user has passed, as the person of certHash: a name sent now may be another's.
  return response.json({ passed, verdict });
});

// Express knows an error handler by its four parameters.
app.use((error, request, response, next) => {
  if (error instanceof RealNameError) {
    console.error(error); // no name, number, code or token is in it
    const { code, action, field } = error;
    return response.status(code === 'INVALID_ARGUMENT' ? 400 : 502).json({ code, action, field });
  }
  // What the body parser says quotes the body: into neither answer nor log.
  if (error.status < 500) return response.status(error.status).json({ code: 'BAD_REQUEST' });
  console.error(error);
  return response.status(500).json({ code: 'INTERNAL' });
});

const server = app.listen(PORT, () => console.log(`listening on ${server.address().port}`));
// The first process of a container gets no default: without this, a new version waits until this one is killed.
process.once('SIGTERM', () => server.close());
