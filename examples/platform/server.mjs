// A third-party platform that turns its clients' trial mini programs into full ones: WeChat's pushes come in at POST /push,
// a client sees at GET / where the verification stands.
import express from 'express';
import { betaVerification, createPlatform, createPushHandler, openPushChannel, replayIn } from 'wechat-realname';
import { clientOf, clientWithCode, companyOf, store } from './clients.mjs'; // yours
import { pageOf } from './page.mjs';

const { COMPONENT_APP_ID: componentAppId, COMPONENT_APP_SECRET: componentAppSecret, WECHAT_BASE_URL: baseUrl } = process.env;
const { PUSH_TOKEN: token, ENCODING_AES_KEY: encodingAesKey, PORT = '3000' } = process.env;
const platform = createPlatform({ componentAppId, componentAppSecret, store, baseUrl });
const channel = openPushChannel({ token, encodingAesKey, appId: componentAppId });
const pushes = createPushHandler({ channel, platform, replay: replayIn(store), onEvent });

async function onEvent(event) {
  if (event.infoType === 'authorized') {
    const { appId } = await platform.authorize(event.authorizationCode);
    await verify(appId);
  }
  if (event.infoType === 'unauthorized') await platform.forget(event.appId);
  if (event.infoType === 'notify_third_fastverifybetaapp') {
    // The push of a failure may lack the app id.
    const appId = event.appId ?? clientWithCode(event.info?.code);
    if (appId) await keep(appId, event);
    else console.error(`a verification of nobody's ended: ${event.eventKey}`);
  }
}

/** Starts a verification. A refusal is kept like a reply: it says where the verification stands, too. */
async function verify(appId) {
  await keep(appId, await platform.client(appId).verifyBetaMiniprogram(companyOf(appId)).catch((error) => error));
}

/** Keeps what says where a client's verification stands, and nothing of a person. */
async function keep(appId, { infoType, status, operation, code, errcode, fields, authorizeUrl, createTime }) {
  const before = await store.get(`verification:${appId}`);
  const evidence = { infoType, status, operation, code, errcode, fields: fields && {} };
  const seenAt = createTime ?? Math.floor(Date.now() / 1000);
  await store.set(`verification:${appId}`, { evidence, seenAt, authorizeUrl: authorizeUrl ?? before?.authorizeUrl });
}

/** Judged anew each time: what may not be called again now may be tomorrow. */
async function standOf(appId) {
  const kept = await store.get(`verification:${appId}`);
  return kept && { ...betaVerification(kept.evidence, { seenAt: kept.seenAt }), authorizeUrl: kept.authorizeUrl };
}

const app = express();
app.post('/push', pushes.node);

app.use((request, response, next) => {
  response.locals.appId = clientOf(request.headers);
  if (response.locals.appId) next();
  else response.set('www-authenticate', 'Basic charset="UTF-8"').status(401).end();
});

app.get('/', async (request, response) => {
  response.set('cache-control', 'no-store').send(pageOf(await standOf(response.locals.appId)));
});

app.post('/verify', async (request, response) => {
  // Browsers send the password along from other sites' pages too.
  if (request.get('sec-fetch-site') !== 'same-origin') return response.status(403).end();
  // WeChat takes five calls a minute and a hundred a day.
  if ((await standOf(response.locals.appId))?.mayCallAgain) await verify(response.locals.appId);
  return response.redirect(303, '/');
});

const server = app.listen(PORT, () => console.log(`listening on ${server.address().port}`));
