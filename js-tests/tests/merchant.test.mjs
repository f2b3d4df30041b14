// openMerchant and the operations without their transport.
import assert from 'node:assert/strict';
import test from 'node:test';

import { RealNameError, openMerchant, operations } from 'wechat-realname';
import { copyOfPackage, vectors } from './support.mjs';

const [vector] = vectors;
const files = { mchId: '1900006511', privateKey: vector.pkcs8, certificate: vector.certificate };

test('signatures equal openssl’s, for both kinds of file and three sizes', () => {
  for (const { pkcs1, pkcs8, certificate, serial, timestamp, sign } of vectors) {
    for (const privateKey of [pkcs1, pkcs8, Buffer.from(pkcs8)]) {
      const merchant = openMerchant({ ...files, privateKey, certificate });
      assert.deepEqual([merchant.mchId, merchant.certSerialNo], ['1900006511', serial]);
      assert.equal(merchant.sign(timestamp), sign);
    }
  }
});

test('what openssl and iconv encrypted opens', () => {
  for (const { pkcs8, certificate, people } of vectors) {
    const merchant = openMerchant({ ...files, privateKey: pkcs8, certificate });
    for (const { name, number, encryted_real_name, encryted_credential_id } of people) {
      const opened = merchant.open({ realName: encryted_real_name, credentialId: encryted_credential_id });
      assert.deepEqual(opened, { realName: name, credentialId: number });
    }
  }
});

test('wrong files are named and never shown', () => {
  for (const [options, code, field] of [
    [{ ...files, mchId: undefined }, 'INVALID_ARGUMENT', 'mchId'],
    [{ ...files, mchId: 1900006511 }, 'INVALID_ARGUMENT', 'mchId'],
    [{ ...files, privateKey: undefined }, 'INVALID_ARGUMENT', 'privateKey'],
    [{ ...files, privateKey: vector.certificate }, 'INVALID_KEY', 'privateKey'],
    [{ ...files, certificate: vector.pkcs8 }, 'INVALID_KEY', 'certificate'],
    [{ ...files, certificate: Uint8Array.of(0xff) }, 'INVALID_KEY', 'certificate'],
    [{ ...files, certificate: new Uint8Array(0) }, 'INVALID_ARGUMENT', 'certificate'],
    [{ ...files, certificate: [] }, 'INVALID_ARGUMENT', 'certificate'],
    [{ ...files, certificate: undefined }, 'INVALID_ARGUMENT', 'certSerialNo'],
    [{ ...files, certSerialNo: 'PUB_KEY_ID_0000000000000024101100397200000006' }, 'INVALID_ARGUMENT', 'certSerialNo'],
    [{ ...files, certificate: vectors[1].certificate }, 'KEY_MISMATCH', undefined],
    [{ ...files, certSerialNo: vectors[1].serial }, 'KEY_MISMATCH', undefined],
  ]) {
    assert.throws(() => openMerchant(options), (error) => {
      assert.ok(error instanceof RealNameError);
      assert.deepEqual([error.code, error.field], [code, field]);
      return true;
    });
  }
});

test('a merchant opens only what has the right form', () => {
  const merchant = openMerchant(files);
  const { encryted_real_name: realName, encryted_credential_id: credentialId } = vector.people[0];
  for (const [reply, field] of [
    [{ credentialId }, 'realName'],
    [{ realName, credentialId: 7 }, 'credentialId'],
    [{ realName, credentialId: 'AAAA' }, 'credentialId'],
    [undefined, 'realName'],
  ]) {
    assert.throws(() => merchant.open(reply), { code: 'INVALID_ARGUMENT', field });
  }
  assert.throws(() => merchant.open({ realName: credentialId, credentialId: realName }), { code: 'DECRYPTION_FAILED' });
  for (const timestamp of [Date.now(), -1, 1.5, NaN, '1', undefined]) {
    assert.throws(() => merchant.sign(timestamp), { code: 'INVALID_ARGUMENT', field: 'timestamp' });
  }
});

test('a closed merchant says so, everywhere', () => {
  const merchant = openMerchant(files);
  merchant.close();
  merchant.close();
  assert.throws(() => merchant.sign(1), { code: 'CLOSED' });
  assert.throws(() => merchant.open({ realName: '', credentialId: '' }), { code: 'CLOSED' });
  const context = { accessToken: 'token', merchant };
  assert.throws(() => operations.getRealNameInfo({ authToken: 't' }, context), { code: 'CLOSED' });
});

test('an operation is a request and a way to read its reply', () => {
  const merchant = openMerchant(files);
  const context = { accessToken: 'token', merchant, now: vector.timestamp };
  const call = operations.getRealNameInfo({ authToken: 'auth' }, context);
  assert.deepEqual(JSON.parse(JSON.stringify(call.request)), {
    method: 'POST',
    url: 'https://api.weixin.qq.com/cgi-bin/wxopen/getrealnameinfo?access_token=token',
    headers: { accept: 'application/json', 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({
      auth_token: 'auth',
      mch_id: '1900006511',
      cert_serialno: vector.serial,
      timestamp: vector.timestamp,
      sign: vector.sign,
    }),
  });
  const [{ name, number, encryted_real_name, encryted_credential_id }] = vector.people;
  for (const fields of [
    { encryted_real_name, encryted_credential_id },
    { encrypted_real_name: encryted_real_name, encrypted_credential_id: encryted_credential_id },
  ]) {
    const text = JSON.stringify({ errcode: 0, errmsg: 'ok', ...fields });
    for (const body of [text, Buffer.from(text), new TextEncoder().encode(text)]) {
      const outcome = call.interpret({ status: 200, headers: { 'content-type': 'text/plain' }, body });
      assert.deepEqual(outcome, { realName: name, credentialId: number });
    }
  }
  assert.throws(() => call.interpret({ status: 200, body: { errcode: 0 } }), { code: 'INVALID_ARGUMENT', field: 'body' });
  // A client's own response objects: close, but their body is not the body.
  assert.throws(() => call.interpret(new Response('{}')), { code: 'INVALID_ARGUMENT', field: 'body' });
  assert.throws(() => call.interpret({ status: 200, data: {}, headers: { 'set-cookie': [] } }), { code: 'MALFORMED_RESPONSE' });
  assert.throws(() => call.interpret({ body: '{}' }), { code: 'INVALID_ARGUMENT', field: 'status' });
  assert.throws(() => call.interpret(undefined), { code: 'INVALID_ARGUMENT', field: 'response' });
});

test('check sends all five fields, and the document type as a text', () => {
  const params = { openid: 'o', realName: '张三', credId: '1', code: 'c' };
  const body = (given) => JSON.parse(operations.checkRealNameInfo(given, { accessToken: 'token' }).request.body);
  const sent = { openid: 'o', real_name: '张三', cred_id: '1', cred_type: '1', code: 'c' };
  assert.deepEqual(body(params), sent);
  assert.deepEqual(body({ ...params, credType: undefined }), sent);
  assert.throws(() => body({ ...params, credType: 1 }), { code: 'INVALID_ARGUMENT', field: 'credType' });
  for (const field of Object.keys(params)) {
    assert.throws(() => body({ ...params, [field]: undefined }), { code: 'INVALID_ARGUMENT', field });
    assert.throws(() => body({ ...params, [field]: '' }), { code: 'INVALID_ARGUMENT', field });
    assert.throws(() => body({ ...params, [field]: null }), { code: 'INVALID_ARGUMENT', field });
    assert.throws(() => body({ ...params, [field]: {} }), { code: 'INVALID_ARGUMENT', field });
  }
  assert.throws(() => operations.checkRealNameInfo(undefined, { accessToken: 't' }), { field: 'params' });
  assert.throws(() => operations.getCategory({}, undefined), { field: 'context' });
  assert.throws(() => operations.getCategory({}, {}), { field: 'accessToken' });
});

test('results are plain objects, whatever the reply holds', () => {
  const { interpret } = operations.getCategory({}, { accessToken: 'token' });
  const body = '{"errcode":0,"category_list":[],"__proto__":{"polluted":1},"constructor":1}';
  const outcome = interpret({ status: 200, body });
  assert.equal(Object.getPrototypeOf(outcome), Object.prototype);
  assert.equal(outcome.polluted, undefined);
  assert.equal({}.polluted, undefined);
  assert.deepEqual(Object.keys(outcome), ['categories']);
});

test('a host without entropy signs nothing, where the module computes', () => {
  const merchant = openMerchant({ ...files, engine: 'wasm' });
  const prepare = (entropy) => operations.getRealNameInfo({ authToken: 't' }, { accessToken: 'token', merchant, entropy });
  for (const entropy of [() => undefined, (length) => new Uint8Array(length), () => { throw new Error(); }, 'random']) {
    assert.throws(() => prepare(entropy), { code: 'NO_ENTROPY' });
  }
  let asked = 0;
  prepare((length) => {
    asked += length;
    return new Uint8Array(length).fill(1);
  });
  assert.equal(asked, 32);
});

test('what a client sent in cannot stop the process or its merchants, whatever it is', () => {
  const merchant = openMerchant(files);
  const deep = JSON.parse('['.repeat(5000) + ']'.repeat(5000));
  const circular = [];
  circular.push(circular);
  const { proxy: revoked, revoke } = Proxy.revocable([], {});
  revoke();
  const detached = new Uint8Array(8);
  structuredClone(detached, { transfer: [detached.buffer] });
  const hostile = [
    deep,
    circular,
    revoked,
    detached,
    Object.create(Uint8Array.prototype),
    new Proxy(new Uint8Array(3), {}),
    { get [Symbol.toStringTag]() { throw new Error('tag'); } },
    Object.defineProperty(() => {}, 'name', { get() { throw new Error('name'); } }),
    Symbol('s'),
    10n ** 30n,
    'x'.repeat(70_000),
    null,
    true,
    NaN,
  ];
  const context = { accessToken: 'token', merchant };
  const good = operations.getRealNameInfo({ authToken: 't' }, context);
  const ways = {
    authToken: (value) => operations.getRealNameInfo({ authToken: value }, context),
    credType: (value) => operations.checkRealNameInfo({ openid: 'o', realName: 'n', credId: '1', code: 'c', credType: value }, context),
    accessToken: (value) => operations.getCategory({}, { accessToken: value }),
    baseUrl: (value) => operations.getCategory({}, { accessToken: 't', baseUrl: value }),
    now: (value) => operations.getRealNameInfo({ authToken: 't' }, { ...context, now: value }),
    entropy: (value) => operations.getRealNameInfo({ authToken: 't' }, { ...context, entropy: () => value }),
    merchant: (value) => operations.getCategory({}, { accessToken: 't', merchant: value }),
    status: (value) => good.interpret({ status: value, body: '{}' }),
    body: (value) => good.interpret({ status: 200, body: value }),
    timestamp: (value) => merchant.sign(value),
    realName: (value) => merchant.open({ realName: value, credentialId: '' }),
    privateKey: (value) => openMerchant({ ...files, privateKey: value }),
    mchId: (value) => openMerchant({ ...files, mchId: value }),
    engine: (value) => openMerchant({ ...files, engine: value }),
  };
  for (const [way, given] of Object.entries(ways)) {
    for (const value of hostile) {
      try {
        given(value);
      } catch (error) {
        assert.ok(error instanceof RealNameError && error.code !== 'INTERNAL', `${way}: ${error.stack}`);
      }
    }
  }
  // A field that no operation has may hold anything: cloud functions get more than they ask for.
  assert.ok(operations.getRealNameInfo({ authToken: 't', userInfo: deep }, context).request);
  assert.throws(() => openMerchant(new Proxy(merchant, {})), RealNameError);
  assert.throws(() => operations.getCategory({}, { ...context, merchant: new Proxy(merchant, {}) }), { field: 'merchant' });
  assert.throws(() => good.interpret({ status: 200, body: ' '.repeat(2 ** 20 + 1) }), { code: 'MALFORMED_RESPONSE' });
  // Still the same instance, with the same key in it.
  assert.equal(merchant.sign(vector.timestamp), vector.sign);
});

test('a merchant that is closed while it is asked for entropy is closed after that', () => {
  const merchant = openMerchant({ ...files, engine: 'wasm' });
  const entropy = (length) => {
    merchant.close();
    return new Uint8Array(length).fill(1);
  };
  const context = { accessToken: 'token', merchant, entropy };
  assert.ok(operations.getRealNameInfo({ authToken: 't' }, context).request);
  assert.throws(() => merchant.sign(1), { code: 'CLOSED' });
});

/** A copy of the package in whose first instance the export `request` is what `instead` makes of it. */
function withFault(instead) {
  // A trap cannot be provoked from outside, so one export is made to trap.
  let armed = true;
  const { fresh, restore } = copyOfPackage((exports) => {
    if (!armed) return exports;
    armed = false;
    return { ...exports, request: instead(exports.request) };
  });
  try {
    // The first call makes the instance.
    const merchant = fresh.openMerchant({ ...files, engine: 'wasm' });
    return { fresh, merchant };
  } finally {
    restore();
  }
}

const trap = () => {
  throw new WebAssembly.RuntimeError('unreachable');
};

test('after a fault the module serves again, and old merchants say so', () => {
  const { fresh, merchant } = withFault(() => trap);
  const list = () => fresh.operations.getCategory({}, { accessToken: 'token' });
  assert.throws(list, (error) => {
    assert.deepEqual([error.code, error.cause.name], ['INTERNAL', 'RuntimeError']);
    return true;
  });
  assert.match(list().request.url, /get_category/);
  assert.throws(() => merchant.sign(1), { code: 'INTERNAL', message: /open it again/ });
  merchant.close();
  assert.equal(fresh.openMerchant(files).sign(vector.timestamp), vector.sign);
});

test('a fault in a call within a call ends both, and the module serves again', () => {
  let calls = 0;
  const { fresh, merchant } = withFault((request) => (...words) => ((calls += 1) === 2 ? trap() : request(...words)));
  const inner = [];
  const entropy = (length) => {
    for (let round = 0; round < 2; round++) {
      try {
        fresh.operations.getCategory({}, { accessToken: 'token' });
      } catch (error) {
        inner.push(error.code);
      }
    }
    return new Uint8Array(length).fill(1);
  };
  const outer = () => fresh.operations.getRealNameInfo({ authToken: 't' }, { accessToken: 'token', merchant, entropy });
  assert.throws(outer, { code: 'INTERNAL', message: /please report/ });
  assert.deepEqual([inner, calls], [['INTERNAL', 'INTERNAL'], 2]);
  assert.throws(() => merchant.sign(1), { code: 'INTERNAL', message: /open it again/ });
  assert.equal(fresh.openMerchant(files).sign(vector.timestamp), vector.sign);
});
