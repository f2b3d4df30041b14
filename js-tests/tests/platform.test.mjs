// createPlatform against the sandbox: tickets, component and authorizer tokens, and verifyBetaMiniprogram on them.
import assert from 'node:assert/strict';
import test from 'node:test';
import { inspect } from 'node:util';

import Keyv from 'keyv';
import { RealNameError, betaVerification, createPlatform, createPushHandler, openPushChannel, operations } from 'wechat-realname';
import { startSandbox } from 'wechat-realname/sandbox';
import { NUMBER, failure } from './support.mjs';

const CODE = '91110105MA00000012';
const COMPANY = { enterpriseName: '某某公司', code: CODE, componentPhone: '13800000000' };
const PERSON = { codeType: 1, legalPersonaWechat: 'zhangsan-wx', legalPersonaName: '张三', legalPersonaIdcard: NUMBER };
const TRIAL = { ...COMPANY, ...PERSON };

/** A sandbox, and its platform on `store`, with a ticket unless `ticket` is false. */
async function set(t, { store = new Map(), ticket = true, ...options } = {}) {
  const sandbox = await startSandbox(options);
  t.after(() => sandbox.close());
  const { componentAppId, componentAppSecret, token, encodingAesKey } = sandbox.platform;
  const told = [];
  const platformOptions = { componentAppId, componentAppSecret, baseUrl: sandbox.baseUrl, store, onExchange: (one) => told.push(one) };
  const platform = createPlatform(platformOptions);
  const channel = openPushChannel({ token, encodingAesKey, appId: componentAppId });
  const opened = (order) => {
    const { query, body } = sandbox.makePush(order);
    const { msg_signature: msgSignature, timestamp, nonce } = query;
    return channel.open({ msgSignature, timestamp, nonce, body }, { now: sandbox.clock.now() });
  };
  if (ticket) await platform.acceptTicket(opened({ kind: 'ticket' }));
  const paths = () => sandbox.requests.map(({ path, errcode = 0 }) => `${path.split('/').at(-1)} ${errcode}`);
  return { sandbox, platform, platformOptions, channel, opened, store, told, paths };
}

test('from a ticket to a call in a client’s name', async (t) => {
  const { sandbox, platform, paths, told } = await set(t, { store: new Keyv() });
  const { appId, authorizationCode } = sandbox.addTrial({ ...TRIAL, permissionSets: [1, 81] });
  assert.deepEqual(await platform.authorize(authorizationCode), { appId, permissionSets: [1, 81] });
  const client = platform.client(appId);
  assert.deepEqual({ ...(await client.verifyBetaMiniprogram({ ...COMPANY, ...PERSON })) }, { fields: {} });
  const refused = await failure(client.verifyBetaMiniprogram({ ...COMPANY, ...PERSON }));
  assert.deepEqual([refused.code, refused.errcode, refused.action], ['REJECTED', 89251, 'wait']);
  assert.deepEqual(paths(), ['api_component_token 0', 'api_query_auth 0', 'verifybetaweapp 0', 'verifybetaweapp 89251']);
  for (const { url } of told) assert.doesNotMatch(url, /token=[^*]/);
  // The same consent once more, as with a push that WeChat repeats; and one that nobody gave.
  const calls = paths().length;
  assert.deepEqual(await platform.authorize(authorizationCode), { appId, permissionSets: [1, 81] });
  assert.equal(paths().length, calls);
  assert.equal((await failure(platform.authorize('unknown'))).action, 'ask_user_again');
});

test('both forms of the body, and what WeChat would refuse', async (t) => {
  const context = { accessToken: 't' };
  const sent = (params) => JSON.parse(operations.verifyBetaMiniprogram(params, context).request.body);
  assert.deepEqual(sent(COMPANY), {
    verify_info: { enterprise_name: '某某公司', code: CODE, component_phone: '13800000000' },
    new_version: true,
  });
  const documented = {
    enterprise_name: '某某公司',
    code: CODE,
    code_type: 1,
    legal_persona_wechat: 'zhangsan-wx',
    legal_persona_name: '张三',
    legal_persona_idcard: NUMBER,
    component_phone: '13800000000',
  };
  assert.deepEqual(sent(TRIAL), { verify_info: documented });
  for (const [codeType, code, as] of [[2, 'D2143569X', 'D2143569-X'], [2, 'D2143569-X', 'D2143569-X'], [3, '110108000000016', '110108000000016']]) {
    assert.deepEqual(sent({ ...TRIAL, codeType, code }), { verify_info: { ...documented, code_type: codeType, code: as } });
  }
  for (const [change, field] of [
    [{ enterpriseName: '' }, 'enterpriseName'],
    [{ componentPhone: ' ' }, 'componentPhone'],
    [{ code: '' }, 'code'],
    [{ code: CODE.slice(1) }, 'code'],
    [{ code: `${CODE.slice(0, 17)}9` }, 'code'],
    [{ code: CODE.toLowerCase() }, 'code'],
    [{ codeType: 2 }, 'code'],
    [{ codeType: 3, code: '8585858589999' }, 'code'],
    [{ codeType: 4 }, 'codeType'],
    [{ codeType: '1' }, 'codeType'],
    [{ codeType: undefined }, 'codeType'],
    [{ legalPersonaWechat: undefined }, 'legalPersonaWechat'],
    [{ legalPersonaName: '' }, 'legalPersonaName'],
    [{ legalPersonaIdcard: undefined }, 'legalPersonaIdcard'],
    [{ legalPersonaIdcard: 7 }, 'legalPersonaIdcard'],
  ]) {
    assert.throws(() => sent({ ...TRIAL, ...change }), { code: 'INVALID_ARGUMENT', field });
  }
});

test('replies to the form of 2026, as they may be', async () => {
  const call = operations.verifyBetaMiniprogram(COMPANY, { accessToken: 't' });
  const read = (fields) => ({ ...call.interpret({ status: 200, body: typeof fields === 'string' ? fields : JSON.stringify(fields) }) });
  assert.deepEqual(read({ errcode: 0, errmsg: 'ok' }), { fields: {} });
  assert.deepEqual(
    read({ errcode: 0, authorize_url: 'https://a', taskid: 't1', unique_id: 'u1', status: 1, other: { a: [1, 'x', null] } }),
    { authorizeUrl: 'https://a', taskId: 't1', uniqueId: 'u1', status: 1, fields: { other: { a: [1, 'x', null] } } },
  );
  // Numbers that JavaScript would round, and texts where numbers are expected.
  assert.deepEqual(read('{"taskid":6054768590064713728,"status":"4","unique_id":7,"big":9007199254740993}'), {
    taskId: '6054768590064713728',
    status: 4,
    uniqueId: '7',
    fields: { big: '9007199254740993' },
  });
  // What is neither is kept where it is.
  assert.deepEqual(read({ authorize_url: '', status: 'x', taskid: [1] }), { fields: { authorize_url: '', status: 'x', taskid: [1] } });
  const hostile = call.interpret({ status: 200, body: '{"__proto__":{"polluted":1},"a":{"__proto__":{"polluted":1}},"constructor":1}' });
  assert.equal({}.polluted, undefined);
  assert.equal(hostile.fields.polluted, undefined);
  assert.equal(Object.getPrototypeOf(hostile.fields.a), Object.prototype);
  assert.ok(!inspect(call.interpret({ status: 200, body: '{"authorize_url":"https://secret","x":"张三"}' })).match(/secret|张三/));
});

test('every refusal means what it means here', async (t) => {
  const { sandbox, platform } = await set(t);
  const { appId, authorizationCode } = sandbox.addTrial(TRIAL);
  await platform.authorize(authorizationCode);
  const client = platform.client(appId);
  for (const [errcode, action, words] of [
    [1005, 'fix_request', /phone/],
    [86022, 'fix_request', /belong together/],
    [89247, 'retry', /inner error/],
    [89248, 'fix_request', /codeType/],
    [89249, 'wait', /24 hours/],
    [89251, 'wait', /face check/],
    [89252, 'wait', /administrator/],
    [89253, 'fix_request', /parameter/],
    [89254, 'apply_for_permission', /permission/],
    [61007, 'apply_for_permission', /81/],
    [91021, 'stop', /trial/],
    [1001, 'stop', /limit/],
  ]) {
    const error = await failure(client.verifyBetaMiniprogram({ ...COMPANY, enterpriseName: `sandbox:${errcode}` }));
    assert.deepEqual([error.code, error.errcode, error.action], ['REJECTED', errcode, action]);
    assert.match(error.message, words);
  }
  // The sandbox's own reasons.
  const denied = sandbox.addTrial({ ...TRIAL, permissionSets: [1] });
  await platform.authorize(denied.authorizationCode);
  assert.equal((await failure(platform.client(denied.appId).verifyBetaMiniprogram(COMPANY))).errcode, 61007);
  sandbox.setOnly2026Form(true);
  assert.equal((await failure(client.verifyBetaMiniprogram(TRIAL))).errcode, 89253);
  const { authorizeUrl, taskId, uniqueId, status } = await client.verifyBetaMiniprogram(COMPANY);
  assert.deepEqual([typeof authorizeUrl, typeof taskId, typeof uniqueId, status], ['string', 'string', 'string', 1]);
});

test('tokens are got once, kept, and renewed when they are old or refused', async (t) => {
  const { sandbox, platform, platformOptions, opened, store, paths } = await set(t);
  const { appId, authorizationCode } = sandbox.addTrial(TRIAL);
  await platform.authorize(authorizationCode);
  const client = platform.client(appId);
  const from = paths().length;
  await Promise.all(Array.from({ length: 20 }, () => client.getCategory()));
  assert.deepEqual([...new Set(paths().slice(from))], ['get_category 0'], 'the token of the consent serves');

  // Two hours later both tokens are old: refused, replaced, and the calls are made once more.
  sandbox.clock.advance(7201);
  const later = paths().length;
  await Promise.all(Array.from({ length: 20 }, () => client.getCategory()));
  const count = (line) => paths().slice(later).filter((path) => path === line).length;
  assert.equal(count('api_authorizer_token 0'), 1);
  assert.equal(count('api_authorizer_token 42001'), 1);
  assert.equal(count('api_component_token 0'), 1);
  assert.equal(count('get_category 0'), 20);
  assert.equal(count('get_category 42001'), 20);

  // Another process on the same store goes on from there.
  const again = paths().length;
  await createPlatform(platformOptions).client(appId).getCategory();
  assert.deepEqual(paths().slice(again), ['get_category 0']);

  // Twelve hours later the ticket is over as well, until the next one comes.
  sandbox.clock.advance(12 * 3600 + 1);
  const expired = await failure(client.getCategory());
  assert.deepEqual([expired.code, expired.errcode, expired.action], ['REJECTED', 61006, 'wait']);
  await platform.acceptTicket(opened({ kind: 'ticket' }));
  await client.getCategory();

  await platform.forget(appId);
  assert.deepEqual([(await failure(client.getCategory())).code, (await failure(client.getCategory())).field], ['CONFIGURATION', 'appId']);
  assert.ok([...store.keys()].every((key) => key.startsWith(`wechat-realname:${platform.componentAppId}:`)));
});

test('what was kept is looked at, and a look that fails loses nothing', async (t) => {
  const { platformOptions, sandbox, opened } = await set(t);
  const kept = new Map();
  let look = (value) => value;
  const store = {
    get: async (key) => look(kept.get(key), key),
    // As a database does that knows JSON: sorted, and with other white space.
    set: async (key, value) => void kept.set(key, JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(value)).sort()), null, 1)),
    delete: async (key) => kept.delete(key),
  };
  const platform = createPlatform({ ...platformOptions, store });
  await platform.acceptTicket(opened({ kind: 'ticket' }));
  const { appId, authorizationCode } = sandbox.addTrial(TRIAL);
  const of = (key) => key.includes(':authorizer:');
  // The look after the write fails once: what was written counts as kept, and is never written again.
  let looks = 0;
  look = (value, key) => {
    if (of(key) && (looks += 1) === 2) throw new Error('cut');
    return value;
  };
  await platform.authorize(authorizationCode);
  const other = createPlatform({ ...platformOptions, store });
  sandbox.clock.advance(7200);
  await platform.acceptTicket(opened({ kind: 'ticket' }));
  await other.client(appId).getCategory();
  await platform.client(appId).getCategory();
  await other.client(appId).getCategory();

  // A copy that is a moment behind, once.
  const key = [...kept.keys()].find(of);
  const old = kept.get(key);
  sandbox.clock.advance(7200);
  await platform.acceptTicket(opened({ kind: 'ticket' }));
  let behind = 1;
  look = (value, name) => (of(name) && value !== old && behind-- > 0 ? old : value);
  // Each time as a process that has just started.
  const fresh = () => createPlatform({ ...platformOptions, store }).client(appId);
  await fresh().getCategory();
  assert.ok(behind < 1 && kept.get(key) !== old);

  // A store that only says that it has kept it.
  const now = kept.get(key);
  sandbox.clock.advance(7200);
  await platform.acceptTicket(opened({ kind: 'ticket' }));
  look = (value) => value;
  const { set: keep } = store;
  store.set = async (name, value) => (of(name) ? true : keep(name, value));
  const error = await failure(fresh().getCategory());
  assert.deepEqual([error.code, error.field, error.action], ['CONFIGURATION', 'store', 'retry']);
  assert.equal(kept.get(key), now);
  store.set = keep;
  await fresh().getCategory();
});

test('a new refresh token is kept before the new access token is used', async (t) => {
  const kept = new Map();
  const log = [];
  let broken = false;
  const store = {
    get: async (key) => kept.get(key),
    set: async (key, value) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (broken && key.includes('authorizer:')) throw new Error('the disk is full');
      log.push(key.split(':').slice(2).join(':'));
      kept.set(key, value);
    },
    delete: async (key) => kept.delete(key),
  };
  const { sandbox, platform, platformOptions, told } = await set(t, { store });
  const { appId, authorizationCode } = sandbox.addTrial(TRIAL);
  await platform.authorize(authorizationCode);
  const refreshToken = () => JSON.parse(kept.get(`wechat-realname:${platform.componentAppId}:authorizer:${appId}`)).refreshToken;
  const first = refreshToken();
  sandbox.clock.advance(7201);
  told.length = 0;
  platformOptions.onExchange = undefined;
  const watched = createPlatform({ ...platformOptions, onExchange: ({ operation, code }) => log.push(`${operation} ${code ?? 'done'}`) });
  log.length = 0;
  await watched.client(appId).getCategory();
  // The platform's own token can be had again, so nobody waits until it is kept.
  const waited = log.filter((what) => what !== 'component_access_token');
  assert.deepEqual(waited.slice(-3), ['getAuthorizerAccessToken done', `authorizer:${appId}`, 'getCategory done']);
  const second = refreshToken();
  assert.notEqual(second, first);

  // Where it cannot be kept, the access token is not used, and the old one still works.
  sandbox.clock.advance(7201);
  broken = true;
  const error = await failure(watched.client(appId).getCategory());
  assert.deepEqual([error.code, error.message], ['CONFIGURATION', 'store: it failed (Error)']);
  assert.equal(refreshToken(), second);
  broken = false;
  await watched.client(appId).getCategory();
  assert.notEqual(refreshToken(), second);
});

test('what is missing is said before any call', async (t) => {
  const { sandbox, platform, opened } = await set(t, { ticket: false });
  const { appId, authorizationCode } = sandbox.addTrial(TRIAL);
  const error = await failure(platform.authorize(authorizationCode));
  assert.deepEqual([error.code, error.field, sandbox.requests.length], ['CONFIGURATION', 'platform', 0]);
  assert.match(error.message, /component_verify_ticket/);
  assert.equal((await failure(platform.client(appId).getCategory())).field, 'appId');
  for (const event of [undefined, {}, opened({ kind: 'beta', appId })]) {
    assert.equal((await failure(platform.acceptTicket(event))).code, 'INVALID_ARGUMENT');
  }
  const other = createPlatform({ componentAppId: 'wx1', componentAppSecret: 's' });
  assert.match((await failure(other.acceptTicket(opened({ kind: 'ticket' })))).message, /another platform/);
  assert.throws(() => platform.client(''), { code: 'INVALID_ARGUMENT', field: 'appId' });
});

test('the handler keeps tickets, and a consent pushed is a consent', async (t) => {
  const { sandbox, platform, channel } = await set(t, { ticket: false });
  const authorized = [];
  const handler = createPushHandler({
    channel,
    platform,
    onEvent: async (event) => {
      if (event.infoType === 'authorized') authorized.push(await platform.authorize(event.authorizationCode));
      if (event.infoType === 'unauthorized') await platform.forget(event.appId);
    },
  });
  const push = async (order) => {
    const { query, body } = sandbox.makePush(order);
    return (await handler(new Request(`http://x/?${new URLSearchParams(query)}`, { method: 'POST', body }))).status;
  };
  const { appId } = sandbox.addTrial(TRIAL);
  assert.equal(await push({ kind: 'ticket' }), 200);
  assert.equal(await push({ kind: 'authorized', appId }), 200);
  assert.equal(authorized[0].appId, appId);
  await platform.client(appId).verifyBetaMiniprogram(COMPANY);
  assert.equal(await push({ kind: 'unauthorized', appId }), 200);
  assert.equal((await failure(platform.client(appId).getCategory())).code, 'CONFIGURATION');
});

test('the operations of a platform are there for other transports too', async () => {
  const params = { componentAppId: 'wx1', componentAppSecret: 's3cret', componentVerifyTicket: 'ticket@@@1' };
  const call = operations.getComponentAccessToken(params, {});
  assert.equal(call.request.url, 'https://api.weixin.qq.com/cgi-bin/component/api_component_token');
  assert.deepEqual(JSON.parse(call.request.body), {
    component_appid: 'wx1',
    component_appsecret: 's3cret',
    component_verify_ticket: 'ticket@@@1',
  });
  const reply = (body) => ({ status: 200, body: JSON.stringify(body) });
  const outcome = call.interpret(reply({ component_access_token: 'T', expires_in: 7200 }));
  assert.deepEqual({ ...outcome }, { componentAccessToken: 'T', expiresIn: 7200 });
  assert.ok(!inspect(outcome).includes("'T'"));
  const echoed = await failure((async () => call.interpret(reply({ errcode: 40125, errmsg: 'bad s3cret and ticket@@@1' })))());
  assert.ok(echoed instanceof RealNameError);
  assert.equal(echoed.errmsg, 'bad *** and ***');
  const query = operations.getAuthorizerRefreshToken({ componentAppId: 'wx1', authorizationCode: 'c' }, { accessToken: 'T' });
  assert.equal(query.request.url, 'https://api.weixin.qq.com/cgi-bin/component/api_query_auth?component_access_token=T');
  assert.match(inspect(query.request), /component_access_token=\*\*\*/);
  for (const body of [{}, { authorization_info: {} }, { authorization_info: { authorizer_appid: 1, authorizer_refresh_token: 'r' } }]) {
    assert.throws(() => query.interpret(reply(body)), { code: 'MALFORMED_RESPONSE' });
  }
  const bare = query.interpret(reply({ authorization_info: { authorizer_appid: 'a', authorizer_refresh_token: 'r', func_info: [{}, 1, { funcscope_category: { id: 81 } }] } }));
  assert.deepEqual({ ...bare }, { appId: 'a', expiresIn: 0, authorizerRefreshToken: 'r', permissionSets: [81] });
});

test('an error says which call failed', async (t) => {
  const { sandbox, platform, platformOptions } = await set(t);
  const { appId, authorizationCode } = sandbox.addTrial(TRIAL);
  await platform.authorize(authorizationCode);
  const refused = await failure(platform.client(appId).verifyBetaMiniprogram({ ...COMPANY, enterpriseName: 'sandbox:91021' }));
  assert.deepEqual([refused.operation, betaVerification(refused).state], ['verifyBetaMiniprogram', 'not_a_trial']);
  const lost = await failure(platform.client(appId).verifyBetaMiniprogram({ ...COMPANY, enterpriseName: 'sandbox:html-502' }));
  assert.deepEqual([lost.operation, betaVerification(lost).state], ['verifyBetaMiniprogram', 'unknown']);
  // The token is old, and cannot be renewed: the call itself was never sent.
  sandbox.clock.advance(7201);
  const down = createPlatform({ ...platformOptions, fetch: (url, init) => (url.includes('/component/') ? Promise.reject(new Error('down')) : fetch(url, init)) });
  const unsent = await failure(down.client(appId).verifyBetaMiniprogram(COMPANY));
  assert.deepEqual([unsent.code, unsent.operation, betaVerification(unsent).state], ['NETWORK', 'getAuthorizerAccessToken', 'not_sent']);
});

test('a consent is not lost with a store that fails', async (t) => {
  const kept = new Map();
  let broken = true;
  const store = {
    get: (key) => kept.get(key),
    // As Keyv says it.
    set: async (key, value) => !broken && !!kept.set(key, value),
    delete: (key) => kept.delete(key),
  };
  const { sandbox, platform, opened } = await set(t, { store, ticket: false });
  const refused = await failure(platform.acceptTicket(opened({ kind: 'ticket' })));
  assert.deepEqual([refused.code, refused.field, refused.action], ['CONFIGURATION', 'store', 'retry']);
  broken = false;
  await platform.acceptTicket(opened({ kind: 'ticket' }));
  const { appId, authorizationCode } = sandbox.addTrial(TRIAL);
  await platform.forget(appId);
  const consent = platform.authorize(authorizationCode);
  broken = true;
  assert.equal((await failure(consent)).field, 'store');
  broken = false;
  assert.equal((await platform.authorize(authorizationCode)).appId, appId);
  await platform.client(appId).getCategory();
});

test('a consent that waits for the store goes before a renewal, and never over one', async (t) => {
  const kept = new Map();
  const fails = [];
  const store = {
    get: (key) => kept.get(key),
    set: (key, value) => {
      const at = fails.findIndex((part) => key.includes(part));
      if (at >= 0) throw new Error(`no ${fails.splice(at, 1)}`);
      kept.set(key, value);
    },
    delete: (key) => kept.delete(key),
  };
  const { sandbox, platform } = await set(t, { store });
  const { appId, authorizationCode } = sandbox.addTrial(TRIAL);
  await platform.authorize(authorizationCode);
  for (const part of [':authorizer:', ':authorization:']) {
    const again = sandbox.addTrial({ ...TRIAL, appId });
    fails.push(part);
    assert.equal((await failure(platform.authorize(again.authorizationCode))).field, 'store');
    // The old token is over, so this renews; on the new consent.
    sandbox.clock.advance(7201);
    await platform.client(appId).getCategory();
    const renewed = kept.get(`wechat-realname:${platform.componentAppId}:authorizer:${appId}`);
    assert.equal((await platform.authorize(again.authorizationCode)).appId, appId);
    assert.equal(kept.get(`wechat-realname:${platform.componentAppId}:authorizer:${appId}`), renewed);
    sandbox.clock.advance(7201);
    await platform.client(appId).getCategory();
  }
  // And once it is taken back, it is not brought back.
  const last = sandbox.addTrial({ ...TRIAL, appId });
  fails.push(':authorizer:');
  await failure(platform.authorize(last.authorizationCode));
  await platform.forget(appId);
  await failure(platform.client(appId).getCategory());
  assert.equal(kept.has(`wechat-realname:${platform.componentAppId}:authorizer:${appId}`), false);
});

test('one consent that comes by two ways at once is taken once', async (t) => {
  const { sandbox, platform, platformOptions } = await set(t);
  const { appId, authorizationCode } = sandbox.addTrial(TRIAL);
  const other = createPlatform(platformOptions);
  const both = await Promise.all([platform.authorize(authorizationCode), other.authorize(authorizationCode)]);
  assert.deepEqual(both.map((one) => one.appId), [appId, appId]);
});

test('a change that comes too late never comes last', async (t) => {
  const kept = new Map();
  let delay = 0;
  const store = {
    get: (key) => kept.get(key),
    set: async (key, value) => {
      const ms = delay;
      delay = 0;
      await new Promise((resolve) => setTimeout(resolve, ms));
      kept.set(key, value);
    },
    delete: (key) => kept.delete(key),
  };
  const { sandbox, platform } = await set(t, { store });
  const { appId, authorizationCode } = sandbox.addTrial(TRIAL);
  await platform.authorize(authorizationCode);
  sandbox.clock.advance(7201);
  await platform.client(appId).getCategory();
  sandbox.clock.advance(7201);
  // The component's token is renewed and kept at once; the mini program's takes three seconds to be kept.
  const key = `wechat-realname:${platform.componentAppId}:authorizer:${appId}`;
  const { set: plain } = store;
  store.set = (name, value) => {
    if (name === key) delay = 3000;
    return plain(name, value);
  };
  assert.equal((await failure(platform.client(appId).getCategory())).cause.code, 'ETIMEDOUT');
  store.set = plain;
  const busy = await failure(platform.forget(appId));
  assert.deepEqual([busy.field, busy.action, busy.cause.code], ['store', 'retry', 'EBUSY']);
  await new Promise((resolve) => setTimeout(resolve, 1200));
  await platform.client(appId).getCategory();
  await platform.forget(appId);
  assert.equal(kept.has(key), false);
});

test('two processes that renew at once, and a consent that comes meanwhile', async (t) => {
  const { sandbox, platform, platformOptions, store } = await set(t);
  const { appId, authorizationCode } = sandbox.addTrial(TRIAL);
  await platform.authorize(authorizationCode);
  sandbox.clock.advance(7201);
  const key = `wechat-realname:${platform.componentAppId}:authorizer:${appId}`;
  // Both have read the same refresh token; the second comes when it is used up.
  const old = store.get(key);
  await platform.client(appId).getCategory();
  const renewed = store.get(key);
  let first = true;
  const late = { get: (name) => (name === key && first ? ((first = false), old) : store.get(name)), set: (...words) => store.set(...words), delete: (name) => store.delete(name) };
  await createPlatform({ ...platformOptions, store: late }).client(appId).getCategory();
  assert.equal(store.get(key), renewed);

  // While a renewal is on its way, the owner consents anew, or takes it back: that counts.
  sandbox.clock.advance(7201);
  let meanwhile;
  const slow = {
    get: (name) => store.get(name),
    delete: (name) => store.delete(name),
    set: (...words) => store.set(...words),
  };
  const watched = createPlatform({
    ...platformOptions,
    store: slow,
    onExchange: ({ operation, code }) => {
      if (operation === 'getAuthorizerAccessToken' && !code) meanwhile ??= watched.forget(appId);
    },
  });
  const error = await failure(watched.client(appId).getCategory());
  await meanwhile;
  assert.deepEqual([error.code, error.field, store.get(key)], ['CONFIGURATION', 'appId', undefined]);
});

test('tickets that come at once: the newest stays; and what cannot be read is replaced', async (t) => {
  const kept = new Map();
  const store = {
    get: async (key) => kept.get(key),
    set: async (key, value) => {
      await new Promise((resolve) => setTimeout(resolve, value.includes('@@@old') ? 50 : 5));
      kept.set(key, value);
    },
    delete: (key) => kept.delete(key),
  };
  const { sandbox, platform, opened } = await set(t, { store, ticket: false });
  const xml = (name, time) =>
    `<xml><InfoType>component_verify_ticket</InfoType><CreateTime>${time}</CreateTime><ComponentVerifyTicket>ticket@@@${name}</ComponentVerifyTicket></xml>`;
  const now = sandbox.clock.now();
  await Promise.all([platform.acceptTicket(opened({ xml: xml('old', now - 1) })), platform.acceptTicket(opened({ xml: xml('new', now) }))]);
  const [key] = kept.keys();
  assert.match(kept.get(key), /@@@new/);
  for (const unreadable of ['not json', JSON.parse(kept.get(key))]) {
    kept.set(key, unreadable);
    await platform.acceptTicket(opened({ xml: xml('next', now + 1) }));
    assert.match(kept.get(key), /@@@next/);
  }
});

test('a store that never answers costs one call, not all that follow', async (t) => {
  const kept = new Map();
  let hangs = false;
  const store = {
    get: (key) => (hangs ? new Promise(() => undefined) : kept.get(key)),
    set: (key, value) => kept.set(key, value),
    delete: (key) => kept.delete(key),
  };
  const { sandbox, platform } = await set(t, { store });
  const { appId, authorizationCode } = sandbox.addTrial(TRIAL);
  await platform.authorize(authorizationCode);
  hangs = true;
  const error = await failure(platform.client(appId).getCategory());
  assert.deepEqual([error.code, error.field, error.cause.code], ['CONFIGURATION', 'store', 'ETIMEDOUT']);
  hangs = false;
  await platform.client(appId).getCategory();
});
