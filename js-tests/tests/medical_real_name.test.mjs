// A patient's real name: the code, the hospital's keys by version, and everything that does not open.
import assert from 'node:assert/strict';
import { createCipheriv } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import util from 'node:util';

import { createClient, createPlatform, operations } from 'wechat-realname';
import { NUMBER, failure, onPlatform, root, sandboxed } from './support.mjs';

const { key: KEY, patients, junk } = JSON.parse(fs.readFileSync(path.join(root, 'tests/vectors/medical.json'), 'utf8'));
const OPENID = 'ont-9vr_is4GBmeuh_xy1YHidhgY';
const APP_ID = 'wx23dde3xd34569cba';
const PARAMS = { openid: OPENID, wxmedAuthcode: 'BMUewIb9qr2GMDeInZKOBg..' };
const PATIENT = { real_name: '张三', id_card_no: NUMBER, id_card_type: 1, phone: '13800000138', timestamp: 1661420431 };

/** As WeChat's document says that it is encrypted, by node:crypto. */
function sealed(plaintext, key = KEY) {
  const cipher = createCipheriv('aes-256-ecb', key, null);
  return Buffer.concat([cipher.update(plaintext), cipher.final()]).toString('base64');
}

/** A client of a hospital whose WeChat answers this. */
function answered(reply, medicalKeys = { 0: KEY }) {
  const body = { errcode: 0, cipher_algorithm: 'AES_256_ECB_PKCS7Padding', key_version: 0, app_id: APP_ID, open_id: OPENID, ...reply };
  const fetch = async () => new Response(JSON.stringify(body));
  return createClient({ appId: APP_ID, accessToken: 'token', medicalKeys, fetch });
}

test('what openssl and node:crypto encrypted opens', async () => {
  for (const { plaintext, cipher_real_name } of patients) {
    const { real_name, id_card_no, id_card_type, phone, phone_country_code, timestamp } = JSON.parse(plaintext);
    assert.equal(sealed(plaintext), cipher_real_name);
    const expected = { realName: real_name, idCardNo: id_card_no, idCardType: id_card_type };
    if (phone) expected.phone = phone;
    if (phone_country_code) expected.phoneCountryCode = phone_country_code;
    assert.deepEqual(await answered({ cipher_real_name }).getMedicalRealName(PARAMS), { ...expected, timestamp });
  }
});

test('keys are taken by their version, several at once', async () => {
  const keys = { 0: 'a'.repeat(32), 3: KEY, 4294967295: 'c'.repeat(32) };
  for (const [version, key] of Object.entries(keys)) {
    const reply = { cipher_real_name: sealed(JSON.stringify(PATIENT), key), key_version: Number(version) };
    assert.equal((await answered(reply, keys).getMedicalRealName(PARAMS)).realName, '张三');
  }
  const missing = await failure(answered({ cipher_real_name: sealed('{}'), key_version: 7 }, keys).getMedicalRealName(PARAMS));
  assert.deepEqual([missing.code, missing.field, missing.action], ['CONFIGURATION', 'medicalKeys', 'fix_request']);
  assert.match(missing.message, /^medicalKeys: has no key of version 7,/);
});

test('the keys are read when the client is made, and are not its caller’s afterwards', async () => {
  const keys = { 0: KEY };
  const client = answered({ cipher_real_name: sealed(JSON.stringify(PATIENT)) }, keys);
  keys[0] = 'b'.repeat(32);
  assert.equal((await client.getMedicalRealName(PARAMS)).idCardNo, NUMBER);
  assert.doesNotMatch(util.inspect(client, { depth: 9, showHidden: true }), /canary/);
});

test('wrong key, bad padding, no JSON: one opaque error', async () => {
  const right = sealed(JSON.stringify(PATIENT));
  const messages = new Set();
  const fails = async (reply, keys) => {
    const error = await failure(answered(reply, keys).getMedicalRealName(PARAMS));
    assert.deepEqual([error.code, error.action, error.field, error.cause], ['DECRYPTION_FAILED', 'fix_request', undefined, undefined]);
    messages.add(error.message);
  };
  for (const { cipher_real_name } of junk) await fails({ cipher_real_name });
  // One in 256 of them leaves something that passes for padding.
  for (let number = 0; number < 1000; number++) await fails({ cipher_real_name: right }, { 0: String(number).padStart(32, '0') });
  for (const wrong of [{ ...PATIENT, timestamp: -1 }, { ...PATIENT, real_name: null }, [PATIENT], 'text', { ...PATIENT, id_card_no: 7 }]) {
    await fails({ cipher_real_name: sealed(JSON.stringify(wrong)) });
  }
  assert.equal(messages.size, 1);
});

test('a reply of another form is MALFORMED_RESPONSE', async () => {
  const cipher_real_name = sealed(JSON.stringify(PATIENT));
  for (const reply of [
    {},
    { cipher_real_name: 7 },
    { cipher_real_name: '' },
    { cipher_real_name: `${cipher_real_name}!` },
    { cipher_real_name: Buffer.from(cipher_real_name, 'base64').subarray(1).toString('base64') },
    { cipher_real_name, cipher_algorithm: 'SM4_ECB' },
    { cipher_real_name, cipher_algorithm: 'aes_256_ecb_pkcs7padding' },
    { cipher_real_name, key_version: '0' },
    { cipher_real_name, key_version: -1 },
    { cipher_real_name, open_id: 'another user' },
    { cipher_real_name, app_id: 'wx-another' },
  ]) {
    const error = await failure(answered(reply).getMedicalRealName(PARAMS));
    assert.deepEqual([error.code, error.operation], ['MALFORMED_RESPONSE', 'getMedicalRealName'], JSON.stringify(reply));
  }
});

test('what the call lacks is said before the code is spent', async () => {
  const fetch = () => assert.fail('sent');
  const asked = (options) => failure(createClient({ accessToken: 't', fetch, ...options }).getMedicalRealName(PARAMS));
  for (const [field, options] of [
    ['medicalKeys', { appId: APP_ID }],
    ['appId', { medicalKeys: { 0: KEY } }],
  ]) {
    const error = await asked(options);
    assert.deepEqual([error.code, error.field], ['CONFIGURATION', field]);
  }
  const client = answered({});
  for (const [field, params] of [
    ['openid', { ...PARAMS, openid: '' }],
    ['wxmedAuthcode', { openid: OPENID }],
    ['wxmedAuthcode', { ...PARAMS, wxmedAuthcode: 'a%2Eb' }],
  ]) {
    assert.equal((await failure(client.getMedicalRealName(params))).field, field);
  }
  const good = { accessToken: 't', appId: APP_ID };
  for (const medicalKeys of [
    KEY,
    null,
    {},
    { 0: undefined },
    [],
    [KEY, 'short'],
    { 0: KEY.slice(1) },
    { 0: `${KEY}\n` },
    { 0: Buffer.from(KEY) },
    { 0: Buffer.from(KEY).toString('hex') },
    { 0: Buffer.from(KEY).toString('base64') },
    { v0: KEY },
    { '-1': KEY },
    { '+1': KEY },
    { '00': KEY },
    { 0.5: KEY },
    { 0: { key: KEY } },
    { 0: undefined, 1: null },
  ]) {
    assert.throws(() => createClient({ ...good, medicalKeys }), (error) => {
      assert.deepEqual([error.code, error.field], ['CONFIGURATION', 'medicalKeys']);
      assert.doesNotMatch(error.stack, /canary/);
      return true;
    });
  }
  const platform = createPlatform({ componentAppId: 'wx1', componentAppSecret: 'canary-secret' });
  assert.throws(() => platform.client('wx2', { medicalKeys: { 0: 'short' } }), { code: 'CONFIGURATION', field: 'medicalKeys' });
});

test('as data in, data out', () => {
  const context = { accessToken: 't', appId: APP_ID, medicalKeys: { 0: KEY } };
  const { request, interpret } = operations.getMedicalRealName(PARAMS, context);
  assert.deepEqual(JSON.parse(request.body), { app_id: APP_ID, open_id: OPENID, wxmed_authcode: PARAMS.wxmedAuthcode });
  // What is 0 or the default may be left out.
  const opened = interpret({ status: 200, body: JSON.stringify({ cipher_real_name: sealed(JSON.stringify(PATIENT)) }) });
  assert.equal(opened.idCardNo, NUMBER);
  assert.match(util.inspect(opened), /realName: '\*\*\*',\s+idCardNo: '\*\*\*',\s+idCardType: 1,\s+phone: '\*\*\*'/);
  assert.equal(JSON.parse(JSON.stringify(opened)).realName, '张三');
});

test('against the sandbox, through a change of keys', async (t) => {
  const { sandbox } = await sandboxed(t);
  const { baseUrl, appId, accessToken, medicalKeys } = sandbox;
  const client = createClient({ baseUrl, appId, accessToken, medicalKeys: { ...medicalKeys, 1: KEY } });
  const patient = { realName: '张三', credentialId: NUMBER, phone: '13900000139', phoneCountryCode: '86' };
  const read = async () => {
    const { openid, wxmedAuthcode } = sandbox.addPerson(patient);
    return client.getMedicalRealName({ openid, wxmedAuthcode });
  };
  const { timestamp, ...first } = await read();
  assert.deepEqual(first, { realName: '张三', idCardNo: NUMBER, idCardType: 1, phone: '13900000139', phoneCountryCode: '86' });
  assert.ok(Math.abs(timestamp - sandbox.clock.now()) < 10);
  sandbox.setMedicalKey(1, KEY);
  assert.equal((await read()).realName, '张三');

  const { openid, wxmedAuthcode } = sandbox.addPerson(patient);
  sandbox.clock.advance(601);
  const late = await failure(client.getMedicalRealName({ openid, wxmedAuthcode }));
  assert.deepEqual([late.code, late.errcode, late.action], ['REJECTED', 11200, 'ask_user_again']);
  for (const [word, code] of [
    ['11200', 'REJECTED'],
    ['junk', 'DECRYPTION_FAILED'],
    ['short', 'MALFORMED_RESPONSE'],
    ['algorithm', 'MALFORMED_RESPONSE'],
    ['key_version=9', 'CONFIGURATION'],
  ]) {
    assert.equal((await failure(client.getMedicalRealName({ openid, wxmedAuthcode: `sandbox:${word}` }))).code, code, word);
  }

  sandbox.setMedicalKey(2, 'canary-the-next-key-of-32-chars-');
  assert.match((await failure(read())).message, /version 2/);
});

test('a third-party platform may, with permission set 134', async (t) => {
  const { sandbox } = await sandboxed(t);
  const { medicalKeys } = sandbox;
  const read = async (permissionSets) => {
    const { appId, client } = await onPlatform(sandbox, { trial: { permissionSets }, medicalKeys });
    const { openid, wxmedAuthcode } = sandbox.addPerson({ appId, realName: '张三', credentialId: NUMBER });
    return client.getMedicalRealName({ openid, wxmedAuthcode });
  };
  assert.equal((await read([134])).realName, '张三');
  const refused = await failure(read([81]));
  assert.deepEqual([refused.code, refused.action], ['REJECTED', 'apply_for_permission']);
});
