// Every code of WeChat's is provoked by a magic value, through the client as its users have it: what a local check refuses
// would be no magic.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { createClient, createPlatform, openMerchant, openPushChannel, operations } from 'wechat-realname';
import { startSandbox } from 'wechat-realname/sandbox';
import { NUMBER, failure, root } from './support.mjs';

/** Written down apart from the catalogue's list, so that neither can lose a number. */
const OWN = {
  general: [-1, 40001, 40014, 41001, 42001, 43002, 44002, 45009, 45011, 47001, 48001, 50001, 50002, 61004, 61023],
  checkRealNameInfo: [1005, 80111, 80112, 80113],
  getRealNameInfo: [94001, 94002, 94003, 94004, 94005, 94006, 94007, 94008, 94009, 94010],
  getCategory: [-1],
  verifyBetaMiniprogram: [
    ...[89249, 1005, 89248, 89251, 89252, 89247, 89250, 89253, 89254, 89255, 86004, 86019, 61069, 61070, 91021],
    ...[1001, 1002, 1003, 1004, 1006, 1007, 61007],
  ],
  getStableAccessToken: [40002, 40013, 40125, 40164, 41002, 41004, 43002, 45009, 45011, 89503],
  getComponentAccessToken: [61004, 61005, 61006],
  getAuthorizerRefreshToken: [61010, 61023],
  getAuthorizerAccessToken: [61023],
  notify_third_fastverifybetaapp: [
    ...[0, 89251, 89252, 100001, 100002, 100003, 100004, 101, 102, 103, 104, 105, 1000],
    ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008],
    ...[20001, 20002, 20003, 86021, 86022, 86030, 86031, 86032, 86033, 86034, 86036, 86040, 89295, 91030],
  ],
  getVerifyId: [40003, 84010, 84011, 84012, 84013, 84014, 84015, 84016, 84019],
  queryVerifyInfo: [84010, 84011, 84016, 84017, 84018, 84020, 84021, 84022],
  verify_ret: [
    ...[10000, 10300, 10005, 90001, 90002, 90003, 90004, 90005, 90006, 90007, 90008, 90009, 90010, 90011, 90012, 90013],
    ...[90014, 90017, 90018, 90104, 90105, 90106, 90107, 90109, 90110, 90199, 10001, 10002, 10003, 10004, 10006, 10007],
    ...[10008, 10010, 10012, 10013, 10014, 10015, 10016, 10017, 10018, 10020, 10021, 10026, 10029, 10040, 10041, 10042],
    ...[10045, 10052],
  ],
  getMedRealName: [11200],
};

const listed = path.join(root, 'tests/vectors/codes.json');
const { comment: _, ...lists } = fs.existsSync(listed) ? JSON.parse(fs.readFileSync(listed, 'utf8')) : {};
const codesOf = (name) => [...new Set([...(OWN[name] ?? []), ...(lists[name] ?? [])])];
const GENERAL = codesOf('general');
const STATUSES = ['general', 'notify_third_fastverifybetaapp', 'verify_ret'];
const PATHS = {
  getVerifyId: '/cityservice/face/identify/getverifyid',
  queryVerifyInfo: '/cityservice/face/identify/queryverifyinfo',
  getMedRealName: '/cityservice/getmedrealname',
};
const COMPANY = { enterpriseName: '某某公司', code: '91110105MA00000012', componentPhone: '13800000000' };

/** A sandbox, and a call of each interface with a magic value in the field that takes it. */
async function world(t) {
  const sandbox = await startSandbox();
  t.after(() => sandbox.close());
  const { baseUrl, appId, appSecret, accessToken } = sandbox;
  const { componentAppId, componentAppSecret, token, encodingAesKey } = sandbox.platform;
  const client = createClient({ baseUrl, accessToken, merchant: openMerchant(sandbox.merchant) });
  const platform = createPlatform({ baseUrl, componentAppId, componentAppSecret });
  const channel = openPushChannel({ token, encodingAesKey, appId: componentAppId });
  const opened = ({ query, body }) => {
    const { msg_signature: msgSignature, timestamp, nonce } = query;
    return channel.open({ msgSignature, timestamp, nonce, body });
  };
  await platform.acceptTicket(opened(sandbox.makePush({ kind: 'ticket' })));
  const trial = sandbox.addTrial(COMPANY);
  await platform.authorize(trial.authorizationCode);
  /** For interfaces that the client calls on its own, by the same checks and readers as it does. */
  const directly = async (name, params, context = {}) => {
    const call = operations[name](params, { baseUrl, ...context });
    const { method, url, body } = call.request;
    const reply = await fetch(url, { method, body });
    return call.interpret({ status: reply.status, body: await reply.text() });
  };
  const onPlatform = { accessToken: 'sandbox:-1' };
  const calls = {
    checkRealNameInfo: (magic) => client.checkRealNameInfo({ openid: 'o', realName: '张三', credId: NUMBER, code: magic }),
    getRealNameInfo: (magic) => client.getRealNameInfo({ authToken: magic }),
    getCategory: (magic) => createClient({ baseUrl, accessToken: magic }).getCategory(),
    verifyBetaMiniprogram: (magic) => platform.client(trial.appId).verifyBetaMiniprogram({ ...COMPANY, enterpriseName: magic }),
    getStableAccessToken: (magic) => createClient({ baseUrl, appId, appSecret: magic }).getCategory(),
    getComponentAccessToken: async (magic) => {
      const secretly = createPlatform({ baseUrl, componentAppId, componentAppSecret: magic });
      await secretly.acceptTicket(opened(sandbox.makePush({ kind: 'ticket' })));
      return secretly.authorize('any');
    },
    getAuthorizerRefreshToken: (magic) => platform.authorize(magic),
    getAuthorizerAccessToken: (magic) => {
      const params = { componentAppId, authorizerAppId: trial.appId, authorizerRefreshToken: 'any' };
      return directly('getAuthorizerAccessToken', params, { ...onPlatform, accessToken: magic });
    },
  };
  return { sandbox, client, platform, opened, calls, directly, trial };
}

/** The errcode that a call ends with. */
const errcodeOf = async (promise) => {
  const { code, errcode } = await failure(promise);
  assert.equal(code, 'REJECTED');
  return errcode;
};

test('every errcode of every interface that the client calls', async (t) => {
  const { sandbox, calls } = await world(t);
  let provoked = 0;
  for (const [name, call] of Object.entries(calls)) {
    for (const errcode of new Set([...codesOf(name), ...GENERAL])) {
      assert.equal(await errcodeOf(call(`sandbox:${errcode}`)), errcode, name);
      provoked += 1;
    }
    assert.equal(sandbox.requests.at(-1).interface, name);
  }
  assert.ok(provoked > 8 * 15);
});

test('every interface takes them in the access token, those of a later issue, too', async (t) => {
  const { sandbox, calls } = await world(t);
  const { baseUrl } = sandbox;
  for (const name of ['checkRealNameInfo', 'getRealNameInfo', 'verifyBetaMiniprogram']) {
    const client = createClient({ baseUrl, accessToken: 'sandbox:45011', merchant: openMerchant(sandbox.merchant) });
    const params = { openid: 'o', realName: '张三', credId: NUMBER, code: 'c', authToken: 'a' };
    assert.equal(await errcodeOf(client[name](name === 'verifyBetaMiniprogram' ? COMPANY : params)), 45011);
  }
  const post = async (target) => (await fetch(`${baseUrl}${target}`, { method: 'POST', body: '{}' })).json();
  for (const [name, target] of Object.entries(PATHS)) {
    for (const errcode of new Set([...codesOf(name), ...GENERAL])) {
      const token = encodeURIComponent(`sandbox:${errcode}`);
      assert.equal((await post(`${target}?access_token=${token}`)).errcode, errcode);
    }
    const { errcode } = await post(`${target}?access_token=${sandbox.accessToken}`);
    assert.equal(errcode, 48001);
    assert.match(sandbox.requests.at(-1).why, /does not play this interface yet/);
  }
  for (const number of codesOf('verify_ret')) {
    const token = encodeURIComponent(`sandbox:verify_ret=${number}`);
    const { errcode, verify_ret: result } = await post(`${PATHS.queryVerifyInfo}?access_token=${token}`);
    assert.deepEqual([errcode, result], [0, number]);
  }
  // Nothing of a list is left out for want of an interface that is named here.
  for (const name of Object.keys(lists)) assert.ok(name in calls || name in PATHS || STATUSES.includes(name), name);
});

test('every status of a push, and of a reply', async (t) => {
  const { sandbox, opened, calls, trial } = await world(t);
  for (const status of codesOf('notify_third_fastverifybetaapp')) {
    const before = sandbox.pushes.length;
    await calls.verifyBetaMiniprogram(`sandbox:push-${status}`);
    await sandbox.settle();
    assert.deepEqual(
      sandbox.pushes.slice(before).map((push) => [push.infoType, push.status]),
      [['notify_third_fastverifybetaapp', status]],
    );
    const event = opened(sandbox.makePush({ kind: 'beta', appId: trial.appId, status }));
    assert.equal(event.status, status);
    assert.equal((await calls.verifyBetaMiniprogram(`sandbox:status-${status}`)).status, status);
  }
  // A number that is a status alone needs no word before it.
  const { authorizeUrl } = await calls.verifyBetaMiniprogram('sandbox:100001');
  await sandbox.settle();
  assert.match(authorizeUrl, /^https:/);
  assert.equal(sandbox.pushes.at(-1).status, 100001);
});

test('tickets, codes and refresh tokens are magic where the client hands them on', async (t) => {
  const { sandbox, opened, directly, trial } = await world(t);
  const { baseUrl } = sandbox;
  const { componentAppId, componentAppSecret } = sandbox.platform;
  const platform = createPlatform({ baseUrl, componentAppId, componentAppSecret });
  const event = opened(sandbox.makePush({ kind: 'ticket' }));
  await platform.acceptTicket({ ...event, componentVerifyTicket: 'sandbox:61006' });
  assert.equal(await errcodeOf(platform.authorize('any')), 61006);

  const ticket = { componentAppId, componentAppSecret, componentVerifyTicket: event.componentVerifyTicket };
  const { componentAccessToken } = await directly('getComponentAccessToken', ticket);
  const context = { accessToken: componentAccessToken };
  const params = { componentAppId, authorizerAppId: trial.appId, authorizerRefreshToken: 'sandbox:61023' };
  assert.equal(await errcodeOf(directly('getAuthorizerAccessToken', params, context)), 61023);
  const code = { componentAppId, authorizationCode: 'sandbox:61010' };
  assert.equal(await errcodeOf(directly('getAuthorizerRefreshToken', code, context)), 61010);
});

test('broken answers, and what is no magic value', async (t) => {
  const { sandbox, calls } = await world(t);
  const { baseUrl, appId, appSecret } = sandbox;
  const quickly = (code) => {
    const client = createClient({ baseUrl, appId, appSecret, timeoutMs: 300 });
    return failure(client.checkRealNameInfo({ openid: 'o', realName: '张三', credId: NUMBER, code }));
  };
  for (const [word, code] of Object.entries({
    timeout: 'TIMEOUT',
    reset: 'NETWORK',
    'html-502': 'HTTP_STATUS',
    empty: 'MALFORMED_RESPONSE',
    'not-json': 'MALFORMED_RESPONSE',
    'no-fields': 'MALFORMED_RESPONSE',
    'wrong-types': 'MALFORMED_RESPONSE',
  })) {
    assert.equal((await quickly(`sandbox:${word}`)).code, code, word);
  }
  assert.deepEqual(
    sandbox.requests.filter(({ why }) => /timeout|reset/.test(why)).map(({ status }) => status),
    [0, 0],
  );
  assert.equal((await quickly('sandbox:tiemout')).errcode, 47001);
  assert.match(sandbox.requests.at(-1).why, /no magic value/);
  assert.equal((await failure(calls.getRealNameInfo('sandbox:junk'))).code, 'DECRYPTION_FAILED');
  assert.equal((await failure(calls.getRealNameInfo('sandbox:short'))).code, 'MALFORMED_RESPONSE');
  const { verdict } = await calls.checkRealNameInfo('sandbox:V_OP_NM_UM');
  assert.equal(verdict, 'name_mismatch');
});
