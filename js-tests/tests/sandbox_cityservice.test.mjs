// The sandbox's face verification and medical real names, as a client of any language meets them: what is hashed and opened here
// is node:crypto's work alone.
import assert from 'node:assert/strict';
import { createDecipheriv, createHash } from 'node:crypto';
import test from 'node:test';

import { createClient, createPlatform, openPushChannel } from 'wechat-realname';
import { NUMBER, failure, sandboxed } from './support.mjs';

const NAME = '夏侯惇';
const KEY = 'canary-0123456789-canary-0123456';

/** A sandbox, and what its `/cityservice` and its control say. */
async function started(t) {
  const { sandbox, client } = await sandboxed(t);
  const post = async (path, body) => {
    const reply = await fetch(`${sandbox.baseUrl}${path}`, { method: 'POST', body: JSON.stringify(body) });
    return reply.json();
  };
  const token = `access_token=${sandbox.accessToken}`;
  const city = (path, body) => post(`/cityservice/${path}?${token}`, body);
  const begin = async (outSeqNo, openid, name = NAME, number = NUMBER) => {
    const cert_info = { cert_type: 'IDENTITY_CARD', cert_name: name, cert_no: number };
    const begun = await city('face/identify/getverifyid', { out_seq_no: outSeqNo, cert_info, openid });
    const hashed = Object.entries(cert_info).map(([field, text]) => `${field}=${Buffer.from(text).toString('base64')}`);
    const cert_hash = createHash('sha256').update(hashed.join('&')).digest('hex');
    return { begun, query: { verify_id: begun.verify_id, out_seq_no: outSeqNo, cert_hash, openid } };
  };
  const ask = (query) => city('face/identify/queryverifyinfo', query);
  const read = ({ openid, wxmedAuthcode }) =>
    city('getmedrealname', { app_id: sandbox.appId, open_id: openid, wxmed_authcode: wxmedAuthcode });
  return { sandbox, client, post, begin, ask, read };
}

/** The person in a reply. */
function opened({ cipher_real_name: cipher, cipher_algorithm: algorithm }, key) {
  assert.equal(algorithm, 'AES_256_ECB_PKCS7Padding');
  const decipher = createDecipheriv('aes-256-ecb', key, null);
  return JSON.parse(Buffer.concat([decipher.update(cipher, 'base64'), decipher.final()]).toString());
}

test('a face, from getverifyid to its result', async (t) => {
  const { sandbox, post, begin, ask } = await started(t);
  const { openid } = sandbox.addPerson({ realName: NAME, credentialId: NUMBER });
  const { begun, query } = await begin('order-0001', openid);
  assert.deepEqual([begun.errcode, begun.verify_id.length, begun.expires_in], [0, 256, 3600]);
  assert.equal((await ask(query)).verify_ret, 10300);
  assert.equal(sandbox.verifyFace(begun.verify_id, 90002), 90002);
  assert.equal((await ask(query)).verify_ret, 90002);
  assert.equal(sandbox.verifyFace(begun.verify_id), 10000);
  assert.deepEqual(await ask(query), { errcode: 0, errmsg: 'ok', verify_ret: 10000 });
  assert.equal((await begin('order-0001', openid)).begun.errcode, 84019);

  // The same over HTTP, for whom the number is not theirs.
  const { begun: others, query: asked } = await begin('order-0002', 'o-canary');
  assert.deepEqual(await post('/sandbox/faces', { verifyId: others.verify_id }), { verifyRet: 10004 });
  assert.deepEqual(await post('/sandbox/faces', { verifyId: others.verify_id, verifyRet: 10012 }), { verifyRet: 10012 });
  assert.equal((await ask(asked)).verify_ret, 10012);
  sandbox.clock.advance(3600);
  assert.equal((await ask(asked)).errcode, 84022);

  const names = [...new Set(sandbox.requests.map((request) => request.interface))];
  assert.deepEqual(names, ['getVerifyId', 'queryVerifyInfo']);
  const secrets = [NAME, NUMBER, 'canary', openid, begun.verify_id, query.cert_hash, 'order-0001'];
  for (const secret of secrets) assert.ok(!JSON.stringify(sandbox.requests).includes(secret));
  sandbox.reset();
  assert.equal((await begin('order-0001', openid)).begun.errcode, 0);
});

test('what cannot happen at a phone is told with the field', async (t) => {
  const { sandbox, post, begin } = await started(t);
  const { begun } = await begin('order-0001', 'o1');
  const { verify_id: verifyId } = begun;
  for (const [given, field] of [
    [[], 'verifyId'],
    [['canary'], 'verifyId'],
    [[7, 10000], 'verifyId'],
    [[verifyId, '10000'], 'verifyRet'],
    [[verifyId, 1.5], 'verifyRet'],
    [[verifyId, -1], 'verifyRet'],
    [[verifyId, 2 ** 31], 'verifyRet'],
    [[verifyId, null], 'verifyRet'],
  ]) {
    assert.throws(() => sandbox.verifyFace(...given), { name: 'RealNameError', code: 'INVALID_ARGUMENT', field });
  }
  sandbox.verifyFace(verifyId, 10000);
  assert.throws(() => sandbox.verifyFace(verifyId, 90002), { field: 'verifyId', message: /has passed/ });
  const { error } = await post('/sandbox/faces', { verifyId: 'canary' });
  assert.deepEqual([error.code, error.field], ['INVALID_ARGUMENT', 'verifyId']);
  assert.doesNotMatch(error.message, /canary/);
  sandbox.clock.advance(3600);
  assert.throws(() => sandbox.verifyFace(verifyId), { field: 'verifyId', message: /an hour ago/ });
});

test('a medical real name, under one key and then another', async (t) => {
  const { sandbox, post, read } = await started(t);
  assert.deepEqual(Object.keys(sandbox.medicalKeys), ['0']);
  const person = { realName: NAME, credentialId: NUMBER, phone: '61234567', phoneCountryCode: '852' };
  const consent = sandbox.addPerson(person);
  const first = await read(consent);
  assert.deepEqual([first.errcode, first.key_version, first.app_id, first.open_id], [0, 0, sandbox.appId, consent.openid]);
  const { timestamp, ...said } = opened(first, sandbox.medicalKeys[0]);
  assert.ok(Math.abs(timestamp - sandbox.clock.now()) < 5);
  assert.deepEqual(said, { real_name: NAME, id_card_no: NUMBER, id_card_type: 1, phone: '61234567', phone_country_code: '852' });

  sandbox.setMedicalKey(3, KEY);
  assert.deepEqual(sandbox.medicalKeys, { 0: sandbox.medicalKeys[0], 3: KEY });
  const second = await read(consent);
  assert.deepEqual([second.key_version, opened(second, KEY).real_name], [3, NAME]);
  assert.deepEqual(await post('/sandbox/medical-keys', { keyVersion: 4, key: KEY.toUpperCase() }), {});
  const { medicalKeys } = await (await fetch(`${sandbox.baseUrl}/sandbox`)).json();
  assert.deepEqual([Object.keys(medicalKeys), medicalKeys], [['0', '3', '4'], sandbox.medicalKeys]);
  assert.equal((await read(consent)).key_version, 4);
  sandbox.clock.advance(600);
  assert.equal((await read(consent)).errcode, 11200);
  sandbox.reset();
  assert.deepEqual(Object.keys(sandbox.medicalKeys), ['0']);
  const again = await post('/sandbox/people', person);
  assert.equal(opened(await read(again), sandbox.medicalKeys[0]).real_name, NAME);

  for (const [given, field] of [
    [[0, 'short'], 'key'],
    [[0, '夏侯惇'.repeat(3)], 'key'],
    [[0, undefined], 'key'],
    [['0', KEY], 'keyVersion'],
    [[-1, KEY], 'keyVersion'],
    [[0.5, KEY], 'keyVersion'],
  ]) {
    assert.throws(() => sandbox.setMedicalKey(...given), { name: 'RealNameError', code: 'INVALID_ARGUMENT', field });
  }
  assert.deepEqual(Object.keys(sandbox.medicalKeys), ['0']);
});

test('people with travel permits are known to the medical interface alone', async (t) => {
  const { sandbox, client, read } = await started(t);
  const permit = { realName: NAME, credentialId: 'H01234567', idCardType: 6 };
  const consent = sandbox.addPerson(permit);
  const { id_card_no: number, id_card_type: type, phone } = opened(await read(consent), sandbox.medicalKeys[0]);
  assert.deepEqual([number, type, phone], ['H01234567', 6, '13800000138']);
  const { openid, code, authToken } = consent;
  assert.equal((await failure(client.getRealNameInfo({ authToken }))).errcode, 94004);
  assert.match(sandbox.requests.at(-1).why, /travel permit/);
  const { verdict } = await client.checkRealNameInfo({ openid, realName: NAME, credId: NUMBER, code });
  assert.equal(verdict, 'id_mismatch');
  for (const [other, field] of [
    [{ idCardType: 2 }, 'idCardType'],
    [{ idCardType: '6' }, 'idCardType'],
    [{ idCardType: 1 }, 'credentialId'],
    [{ credentialId: NUMBER }, 'credentialId'],
    [{ phone: '+86' }, 'phone'],
    [{ phone: 13800000138 }, 'phone'],
    [{ phoneCountryCode: '' }, 'phoneCountryCode'],
  ]) {
    assert.throws(() => sandbox.addPerson({ ...permit, ...other }), { code: 'INVALID_ARGUMENT', field }, field);
  }
});

test('through the client: whoever is before the phone, and what was stored of whom it should be', async (t) => {
  const { sandbox, client } = await started(t);
  const { openid } = sandbox.addPerson({ realName: NAME, credentialId: NUMBER });
  sandbox.addPerson({ realName: '李四', credentialId: '440524188001010014' });
  for (const [certName, certNo, verdict] of [
    [NAME, NUMBER, 'passed'],
    ['李四', '440524188001010014', 'not_this_person'],
    [NAME, '440524188001010014', 'not_this_person'],
    [NAME, '310101199801011234', 'not_in_source'],
  ]) {
    const { verifyId, outSeqNo, certHash, expiresIn } = await client.getVerifyId({ certName, certNo, openid });
    assert.deepEqual([verifyId.length, expiresIn], [256, 3600]);
    const kept = { verifyId, outSeqNo, openid };
    assert.equal((await client.queryVerifyInfo({ ...kept, certHash })).verdict, 'pending');
    sandbox.verifyFace(verifyId);
    for (const given of [{ certHash }, { certName, certNo }]) {
      assert.equal((await client.queryVerifyInfo({ ...kept, ...given })).verdict, verdict, certName);
    }
    // What a database can do to it.
    for (const [lost, errcode] of [
      [{ verifyId: verifyId.slice(0, 255) }, 84022],
      [{ outSeqNo: 'order-0001' }, 84020],
      [{ openid: 'o2' }, 84017],
      [{ certHash: certHash.replace(/./g, '0') }, 84018],
    ]) {
      assert.equal((await failure(client.queryVerifyInfo({ ...kept, certHash, ...lost }))).errcode, errcode);
    }
    await failure(client.getVerifyId({ certName, certNo, openid, outSeqNo }));
    assert.equal(sandbox.requests.at(-1).errcode, 84019);
  }
  for (const [outcome, errcode] of [['84022', 84022], ['-1', -1]]) {
    sandbox.fault({ interface: 'queryverifyinfo', outcome, times: 9 });
    const asking = client.queryVerifyInfo({ verifyId: 'v', outSeqNo: 'order-0001', openid, certName: NAME, certNo: NUMBER });
    assert.equal((await failure(asking)).errcode, errcode);
    sandbox.clearFaults();
  }
  sandbox.fault({ interface: 'queryVerifyInfo', outcome: 'verify_ret=90001' });
  const { verdict } = await client.queryVerifyInfo({ verifyId: 'v', outSeqNo: 'order-0001', openid, certName: NAME, certNo: NUMBER });
  assert.equal(verdict, 'unsupported');
});

test('through the client: a patient, and a key that is changed', async (t) => {
  const { sandbox, client } = await started(t);
  const { baseUrl, appId, accessToken, medicalKeys } = sandbox;
  const { openid, wxmedAuthcode } = sandbox.addPerson({ realName: NAME, credentialId: NUMBER });
  const read = (keys) => createClient({ baseUrl, appId, accessToken, medicalKeys: keys }).getMedicalRealName({ openid, wxmedAuthcode });
  const { timestamp, ...patient } = await client.getMedicalRealName({ openid, wxmedAuthcode });
  assert.ok(Math.abs(timestamp - sandbox.clock.now()) < 5);
  const expected = { realName: NAME, idCardNo: NUMBER, idCardType: 1, phone: '13800000138', phoneCountryCode: '86' };
  assert.deepEqual({ ...patient }, expected);
  sandbox.setMedicalKey(1, KEY);
  const { code, field } = await failure(read(medicalKeys));
  assert.deepEqual([code, field], ['CONFIGURATION', 'medicalKeys']);
  assert.equal((await failure(read({ ...medicalKeys, 1: KEY.toUpperCase() }))).code, 'DECRYPTION_FAILED');
  assert.equal((await read(sandbox.medicalKeys)).realName, NAME);
  sandbox.fault({ interface: 'getMedicalRealName', outcome: 'junk' });
  assert.equal((await failure(read(sandbox.medicalKeys))).code, 'DECRYPTION_FAILED');
  sandbox.clock.advance(600);
  const over = await failure(read(sandbox.medicalKeys));
  assert.deepEqual([over.errcode, over.action], [11200, 'ask_user_again']);
});

test('through a platform: patients with permission set 134, and no faces', async (t) => {
  const { sandbox } = await started(t);
  const { baseUrl, medicalKeys } = sandbox;
  const { componentAppId, componentAppSecret, token, encodingAesKey } = sandbox.platform;
  const platform = createPlatform({ baseUrl, componentAppId, componentAppSecret });
  const channel = openPushChannel({ token, encodingAesKey, appId: componentAppId });
  const { query, body } = sandbox.makePush({ kind: 'ticket' });
  await platform.acceptTicket(channel.open({ msgSignature: query.msg_signature, ...query, body }));
  for (const [permissionSets, errcode] of [
    [[1, 134], undefined],
    [[1, 81], 61007],
  ]) {
    const { appId, authorizationCode } = sandbox.addTrial({ permissionSets, trial: false });
    await platform.authorize(authorizationCode);
    const client = platform.client(appId, { medicalKeys });
    const { openid, wxmedAuthcode } = sandbox.addPerson({ appId, realName: NAME, credentialId: NUMBER });
    const reading = client.getMedicalRealName({ openid, wxmedAuthcode });
    if (errcode === undefined) assert.equal((await reading).realName, NAME);
    else assert.equal((await failure(reading)).errcode, errcode);
    assert.equal((await failure(client.getVerifyId({ certName: NAME, certNo: NUMBER, openid }))).errcode, 48001);
  }
});
