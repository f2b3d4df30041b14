// A CloudBase HTTP function: POST /check, /read, /begin-face and /finish-face, called with wx.cloud.callHTTPFunction.
const { readFileSync } = require('node:fs');
const { createServer } = require('node:http');
const { RealNameError, createClient, openMerchant } = require('wechat-realname');

const { APP_ID: appId, APP_SECRET: appSecret, MCH_ID: mchId, MCH_KEY: privateKey, WECHAT_BASE_URL: baseUrl } = process.env;
const merchant = openMerchant({ mchId, privateKey, certificate: readFileSync(`${__dirname}/apiclient_cert.pem`) });
const client = createClient({ appId, appSecret, merchant, baseUrl });

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

async function answerTo(request) {
  const { method, url, headers } = request;
  if (method !== 'POST' || !Object.hasOwn(routes, url)) return [404, { code: 'NOT_FOUND' }];
  // WeChat writes it, and nobody else, as long as the function has no public address: see the README.
  const openid = headers['x-wx-openid'];
  if (!openid) return [401, { code: 'NO_SESSION' }];
  try {
    return [200, await routes[url](openid, await fieldsOf(request))];
  } catch (error) {
    // The message of a SyntaxError quotes the body: into neither answer nor log.
    if (error instanceof SyntaxError) return [400, { code: 'BAD_REQUEST' }];
    console.error(error);
    if (!(error instanceof RealNameError)) return [500, { code: 'INTERNAL' }];
    return [error.code === 'INVALID_ARGUMENT' ? 400 : 502, { code: error.code, action: error.action, field: error.field }];
  }
}

async function fieldsOf(request) {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk;
    if (text.length > 4096) throw new SyntaxError('too long');
  }
  return JSON.parse(text) ?? {};
}

const server = createServer(async (request, response) => {
  const [status, body] = await answerTo(request);
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
});
server.listen(process.env.PORT ?? 9000, () => console.log(`listening on ${server.address().port}`));
