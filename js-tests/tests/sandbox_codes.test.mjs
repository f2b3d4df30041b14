// Every code of WeChat's is provoked by a magic value, through the client as its users have it, and explained: what a local
// check refuses would be no magic. The catalogue says which there are; that none of WeChat's is missing in it, explain.test.mjs
// and tests/return_code.rs see.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import {
  betaVerification,
  createClient,
  createPlatform,
  explain,
  openMerchant,
  openPushChannel,
  operations,
  returnCodes,
} from 'wechat-realname';
import { startSandbox } from 'wechat-realname/sandbox';
import { NUMBER, failure, root } from './support.mjs';

const CATALOGUE = returnCodes();
const codesOf = (name) => CATALOGUE.find(({ of }) => of === name).codes;
const BETA = 'notify_third_fastverifybetaapp';
const VERIFICATION = { outSeqNo: 'order-0001', openid: 'o', certName: '张三', certNo: NUMBER };
const COMPANY = { enterpriseName: '某某公司', code: '91110105MA00000012', componentPhone: '13800000000' };

/** A sandbox, and a call of each interface with a magic value in the field that takes it. */
async function world(t) {
  const sandbox = await startSandbox();
  t.after(() => sandbox.close());
  const { baseUrl, appId, appSecret, accessToken } = sandbox;
  const { componentAppId, componentAppSecret, token, encodingAesKey } = sandbox.platform;
  const { medicalKeys } = sandbox;
  const client = createClient({ baseUrl, appId, accessToken, merchant: openMerchant(sandbox.merchant), medicalKeys, retries: 0 });
  const platform = createPlatform({ baseUrl, componentAppId, componentAppSecret, retries: 0 });
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
    getCategory: (magic) => createClient({ baseUrl, accessToken: magic, retries: 0 }).getCategory(),
    verifyBetaMiniprogram: (magic) => platform.client(trial.appId).verifyBetaMiniprogram({ ...COMPANY, enterpriseName: magic }),
    getStableAccessToken: (magic) => createClient({ baseUrl, appId, appSecret: magic, retries: 0 }).getCategory(),
    getComponentAccessToken: async (magic) => {
      const secretly = createPlatform({ baseUrl, componentAppId, componentAppSecret: magic, retries: 0 });
      await secretly.acceptTicket(opened(sandbox.makePush({ kind: 'ticket' })));
      return secretly.authorize('any');
    },
    getAuthorizerRefreshToken: (magic) => platform.authorize(magic),
    getAuthorizerAccessToken: (magic) => {
      const params = { componentAppId, authorizerAppId: trial.appId, authorizerRefreshToken: 'any' };
      return directly('getAuthorizerAccessToken', params, { ...onPlatform, accessToken: magic });
    },
    getVerifyId: (magic) => client.getVerifyId({ certName: magic, certNo: NUMBER, openid: 'o' }),
    queryVerifyInfo: (magic) => client.queryVerifyInfo({ ...VERIFICATION, verifyId: magic }),
    getMedicalRealName: (magic) => client.getMedicalRealName({ openid: 'o', wxmedAuthcode: magic }),
  };
  return { sandbox, client, platform, opened, calls, directly, trial };
}

/** The errcode that a call ends with. */
const errcodeOf = async (promise) => {
  const { code, errcode } = await failure(promise);
  assert.equal(code, 'REJECTED');
  return errcode;
};

/** What is the same in the error, its explanation and that of its number. */
const told = ({ action, retryAfterSeconds }) => [action, retryAfterSeconds === undefined ? 'any time' : 'later'];

test('every errcode of every interface is provoked and explained', async (t) => {
  const { sandbox, calls } = await world(t);
  const seen = [];
  for (const { of, codes } of CATALOGUE.filter(({ kind }) => kind === 'errcode')) {
    for (const code of codes) {
      const which = `${of} ${code}`;
      const error = await failure(calls[of](`sandbox:${code}`));
      assert.deepEqual([error.code, error.errcode, error.operation], ['REJECTED', code, of], which);
      const [explained, alone] = [explain(error), explain(of, code)];
      assert.deepEqual([explained.known, explained.of, explained.code], [true, of, code]);
      assert.ok(error.action, which);
      assert.deepEqual([told(explained), told(alone)], [told(error), told(error)], which);
      assert.deepEqual([explained.meaning, explained.remedy, explained.who], [alone.meaning, alone.remedy, alone.who]);
      assert.ok(error.message.includes(alone.meaning.en), which);
      seen.push(which);
    }
    assert.equal(sandbox.requests.at(-1).interface, of);
  }
  assert.deepEqual(Object.keys(calls), [...new Set(seen.map((which) => which.split(' ')[0]))]);
  assert.ok(seen.length > 8 * 15);
});

test('every interface takes them in the access token', async (t) => {
  const { sandbox } = await world(t);
  const { baseUrl, appId, medicalKeys } = sandbox;
  const merchant = openMerchant(sandbox.merchant);
  const client = createClient({ baseUrl, appId, accessToken: 'sandbox:45011', merchant, medicalKeys, retries: 0 });
  for (const [name, params] of Object.entries({
    checkRealNameInfo: { openid: 'o', realName: '张三', credId: NUMBER, code: 'c' },
    getRealNameInfo: { authToken: 'a' },
    verifyBetaMiniprogram: COMPANY,
    getVerifyId: { certName: '张三', certNo: NUMBER, openid: 'o' },
    queryVerifyInfo: { ...VERIFICATION, verifyId: 'v' },
    getMedicalRealName: { openid: 'o', wxmedAuthcode: 'c' },
  })) {
    assert.equal(await errcodeOf(client[name](params)), 45011, name);
  }
});

test('every broken reply of the interfaces below /cityservice', async (t) => {
  const { calls } = await world(t);
  for (const word of ['empty', 'not-json', 'no-fields', 'wrong-types', 'html-502']) {
    for (const call of [calls.getVerifyId, calls.queryVerifyInfo, calls.getMedicalRealName]) {
      const { code } = await failure(call(`sandbox:${word}`));
      assert.equal(code, word === 'html-502' ? 'HTTP_STATUS' : 'MALFORMED_RESPONSE', word);
    }
  }
});

test('every verify_ret, at once and of a verification that has ended so', async (t) => {
  const { client, calls } = await world(t);
  const { openid, certNo } = VERIFICATION;
  for (const number of codesOf('verify_ret')) {
    const certName = `sandbox:verify_ret=${number}`;
    const { verifyId, outSeqNo, certHash } = await client.getVerifyId({ certName, certNo, openid });
    for (const outcome of [
      await calls.queryVerifyInfo(certName),
      await client.queryVerifyInfo({ verifyId, outSeqNo, openid, certHash }),
    ]) {
      const { verifyRet, verdict, passed, advice } = outcome;
      assert.deepEqual([verifyRet, passed, verdict === 'unknown'], [number, number === 10000, false]);
      assert.deepEqual(advice, explain('verify_ret', number).remedy);
    }
  }
});

test('every status of a push, and of a reply', async (t) => {
  const { sandbox, opened, calls, trial } = await world(t);
  for (const status of codesOf(BETA)) {
    const before = sandbox.pushes.length;
    await calls.verifyBetaMiniprogram(`sandbox:push-${status}`);
    await sandbox.settle();
    assert.deepEqual(
      sandbox.pushes.slice(before).map((push) => [push.infoType, push.status]),
      [[BETA, status]],
    );
    const event = opened(sandbox.makePush({ kind: 'beta', appId: trial.appId, status }));
    assert.deepEqual([event.infoType, event.status, explain(BETA, event.status).known], [BETA, status, true]);
    assert.notEqual(betaVerification(event).state, 'unknown', `${status}`);
    assert.equal((await calls.verifyBetaMiniprogram(`sandbox:status-${status}`)).status, status);
  }
  // Nothing of the catalogue is of a kind that no test here knows.
  assert.deepEqual(
    CATALOGUE.filter(({ kind }) => kind !== 'errcode').map(({ of }) => of),
    [BETA, 'verify_ret'],
  );
});

test('tickets, codes and refresh tokens are magic where the client hands them on', async (t) => {
  const { sandbox, opened, directly, trial } = await world(t);
  const { baseUrl } = sandbox;
  const { componentAppId, componentAppSecret } = sandbox.platform;
  const platform = createPlatform({ baseUrl, componentAppId, componentAppSecret, retries: 0 });
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

const guides = ['en', 'zh'].map((language) => fs.readFileSync(path.join(root, `docs/${language}/testing.md`), 'utf8'));

/** The first cells of a guide's table that begins so, and the whole rows. */
function table(guide, heading) {
  const lines = guide.slice(guide.indexOf(heading)).split('\n');
  const rows = lines.slice(2, lines.indexOf(''));
  assert.ok(rows.length > 4, heading);
  return rows.map((row) => ({ row, words: [...row.split('|')[1].matchAll(/`([^`]+)`/g)].map(([, word]) => word) }));
}

const values = (guide) => table(guide, guide.includes('| value | answer |') ? '| value | answer |' : '| 值 | 应答 |');

test('the guides’ table of magic values is complete, and each value does what it says', async (t) => {
  const { sandbox, client, calls } = await world(t);
  const { baseUrl, appId, appSecret } = sandbox;
  const quickly = (code) => {
    const client = createClient({ baseUrl, appId, appSecret, timeoutMs: 300, retries: 0 });
    return failure(client.checkRealNameInfo({ openid: 'o', realName: '张三', credId: NUMBER, code }));
  };
  const fails = (code, httpStatus) => async (value) => {
    const error = await quickly(value);
    assert.deepEqual([error.code, error.status], [code, httpStatus], value);
    assert.match(sandbox.requests.at(-1).why, /a magic value asked for it: /);
  };
  const refused = async (value) => assert.equal((await quickly(value)).errcode, Number(value.split(':')[1]));
  const pushed = async (value) => {
    await calls.verifyBetaMiniprogram(value);
    await sandbox.settle();
    assert.equal(sandbox.pushes.at(-1).status, Number(/\d+$/.exec(value)[0]));
  };
  const broken = (code, ...names) => async (value) => {
    for (const name of names) assert.equal((await failure(calls[name](value))).code, code, name);
  };
  const does = {
    'sandbox:94004': refused,
    'sandbox:-1': refused,
    'sandbox:timeout': fails('TIMEOUT'),
    'sandbox:reset': fails('NETWORK'),
    'sandbox:html-502': fails('HTTP_STATUS', 502),
    'sandbox:empty': fails('MALFORMED_RESPONSE'),
    'sandbox:not-json': fails('MALFORMED_RESPONSE'),
    'sandbox:no-fields': fails('MALFORMED_RESPONSE'),
    'sandbox:wrong-types': fails('MALFORMED_RESPONSE'),
    'sandbox:V_OP_NM_MA/V_NM_ID_UM': async (value) => {
      const { verifyOpenid, verifyRealName } = await calls.checkRealNameInfo(value);
      assert.equal(`sandbox:${verifyOpenid}/${verifyRealName}`, value);
    },
    'sandbox:junk': broken('DECRYPTION_FAILED', 'getRealNameInfo', 'getMedicalRealName'),
    'sandbox:short': broken('MALFORMED_RESPONSE', 'getRealNameInfo', 'getMedicalRealName'),
    'sandbox:key_version=7': async (value) => {
      const { code, field, message } = await failure(calls.getMedicalRealName(value));
      assert.deepEqual([code, field, /\b7\b/.test(message)], ['CONFIGURATION', 'medicalKeys', true]);
    },
    'sandbox:algorithm': broken('MALFORMED_RESPONSE', 'getMedicalRealName'),
    'sandbox:verify_ret=90002': async (value) => {
      const { verifyId, outSeqNo, certHash } = await calls.getVerifyId(value);
      assert.equal((await client.queryVerifyInfo({ verifyId, outSeqNo, certHash, openid: 'o' })).verdict, 'cancelled');
    },
    'sandbox:verify_ret=10300': async (value) => assert.equal((await calls.queryVerifyInfo(value)).verdict, 'pending'),
    'sandbox:push-89251': pushed,
    'sandbox:100001': pushed,
    'sandbox:0': pushed,
    'sandbox:status-3': async (value) => assert.equal((await calls.verifyBetaMiniprogram(value)).status, 3),
  };
  for (const guide of guides) {
    const words = values(guide).flatMap((row) => row.words);
    assert.deepEqual(words.filter((word) => word.startsWith('sandbox:')), Object.keys(does));
  }
  for (const [value, check] of Object.entries(does)) await check(value);
  // The words that every interface knows, as the source has them.
  const source = fs.readFileSync(path.join(root, 'src/sandbox/magic.rs'), 'utf8');
  const [, words] = /const WORDS: \[&str; \d+\] = \[([^\]]+)\];/.exec(source);
  for (const [, word] of words.matchAll(/"([^"]+)"/g)) assert.ok(`sandbox:${word}` in does, word);
  assert.deepEqual(
    sandbox.requests.filter(({ why }) => /: (?:timeout|reset)$/.test(why)).map(({ status }) => status),
    [0, 0],
  );

  const { errcode } = await quickly('sandbox:tiemout');
  assert.equal(errcode, 47001);
  assert.match(sandbox.requests.at(-1).why, /no magic value/);
});

test('numbers that are a status alone are those that the guides list', async (t) => {
  const { sandbox, calls } = await world(t);
  const listed = guides.map((guide) => {
    const { row } = values(guide).find(({ words }) => words.includes('sandbox:100001'));
    const ranges = [...row.matchAll(/(?<![:\d])(\d+)(?:–(\d+))?(?=[,、。. ])/g)];
    return ranges.flatMap(([, from, to = from]) => Array.from({ length: to - from + 1 }, (_, at) => Number(from) + at));
  });
  assert.deepEqual(listed[0], listed[1]);
  assert.ok(listed[0].length > 25);
  const refusals = codesOf('verifyBetaMiniprogram');
  assert.deepEqual(listed[0], codesOf(BETA).filter((status) => !refusals.includes(status)));
  for (const status of listed[0]) {
    await calls.verifyBetaMiniprogram(`sandbox:${status}`);
    await sandbox.settle();
    assert.equal(sandbox.pushes.at(-1).status, status);
  }
});

test('the guides’ table of fields names those that take them, and no others', async (t) => {
  const { sandbox, calls } = await world(t);
  const takes = {
    accessToken: [calls.getCategory],
    code: [calls.checkRealNameInfo],
    authToken: [calls.getRealNameInfo],
    certName: [calls.getVerifyId],
    verifyId: [calls.queryVerifyInfo],
    wxmedAuthcode: [calls.getMedicalRealName],
    enterpriseName: [calls.verifyBetaMiniprogram],
    appSecret: [
      calls.getStableAccessToken,
      async (magic) => {
        const query = new URLSearchParams({ grant_type: 'client_credential', appid: sandbox.appId, secret: magic });
        throw { code: 'REJECTED', ...(await (await fetch(`${sandbox.baseUrl}/cgi-bin/token?${query}`)).json()) };
      },
    ],
    componentAppSecret: [calls.getComponentAccessToken],
  };
  for (const guide of guides) {
    const fields = table(guide, guide.includes('| field | interfaces |') ? '| field | interfaces |' : '| 字段 | 接口 |');
    assert.deepEqual(
      fields.flatMap(({ words }) => words),
      Object.keys(takes),
    );
  }
  for (const call of Object.values(takes).flat()) assert.equal(await errcodeOf(call('sandbox:45011')), 45011);
});
