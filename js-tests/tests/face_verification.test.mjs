// A face verification from beginning to end: getVerifyId, the user's phone, queryVerifyInfo.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';

import { createClient, explain, operations, returnCodes } from 'wechat-realname';
import { NUMBER, failure, onPlatform, sandboxed } from './support.mjs';

/** WeChat's own example; its number fails its check character. */
const EXAMPLE = { certName: '张三', certNo: '310101199801011234' };
const EXAMPLE_HASH = '3c241f7ff324977aeb91f173bb2a7b06569e6fd784d5573db34a636d8671108b';
const OPENID = 'oLVPpjqs9BhvzwPj5A-vTYAX3GLc';

/** A client whose WeChat answers what it is told, and what it was sent. */
function answered(...bodies) {
  const sent = [];
  const fetch = async (url, { body }) => {
    sent.push({ url, body: JSON.parse(body) });
    const [answer] = bodies.length > 1 ? bodies.splice(0, 1) : bodies;
    return new Response(JSON.stringify(answer));
  };
  return { sent, client: createClient({ accessToken: 'token', fetch }) };
}

test('WeChat’s example of a cert_hash, in the reply and in the question', async () => {
  const { sent, client } = answered({ errcode: 0, verify_id: 'v', expires_in: 3600 }, { errcode: 0, verify_ret: 10300 });
  const begun = await client.getVerifyId({ ...EXAMPLE, outSeqNo: 'order_1-A', openid: OPENID });
  assert.deepEqual(begun, { verifyId: 'v', outSeqNo: 'order_1-A', certHash: EXAMPLE_HASH, expiresIn: 3600 });
  assert.deepEqual(sent[0].body, {
    out_seq_no: 'order_1-A',
    cert_info: { cert_type: 'IDENTITY_CARD', cert_name: EXAMPLE.certName, cert_no: EXAMPLE.certNo },
    openid: OPENID,
  });
  const { verifyId, outSeqNo, certHash } = begun;
  await client.queryVerifyInfo({ verifyId, outSeqNo, certHash, openid: OPENID });
  await client.queryVerifyInfo({ verifyId, outSeqNo, ...EXAMPLE, openid: OPENID });
  assert.deepEqual(sent[1].body, { verify_id: 'v', out_seq_no: 'order_1-A', cert_hash: EXAMPLE_HASH, openid: OPENID });
  assert.deepEqual(sent[2].body, sent[1].body);
});

test('cert_hash is what node:crypto makes of any name', () => {
  const base64 = (text) => Buffer.from(text, 'utf8').toString('base64');
  for (const certName of ['䶮', '阿依古丽·买买提', '欧阳娜娜', '𬭎', 'a&cert_no=MQ==', '=']) {
    for (const certNo of [NUMBER, NUMBER.toLowerCase(), '1']) {
      const hashed = `cert_type=${base64('IDENTITY_CARD')}&cert_name=${base64(certName)}&cert_no=${base64(certNo)}`;
      const params = { verifyId: 'v', outSeqNo: '12345', openid: OPENID, certName, certNo };
      const { request } = operations.queryVerifyInfo(params, { accessToken: 't' });
      assert.equal(JSON.parse(request.body).cert_hash, createHash('sha256').update(hashed).digest('hex'));
    }
  }
});

test('a serial number is made up of the host’s randomness, anew for every call, and known to interpret', async () => {
  const { sent, client } = answered({ errcode: 0, verify_id: 'v', expires_in: 3600 });
  const params = Object.freeze({ ...EXAMPLE, openid: OPENID });
  const made = [];
  for (let call = 0; call < 50; call++) made.push((await client.getVerifyId(params)).outSeqNo);
  assert.deepEqual(sent.map(({ body }) => body.out_seq_no), made);
  assert.equal(new Set(made).size, 50);
  for (const one of made) assert.match(one, /^[0-9a-f]{32}$/);
  assert.ok(!('outSeqNo' in params));
  // Absent is absent, however it is written.
  const explicit = await client.getVerifyId({ ...params, outSeqNo: undefined });
  assert.match(explicit.outSeqNo, /^[0-9a-f]{32}$/);

  const asked = [];
  const entropy = (length) => {
    asked.push(length);
    return new Uint8Array(length).fill(asked.length);
  };
  const call = operations.getVerifyId(params, { accessToken: 't', entropy });
  assert.deepEqual(asked, [16]);
  const { out_seq_no: outSeqNo } = JSON.parse(call.request.body);
  assert.equal(outSeqNo, '01'.repeat(16));
  const reply = { status: 200, body: '{"errcode":0,"verify_id":"v"}' };
  // As often as it is interpreted, it is the one that was sent.
  for (const outcome of [call.interpret(reply), call.interpret(reply)]) assert.equal(outcome.outSeqNo, outSeqNo);
  for (const broken of [() => undefined, () => new Uint8Array(15), () => 'random', null]) {
    assert.throws(() => operations.getVerifyId(params, { accessToken: 't', entropy: broken }), { code: 'NO_ENTROPY' });
  }
  operations.getVerifyId({ ...params, outSeqNo: 'given' }, { accessToken: 't', entropy: () => undefined });
});

test('a token that WeChat refuses is replaced, and the call is made with a serial number of its own', async () => {
  const sent = [];
  const fetch = async (url, { body }) => {
    sent.push(JSON.parse(body).out_seq_no);
    return new Response(JSON.stringify(url.includes('old') ? { errcode: 40001 } : { errcode: 0, verify_id: 'v' }));
  };
  const client = createClient({ accessToken: ({ refused }) => (refused ? 'new' : 'old'), fetch });
  const { outSeqNo } = await client.getVerifyId({ ...EXAMPLE, openid: OPENID });
  assert.equal(sent.length, 2);
  assert.equal(sent[1], outSeqNo);
});

test('getVerifyId is never made again by itself, queryVerifyInfo is', async () => {
  const times = async (call) => {
    let calls = 0;
    const fetch = async () => {
      calls += 1;
      return new Response('', { status: 503 });
    };
    const client = createClient({ accessToken: 't', fetch, retries: 1 });
    assert.equal((await failure(call(client))).code, 'HTTP_STATUS');
    return calls;
  };
  assert.equal(await times((client) => client.getVerifyId({ ...EXAMPLE, openid: OPENID })), 1);
  const question = { verifyId: 'v', outSeqNo: '12345', certHash: EXAMPLE_HASH, openid: OPENID };
  assert.equal(await times((client) => client.queryVerifyInfo(question)), 2);
});

test('what can never be right is named before anything is sent', async () => {
  const { sent, client } = answered({});
  const begin = { ...EXAMPLE, openid: OPENID };
  const ask = { verifyId: 'v', outSeqNo: '12345', certHash: EXAMPLE_HASH, openid: OPENID };
  for (const [field, params] of [
    ['certName', { ...begin, certName: '' }],
    ['certName', { ...begin, certName: 7 }],
    ['certNo', { ...begin, certNo: undefined }],
    ['certNo', { ...begin, certNo: ' 1' }],
    ['openid', { ...begin, openid: null }],
    ['outSeqNo', { ...begin, outSeqNo: '' }],
    ['outSeqNo', { ...begin, outSeqNo: 12345 }],
    ['outSeqNo', { ...begin, outSeqNo: 'a.b.c' }],
    ['outSeqNo', { ...begin, outSeqNo: '1'.repeat(33) }],
    ['params', undefined],
  ]) {
    const error = await failure(client.getVerifyId(params));
    assert.deepEqual([error.code, error.field], ['INVALID_ARGUMENT', field]);
  }
  const { certHash, ...unhashed } = ask;
  for (const [field, params] of [
    ['verifyId', { ...ask, verifyId: '' }],
    ['outSeqNo', { ...ask, outSeqNo: undefined }],
    ['openid', { ...ask, openid: '' }],
    ['certHash', unhashed],
    ['certHash', { ...ask, certHash: certHash.toUpperCase() }],
    ['certHash', { ...ask, certHash: Buffer.from(certHash, 'hex') }],
    ['certHash', { ...ask, ...EXAMPLE }],
    ['certNo', { ...unhashed, certName: '张三' }],
    ['certName', { ...unhashed, certNo: NUMBER }],
    ['certName', { ...unhashed, certName: { text: '张三' }, certNo: NUMBER }],
  ]) {
    const error = await failure(client.queryVerifyInfo(params));
    assert.deepEqual([error.code, error.field], ['INVALID_ARGUMENT', field]);
  }
  assert.deepEqual(sent, []);
});

test('every verify_ret of the catalogue has its verdict and the catalogue’s advice; nothing but 10000 passes', async () => {
  const codes = returnCodes().find(({ of }) => of === 'verify_ret').codes;
  const question = { verifyId: 'v', outSeqNo: '12345', certHash: EXAMPLE_HASH, openid: OPENID };
  const verdictOf = async (verifyRet) => {
    const outcome = await answered({ errcode: 0, verify_ret: verifyRet }).client.queryVerifyInfo(question);
    assert.deepEqual([outcome.verifyRet, outcome.passed], [verifyRet, verifyRet === 10000]);
    assert.deepEqual(Object.keys(outcome).sort(), ['advice', 'passed', 'verdict', 'verifyRet']);
    return outcome;
  };
  const seen = {};
  for (const code of codes) {
    const { verdict, advice } = await verdictOf(code);
    assert.deepEqual(advice, explain('verify_ret', code).remedy);
    (seen[verdict] ??= []).push(code);
  }
  assert.deepEqual(seen, {
    passed: [10000],
    developer_error: [10001, 10006, 10017, 10040, 10041],
    not_this_person: [10002, 10003, 10004, 10012],
    pending: [10005, 10300],
    system_error: [10007, 10008, 10013, 10014, 10015, 10016, 10020, 10021, 10029, 10042, 10045, 10052, 90018, 90199],
    try_again: [10010, 90007, 90008, 90009, 90010, 90011, 90012, 90013, 90014, 90017, 90104, 90105, 90106, 90107, 90110],
    not_in_source: [10018, 10026],
    unsupported: [90001, 90109],
    cancelled: [90002, 90003, 90004, 90005, 90006],
  });
  for (const unknown of [0, 1, -10000, 10009, 100000, 84018]) assert.equal((await verdictOf(unknown)).verdict, 'unknown');
  for (const broken of [{ verify_ret: 10000 }, { errcode: 0 }, { errcode: 0, verify_ret: '10000' }, { errcode: 0, verify_ret: null }]) {
    assert.equal((await failure(answered(broken).client.queryVerifyInfo(question))).code, 'MALFORMED_RESPONSE');
  }
});

test('name and ID, face, passed: against the sandbox', async (t) => {
  const { sandbox, client } = await sandboxed(t);
  const { openid } = sandbox.addPerson({ realName: '张三', credentialId: NUMBER });
  const { verifyId, outSeqNo, certHash, expiresIn } = await client.getVerifyId({ certName: '张三', certNo: NUMBER, openid });
  assert.equal(expiresIn, 3600);
  const ask = () => client.queryVerifyInfo({ verifyId, outSeqNo, certHash, openid });
  const before = await ask();
  assert.deepEqual([before.passed, before.verdict, before.verifyRet], [false, 'pending', 10300]);
  sandbox.verifyFace(verifyId);
  const after = await ask();
  assert.deepEqual([after.passed, after.verdict, after.verifyRet], [true, 'passed', 10000]);
  const byName = await client.queryVerifyInfo({ verifyId, outSeqNo, certName: '张三', certNo: NUMBER, openid });
  assert.equal(byName.passed, true);

  // Whatever differs from the beginning is refused, and is no verdict.
  const refused = async (changes, errcode) => {
    const error = await failure(client.queryVerifyInfo({ verifyId, outSeqNo, certHash, openid, ...changes }));
    assert.deepEqual([error.code, error.errcode], ['REJECTED', errcode], JSON.stringify(changes));
  };
  const stranger = sandbox.addPerson({ realName: '李四', credentialId: '440524188001010014' });
  await refused({ openid: stranger.openid }, 84017);
  await refused({ certHash: EXAMPLE_HASH }, 84018);
  await refused({ certHash: undefined, certName: '李四', certNo: NUMBER }, 84018);
  await refused({ outSeqNo: 'another' }, 84020);
  await refused({ verifyId: 'another' }, 84022);
  const again = await failure(client.getVerifyId({ certName: '张三', certNo: NUMBER, openid, outSeqNo }));
  assert.equal(again.errcode, 84019);
  sandbox.clock.advance(3601);
  await refused({}, 84022);
});

test('what a face shows follows from the people of the sandbox, or from what the test says', async (t) => {
  const { sandbox, client } = await sandboxed(t);
  const own = sandbox.addPerson({ realName: '张三', credentialId: NUMBER });
  sandbox.addPerson({ realName: '李四', credentialId: '440524188001010014' });
  const verdict = async (certName, certNo, ...result) => {
    const begun = await client.getVerifyId({ certName, certNo, openid: own.openid });
    sandbox.verifyFace(begun.verifyId, ...result);
    return (await client.queryVerifyInfo({ ...begun, expiresIn: undefined, openid: own.openid })).verdict;
  };
  assert.equal(await verdict('张三', NUMBER), 'passed');
  assert.equal(await verdict('李四', '440524188001010014'), 'not_this_person');
  assert.equal(await verdict('王五', NUMBER), 'not_this_person');
  assert.equal(await verdict('王五', EXAMPLE.certNo), 'not_in_source');
  assert.equal(await verdict('张三', NUMBER, 90002), 'cancelled');
  assert.equal(await verdict('张三', NUMBER, 90109), 'unsupported');
  // Magic, for who has no hand on the sandbox.
  const { verifyId, outSeqNo, certHash } = await client.getVerifyId({
    certName: 'sandbox:verify_ret=90008',
    certNo: NUMBER,
    openid: own.openid,
  });
  const ended = await client.queryVerifyInfo({ verifyId, outSeqNo, certHash, openid: own.openid });
  assert.deepEqual([ended.verdict, ended.verifyRet], ['try_again', 90008]);
});

test('a third-party platform may not ask for faces', async (t) => {
  const { sandbox } = await sandboxed(t);
  const { client } = await onPlatform(sandbox);
  const error = await failure(client.getVerifyId({ ...EXAMPLE, openid: OPENID }));
  assert.deepEqual([error.code, error.errcode, error.action], ['REJECTED', 48001, 'apply_for_permission']);
});
