// Nothing secret in what a log would show: errors, handles, client, hook payloads, and whatever goes through console.log.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import test from 'node:test';
import util from 'node:util';

import {
  betaVerification,
  createClient,
  createPlatform,
  createPushHandler,
  openMerchant,
  openPushChannel,
  operations,
} from 'wechat-realname';
import { startSandbox } from 'wechat-realname/sandbox';
import { NUMBER, failure, keyFiles, sandboxed, vectors } from './support.mjs';

const NAME = '夏侯惇';
const PASSWORD = 'PASSWORD-canary-c0de';
const { files: written } = JSON.parse(fs.readFileSync(keyFiles, 'utf8'));
const OPENID = 'OPENID-canary-90de';

/** Everything that a value shows of itself without being asked for its fields. */
function shown(value) {
  const parts = [util.inspect(value, { depth: 10, showHidden: true }), util.inspect(value), String(value)];
  if (value instanceof Error) parts.push(value.stack, value.message, JSON.stringify(value));
  return parts.join('\n');
}

test('no secret in errors, handles, client, hook payloads and console.log', async (t) => {
  const told = [];
  const { sandbox, merchant, client } = await sandboxed(t, { onExchange: (exchange) => told.push(exchange) });
  const person = { openid: OPENID, realName: NAME, credentialId: NUMBER };
  const { code, authToken } = sandbox.addPerson(person);
  const secrets = [
    NAME,
    NUMBER,
    OPENID,
    PASSWORD,
    code,
    authToken,
    sandbox.accessToken,
    ...sandbox.merchant.privateKey.split('\n').filter((line) => line && !line.startsWith('-')),
    ...vectors[0].pkcs8.split('\n').filter((line) => line && !line.startsWith('-')),
  ];
  const out = [];
  const add = (value) => {
    out.push(shown(value));
    return true;
  };

  const params = { openid: OPENID, realName: NAME, credId: NUMBER, code };
  const context = { accessToken: sandbox.accessToken, merchant, baseUrl: sandbox.baseUrl };
  const reading = operations.getRealNameInfo({ authToken }, context);
  const checking = operations.checkRealNameInfo(params, context);
  add(reading);
  add(reading.request);
  add(checking.request);
  add(merchant);
  add(merchant.report());
  add(client);
  for (const value of [merchant, client]) out.push(JSON.stringify(value));

  const opened = await client.getRealNameInfo({ authToken });
  add(opened);
  add(await client.checkRealNameInfo(params));
  // The data itself stays usable.
  assert.equal(JSON.stringify(opened), JSON.stringify({ realName: NAME, credentialId: NUMBER }));
  assert.ok(JSON.stringify(checking.request).includes(NAME));
  assert.deepEqual({ ...opened }, structuredClone(opened));

  // Refusals whose text repeats the whole request, on every way in.
  const echo = `echo ${secrets.join(' ')}`;
  const answers = [
    [200, JSON.stringify({ errcode: 40001, errmsg: `echo ${[NAME, NUMBER, OPENID, code, sandbox.accessToken].join(' ')}` })],
    [200, JSON.stringify({ errcode: echo })],
    [200, JSON.stringify({ verify_openid: [echo], encryted_real_name: echo, encryted_credential_id: echo })],
    [200, echo],
    [502, echo],
  ];
  for (const [status, body] of answers) {
    const fetch = async () => new Response(body, { status });
    const echoed = createClient({ accessToken: sandbox.accessToken, merchant, fetch, onExchange: (x) => told.push(x) });
    add(await failure(echoed.checkRealNameInfo(params)));
    assert.throws(() => checking.interpret({ status, body }), add);
  }
  const wild = Object.defineProperty(new Error(echo), 'cause', { get: () => { throw new Error(echo); } });
  const coded = Object.assign(new Error(echo), { code: `failed ${echo}`, name: echo, syscall: echo });
  for (const thrown of [wild, coded, new TypeError(echo), Object.assign(new Error(echo), { cause: new Error(echo), url: echo }), echo]) {
    const broken = createClient({
      accessToken: sandbox.accessToken,
      merchant,
      fetch: () => Promise.reject(thrown),
      onExchange: (exchange) => told.push(exchange),
    });
    add(await failure(broken.getRealNameInfo({ authToken })));
  }
  for (const magic of ['94003', 'junk', 'short', 'empty']) {
    add(await failure(client.getRealNameInfo({ authToken: `sandbox:${magic}` })));
  }

  // Mistakes of the caller's that hold a secret themselves.
  const mistakes = [
    () => openMerchant({ ...sandbox.merchant, privateKey: sandbox.merchant.privateKey.replace('M', '?') }),
    () => openMerchant({ ...sandbox.merchant, certificate: sandbox.merchant.privateKey }),
    () => openMerchant({ ...sandbox.merchant, privateKey: vectors[0].pkcs8 }),
    () => openMerchant({ ...sandbox.merchant, mchId: NAME }),
    () => openMerchant({ ...sandbox.merchant, privateKey: written.find(({ name }) => name.startsWith('PBES2')).file, password: PASSWORD }),
    () => openMerchant({ mchId: sandbox.merchant.mchId, p12: written.find(({ name }) => name.startsWith('p12')).file, password: PASSWORD }),
    () => openMerchant({ mchId: sandbox.merchant.mchId, p12: sandbox.merchant.privateKey, password: PASSWORD }),
    () => merchant.report({ now: NUMBER }),
    () => openMerchant({ ...sandbox.merchant, certSerialNo: NUMBER }),
    () => merchant.open({ realName: NAME, credentialId: NUMBER }),
    () => merchant.sign(NUMBER),
    () => operations.checkRealNameInfo({ ...params, credId: { number: NUMBER } }, context),
    () => operations.checkRealNameInfo({ ...params, realName: [NAME] }, context),
    () => operations.checkRealNameInfo({ ...params, code: `${code}%3D` }, context),
    () => operations.checkRealNameInfo(params, { ...context, accessToken: `${sandbox.accessToken}&x=1` }),
    () => operations.checkRealNameInfo(params, { ...context, baseUrl: `https://${NUMBER}.example` }),
    () => createClient({ accessToken: 't', baseUrl: `https://u:${authToken}@api.weixin.qq.com` }),
    () => sandbox.addMerchant({ mchId: '1', certificate: sandbox.merchant.privateKey }),
    () => sandbox.addPerson({ realName: [NAME] }),
  ];
  for (const mistake of mistakes) {
    assert.throws(mistake, (error) => {
      assert.equal(error.name, 'RealNameError', error.stack);
      return add(error);
    });
  }
  for (const exchange of told) out.push(JSON.stringify(exchange), shown(exchange));
  out.push(JSON.stringify(sandbox.requests), shown(sandbox.requests));
  assert.ok(told.length > 10);

  const text = out.join('\n');
  for (const secret of secrets) assert.ok(!text.includes(secret), 'a secret is in the output');
  assert.match(text, /\*\*\*/);
});

test('nothing of a push, a platform or its tokens is in any message, stack, log or hook', async (t) => {
  const sandbox = await startSandbox();
  t.after(() => sandbox.close());
  const { componentAppId, componentAppSecret, token, encodingAesKey } = sandbox.platform;
  const trial = {
    enterpriseName: '夏侯兄弟（测试）科技有限公司',
    code: '91110105MA00000012',
    componentPhone: '13811112222',
    codeType: 1,
    legalPersonaWechat: 'xiahou-wechat',
    legalPersonaName: '夏侯惇',
    legalPersonaIdcard: NUMBER,
  };
  const out = [];
  const add = (value) => out.push(shown(value)) > 0;
  t.mock.method(console, 'error', (...words) => out.push(words.join(' ')));
  const told = [];
  const kept = new Map();
  const platformOptions = { componentAppId, componentAppSecret, baseUrl: sandbox.baseUrl, store: kept, onExchange: (one) => told.push(one) };
  const platform = createPlatform(platformOptions);
  const channel = openPushChannel({ token, encodingAesKey, appId: componentAppId });
  const secrets = [componentAppSecret, token, encodingAesKey, ...Object.values(trial).filter((value) => typeof value === 'string')];
  const events = [];
  const handler = createPushHandler({
    channel,
    platform,
    onEvent: (event) => {
      events.push(event);
      if (event.status === 101) throw new Error(JSON.stringify(event));
    },
  });
  const push = async (order) => {
    const { query, body } = sandbox.makePush(order);
    add(await (await handler(new Request(`http://x/?${new URLSearchParams(query)}`, { method: 'POST', body }))).text());
  };
  const { appId, authorizationCode } = sandbox.addTrial(trial);
  await push({ kind: 'ticket' });
  await push({ kind: 'authorized', appId });
  for (const status of [0, 101, 89251]) await push({ kind: 'beta', appId, status });
  for (const fault of ['signature', 'ciphertext', 'key', 'app_id', 'padding', 'old']) await push({ kind: 'beta', appId, fault });
  await push({ kind: 'malformed' });
  await push({ xml: `<xml>${secrets.join(' ')}` });
  secrets.push(authorizationCode, events[0].componentVerifyTicket, events[1].authorizationCode);

  await platform.authorize(authorizationCode);
  const client = platform.client(appId);
  const reply = await client.verifyBetaMiniprogram(trial);
  const refused = await failure(client.verifyBetaMiniprogram(trial));
  for (const value of [...events, platform, channel, client, handler, reply, refused]) add(value);
  for (const value of [reply, refused, events[2]]) add(betaVerification(value));
  add(await failure(client.verifyBetaMiniprogram({ ...trial, code: trial.legalPersonaName })));
  add(await failure(client.verifyBetaMiniprogram({ ...trial, legalPersonaName: [trial.legalPersonaName] })));
  add(await failure(platform.authorize(`${authorizationCode}%3D`)));
  add(await failure(platform.acceptTicket(events[1])));
  // A store and a server that repeat everything.
  const echo = secrets.join(' ');
  const echoing = { get: () => { throw new Error(echo); }, set: () => undefined, delete: () => undefined };
  add(await failure(createPlatform({ ...platformOptions, store: echoing }).client(appId).getCategory()));
  for (const body of [JSON.stringify({ errcode: 40125, errmsg: `${componentAppSecret} ${events[0].componentVerifyTicket}` }), echo]) {
    const fetch = async () => new Response(body);
    add(await failure(createPlatform({ ...platformOptions, fetch, store: new Map([...kept].filter(([key]) => key.endsWith('ticket'))) }).authorize('c')));
  }
  for (const text of kept.values()) {
    for (const [, secret] of text.matchAll(/"(?:token|refreshToken)":"([^"]+)"/g)) secrets.push(secret);
  }
  for (const [work, value] of [
    [openPushChannel, { token: ` ${token}`, encodingAesKey, appId: componentAppId }],
    [openPushChannel, { token, encodingAesKey: `${encodingAesKey}x`, appId: componentAppId }],
    [createPlatform, { componentAppId, componentAppSecret: [componentAppSecret] }],
    [createPlatform, { componentAppId, componentAppSecret, baseUrl: `https://${token}.example` }],
    [betaVerification, { code: trial.legalPersonaName }],
    [betaVerification, events[0]],
  ]) {
    assert.throws(() => work(value), add);
  }
  out.push(JSON.stringify(told), JSON.stringify(sandbox.requests), JSON.stringify(sandbox.pushes));
  assert.ok(told.length > 5 && secrets.length > 12 && events.length >= 5);
  const text = out.join('\n');
  for (const secret of secrets) assert.ok(!text.includes(secret), 'a secret is in the output');
});

test('nothing of a face verification or a patient is in any message, stack, log or hook', async (t) => {
  const { sandbox } = await sandboxed(t);
  const KEY = 'canary-hospital-key-of-32-chars-';
  const PHONE = '13811112222';
  sandbox.setMedicalKey(0, KEY);
  const { openid, wxmedAuthcode } = sandbox.addPerson({ openid: OPENID, realName: NAME, credentialId: NUMBER, phone: PHONE });
  const told = [];
  const out = [];
  const add = (value) => out.push(shown(value)) > 0;
  const options = { appId: sandbox.appId, accessToken: sandbox.accessToken, medicalKeys: { 0: KEY }, onExchange: (one) => told.push(one) };
  const client = createClient({ ...options, baseUrl: sandbox.baseUrl });
  const cert = { certName: NAME, certNo: NUMBER };
  const begun = await client.getVerifyId({ ...cert, openid });
  const { verifyId, outSeqNo, certHash } = begun;
  const kept = { verifyId, outSeqNo, openid };
  const opened = await client.getMedicalRealName({ openid, wxmedAuthcode });
  sandbox.verifyFace(verifyId);
  for (const value of [client, begun, opened, await client.queryVerifyInfo({ ...kept, certHash })]) add(value);
  for (const call of [
    operations.getVerifyId({ ...cert, openid }, options),
    operations.queryVerifyInfo({ ...kept, ...cert }, options),
    operations.getMedicalRealName({ openid, wxmedAuthcode }, options),
  ]) {
    add(call);
    add(call.request);
  }
  // The data itself stays usable.
  assert.deepEqual([opened.realName, JSON.parse(JSON.stringify(begun)).certHash], [NAME, certHash]);

  const own = [sandbox.accessToken, NAME, NUMBER, OPENID, certHash, verifyId, wxmedAuthcode];
  const secrets = [...own, KEY, PHONE];
  // What each call was given, where WeChat's text repeats it.
  const calls = [
    [(of) => of.getVerifyId({ ...cert, openid }), [NAME, NUMBER, OPENID, sandbox.accessToken]],
    [(of) => of.queryVerifyInfo({ ...kept, certHash }), [verifyId, certHash, OPENID, sandbox.accessToken]],
    [(of) => of.queryVerifyInfo({ ...kept, ...cert }), [NAME, NUMBER, certHash, verifyId, OPENID, sandbox.accessToken]],
    [(of) => of.getMedicalRealName({ openid, wxmedAuthcode }), [OPENID, wxmedAuthcode, sandbox.accessToken]],
  ];
  const echo = secrets.join(' ');
  for (const [call, given] of calls) {
    for (const body of [
      JSON.stringify({ errcode: 40013, errmsg: `echo ${given.join(' ')}` }),
      JSON.stringify({ errcode: echo }),
      JSON.stringify({ errcode: 0, verify_id: [echo], verify_ret: echo, cipher_real_name: echo }),
      JSON.stringify({ errcode: 0, cipher_real_name: 'A'.repeat(64), cipher_algorithm: echo, open_id: echo }),
      echo,
    ]) {
      const echoing = createClient({ ...options, fetch: async () => new Response(body) });
      add(await failure(call(echoing)));
    }
  }
  for (const magic of ['junk', 'short', 'algorithm', 'key_version=5']) {
    add(await failure(client.getMedicalRealName({ openid, wxmedAuthcode: `sandbox:${magic}` })));
  }
  for (const mistake of [
    () => createClient({ ...options, medicalKeys: { 0: `${KEY}x` } }),
    () => createClient({ ...options, medicalKeys: { [KEY]: KEY } }),
    () => createClient({ ...options, medicalKeys: KEY }),
    () => operations.getVerifyId({ ...cert, openid, outSeqNo: NAME }, options),
    () => operations.getVerifyId({ ...cert, certNo: [NUMBER], openid }, options),
    () => operations.queryVerifyInfo({ ...kept, certHash: NUMBER }, options),
    () => operations.getMedicalRealName({ openid, wxmedAuthcode: `${NAME}%2E` }, options),
    () => sandbox.setMedicalKey(0, `${KEY}x`),
    () => sandbox.verifyFace(`${verifyId}x`),
  ]) {
    assert.throws(mistake, (error) => error.name === 'RealNameError' && add(error));
  }
  out.push(JSON.stringify(told), shown(told), JSON.stringify(sandbox.requests), shown(sandbox.requests));
  assert.ok(told.length > 20);
  const text = out.join('\n');
  for (const secret of secrets) assert.ok(!text.includes(secret), 'a secret is in the output');
  assert.match(text, new RegExp(`outSeqNo: '${outSeqNo}'`));
});

test('nothing of an app secret, an access token or a store is in any message, stack, log or hook', async (t) => {
  const sandbox = await startSandbox();
  t.after(() => sandbox.close());
  const { baseUrl, appId, appSecret } = sandbox;
  const SECRET = 'APPSECRET-canary-5ec7';
  const REDIS = 'redis://user:canary-pa55@host';
  const out = [];
  const told = [];
  const add = (value) => {
    out.push(shown(value));
    return true;
  };
  const onExchange = (exchange) => told.push(exchange);
  const kept = new Map();
  const options = { appId, appSecret, baseUrl, retries: 0, onExchange };
  const params = { openid: OPENID, realName: NAME, credId: NUMBER, code: 'CODE-canary-c0de' };

  const client = createClient({ ...options, tokenStore: kept });
  add(client);
  await client.getCategory();
  sandbox.revokeAccessTokens();
  await failure(client.checkRealNameInfo(params)).then(add);
  const { token } = JSON.parse(kept.get(`wechat-realname:${appId}:access_token`));
  const secrets = [SECRET, REDIS, appSecret, token, NAME, NUMBER, OPENID, params.code];
  const echo = secrets.join(' ');

  // A WeChat, a store and a file that repeat everything.
  const stores = [
    { get: () => { throw Object.assign(new Error(echo), { code: echo, address: REDIS }); }, set: () => false, delete: () => false },
    { get: async () => echo, set: () => Promise.reject(new Error(echo)), delete: () => false },
    { get: async () => ({ token: echo, freshUntil: 1 }), set: () => { throw echo; }, delete: () => false },
  ];
  const answers = [
    JSON.stringify({ errcode: 40125, errmsg: `invalid appsecret ${SECRET} rid: ${SECRET}` }),
    JSON.stringify({ errcode: 40164, errmsg: `invalid ip ${SECRET}, not in whitelist` }),
    JSON.stringify({ access_token: echo, expires_in: echo }),
    JSON.stringify({ access_token: token, expires_in: echo }),
    echo,
  ];
  for (const tokenStore of stores) {
    for (const body of answers) {
      const fetch = async () => new Response(body, { headers: { 'x-echo': SECRET } });
      const echoing = createClient({ ...options, appSecret: SECRET, tokenStore, fetch });
      add(await failure(echoing.checkRealNameInfo(params)));
      add(echoing);
    }
  }
  const slow = createClient({ ...options, appSecret: SECRET, timeoutMs: 30, fetch: () => new Promise(() => {}) });
  add(await failure(slow.checkRealNameInfo(params)));
  const cut = createClient({ ...options, appSecret: SECRET, fetch: () => Promise.reject(Object.assign(new Error(echo), { url: echo })) });
  add(await failure(cut.checkRealNameInfo(params)));
  // It can repeat what it was sent.
  const sent = [token, ...Object.values(params)].join(' ');
  const refused = createClient({ ...options, fetch: async (url, init) =>
    url.includes('stable_token') ? fetch(url, init) : new Response(JSON.stringify({ errcode: 42001, errmsg: sent })) });
  add(await failure(refused.checkRealNameInfo(params)));
  const exchanged = operations.getStableAccessToken({ appId, appSecret: SECRET }, { baseUrl });
  add(exchanged);
  add(exchanged.request);
  add(exchanged.interpret({ status: 200, body: JSON.stringify({ access_token: token, expires_in: 7200 }) }));
  const mistakes = [
    () => createClient({ ...options, appSecret: [SECRET] }),
    () => createClient({ ...options, accessToken: token }),
    () => createClient({ ...options, tokenStore: REDIS }),
    () => createClient({ ...options, auth: SECRET }),
    () => createClient({ ...options, trustedHosts: [REDIS] }),
    () => createClient({ ...options, baseUrl: `https://${SECRET}@api.weixin.qq.com` }),
    () => createClient({ ...options, retries: SECRET }),
    () => operations.getStableAccessToken({ appId, appSecret: ` ${SECRET}` }, {}),
    () => operations.getStableAccessToken({ appId, appSecret: { SECRET } }, {}),
    () => operations.getCategory({}, { auth: SECRET }),
    () => operations.getCategory({}, { auth: 'cloud-run', fromAppId: SECRET }),
    () => operations.getCategory({}, { trustedHosts: [REDIS], accessToken: token }),
    () => operations.getCategory({}, { accessToken: token, baseUrl: `https://${SECRET}.example`, trustedHosts: ['a.example'] }),
  ];
  for (const mistake of mistakes) {
    assert.throws(mistake, (error) => {
      assert.equal(error.name, 'RealNameError', error.stack);
      return add(error);
    });
  }
  for (const exchange of told) out.push(JSON.stringify(exchange), shown(exchange));
  out.push(JSON.stringify(sandbox.requests));
  assert.ok(told.length > 20 && told.some(({ operation }) => operation === 'tokenStore'));
  const text = out.join('\n');
  for (const secret of secrets) assert.ok(!text.includes(secret), 'a secret is in the output');
  assert.doesNotMatch(text, /canary/);
});
