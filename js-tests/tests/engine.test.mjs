// Who computes with the private key: the machine or the module. The results are the same to the bit, and a machine that
// fails or lies is never believed.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import test from 'node:test';
import vm from 'node:vm';

import { RealNameError, createClient, openMerchant, operations } from 'wechat-realname';
import { startSandbox } from 'wechat-realname/sandbox';
import { installed, vectors } from './support.mjs';

const [vector] = vectors;
const filesOf = ({ pkcs8, certificate }) => ({ mchId: '1900006511', privateKey: pkcs8, certificate });
const files = filesOf(vector);
const replyOf = ({ encryted_real_name, encryted_credential_id }) => ({
  realName: encryted_real_name,
  credentialId: encryted_credential_id,
});

// The object whose properties the package reads at each call.
const nodeCrypto = createRequire(import.meta.url)('node:crypto');

/** Until the test's end, `node:crypto` has this function in the place of its own. */
function replaced(t, name, instead) {
  const original = nodeCrypto[name];
  nodeCrypto[name] = (...words) => instead(original, ...words);
  t.after(() => {
    nodeCrypto[name] = original;
  });
}

/** What the machine computes until the test's end. */
function recorded(t) {
  const given = [];
  replaced(t, 'privateDecrypt', (original, ...words) => {
    const computed = original(...words);
    given.push(computed);
    return computed;
  });
  return given;
}

test('on Node the machine computes where nothing else is said', () => {
  for (const [engine, computes] of [[undefined, 'host'], ['auto', 'host'], ['host', 'host'], ['wasm', 'wasm']]) {
    assert.equal(openMerchant({ ...files, engine }).engine, computes);
  }
});

test('an OpenSSL that lets a clock tell what it decrypts is only taken where it is asked for', (t) => {
  const { versions } = process;
  t.after(() => Object.defineProperty(process, 'versions', { value: versions }));
  for (const [openssl, computes] of [
    ['1.0.2u', 'wasm'],
    ['1.1.0l', 'wasm'],
    ['1.1.1', 'wasm'],
    ['1.1.1l+quic', 'wasm'],
    ['1.1.1s', 'wasm'],
    ['1.1.1t', 'host'],
    ['1.1.1w', 'host'],
    ['3.0.7+quic', 'wasm'],
    ['3.0.8+quic', 'host'],
    ['3.0.15', 'host'],
    ['3.1.0', 'host'],
    ['3.5.8', 'host'],
    ['4.0.0', 'host'],
    ['', 'wasm'],
    [undefined, 'wasm'],
  ]) {
    Object.defineProperty(process, 'versions', { value: { ...versions, openssl }, configurable: true });
    assert.equal(openMerchant(files).engine, computes, openssl);
    assert.equal(openMerchant({ ...files, engine: 'host' }).engine, 'host');
  }
});

test('an engine that there is none of is refused by name', () => {
  for (const engine of ['fast', '', 'HOST', 1, null, true, {}, () => {}]) {
    assert.throws(() => openMerchant({ ...files, engine }), (error) => {
      assert.ok(error instanceof RealNameError);
      assert.deepEqual([error.code, error.field], ['INVALID_ARGUMENT', 'engine']);
      return true;
    });
  }
});

test('both give the same, to the bit, for three sizes of keys', () => {
  for (const one of vectors) {
    const [host, wasm] = ['host', 'wasm'].map((engine) => openMerchant({ ...filesOf(one), engine }));
    for (const timestamp of [0, 1, one.timestamp, 2 ** 32 - 1, ...Array.from({ length: 20 }, () => crypto.randomInt(2 ** 32))]) {
      assert.equal(host.sign(timestamp), wasm.sign(timestamp));
    }
    assert.equal(host.sign(one.timestamp), one.sign);
    for (const person of one.people) {
      const opened = host.open(replyOf(person));
      assert.deepEqual(opened, { realName: person.name, credentialId: person.number });
      assert.deepEqual(wasm.open(replyOf(person)), opened);
    }
    assert.deepEqual([host.engine, wasm.engine], ['host', 'wasm']);
  }
});

test('both refuse the same, in the same words', () => {
  const merchants = ['host', 'wasm'].map((engine) => openMerchant({ ...files, engine }));
  const { realName, credentialId } = replyOf(vector.people[0]);
  const size = vector.bits / 8;
  const n = Buffer.from(crypto.createPublicKey(vector.pkcs8).export({ format: 'jwk' }).n, 'base64url');
  const numbers = [Buffer.alloc(size), n, Buffer.alloc(size, 0xff), ...Array.from({ length: 40 }, () => crypto.randomBytes(size))];
  numbers.push(Buffer.concat([n.subarray(0, -1), Buffer.of(n.at(-1) - 1)]), Buffer.concat([Buffer.alloc(size - 1), Buffer.of(1)]));
  for (const wrong of numbers.map((number) => number.toString('base64'))) {
    for (const reply of [{ realName, credentialId: wrong }, { realName: wrong, credentialId: wrong }]) {
      const [one, other] = merchants.map((merchant) => {
        try {
          return merchant.open(reply);
        } catch (error) {
          return [error.code, error.message];
        }
      });
      assert.deepEqual(one, other);
      assert.equal(one[0], 'DECRYPTION_FAILED');
    }
    // A name passes 1 time in 40, whoever computed it: then it is the same name.
    const names = merchants.map((merchant) => {
      try {
        return merchant.open({ realName: wrong, credentialId }).realName;
      } catch (error) {
        return error.message;
      }
    });
    assert.equal(names[0], names[1]);
  }
  for (const merchant of merchants) {
    assert.throws(() => merchant.open({ realName, credentialId: 'AAAA' }), { code: 'INVALID_ARGUMENT', field: 'credentialId' });
    assert.equal(merchant.sign(vector.timestamp), vector.sign);
  }
  assert.equal(merchants[0].engine, 'host');
});

const flipped = (bytes, at) => {
  const copy = new Uint8Array(bytes);
  copy[at] ^= 1;
  return copy;
};

const failures = {
  'that throws': () => { throw new Error(`the key is ${vector.pkcs8}`); },
  'that throws nothing in particular': () => { throw undefined; },
  'with nothing to say': () => undefined,
  'that gives a text': (right) => Buffer.from(right).toString('latin1'),
  'that gives an array of something else': (right) => [...flipped(right, 5)],
  'that promises': async (right) => right,
  'whose first bit is wrong': (right) => flipped(right, 0),
  'whose last bit is wrong': (right) => flipped(right, right.length - 1),
  'that gives zeros': (right) => new Uint8Array(right.length),
  'that gives too little': (right) => right.subarray(1),
  'that gives too much': (right) => Buffer.concat([Buffer.alloc(1), right]),
  'that gives back what it got': (_right, given) => new Uint8Array(given),
  'that gives what was detached': (right) => {
    const copy = new Uint8Array(right);
    structuredClone(copy, { transfer: [copy.buffer] });
    return copy;
  },
};

for (const [what, make] of Object.entries(failures)) {
  test(`a machine ${what} is not believed`, (t) => {
    const insisted = openMerchant({ ...files, engine: 'host' });
    const automatic = openMerchant(files);
    const other = openMerchant(files);
    replaced(t, 'privateDecrypt', (original, options, given) => make(original(options, given), given));

    assert.equal(automatic.engine, 'host');
    assert.equal(automatic.sign(vector.timestamp), vector.sign);
    assert.equal(automatic.engine, 'wasm');
    const [person] = vector.people;
    assert.equal(other.open(replyOf(person)).credentialId, person.number);
    assert.equal(other.engine, 'wasm');

    for (const call of [
      () => insisted.sign(vector.timestamp),
      () => insisted.open(replyOf(person)),
      () => operations.getRealNameInfo({ authToken: 't' }, { accessToken: 'token', merchant: insisted }),
      () => openMerchant({ ...files, engine: 'host' }),
    ]) {
      assert.throws(call, (error) => {
        assert.ok(error instanceof RealNameError, error.stack);
        assert.deepEqual([error.code, error.field, error.cause], ['CONFIGURATION', 'engine', undefined]);
        assert.doesNotMatch(error.stack, /PRIVATE KEY/);
        return true;
      });
    }
  });
}

test('a machine that does not take the key leaves it to the module', (t) => {
  let seen;
  replaced(t, 'createPrivateKey', (_original, { key }) => {
    seen = key;
    throw new Error('unsupported');
  });
  const merchant = openMerchant(files);
  assert.equal(merchant.engine, 'wasm');
  assert.equal(merchant.sign(vector.timestamp), vector.sign);
  assert.throws(() => openMerchant({ ...files, engine: 'host' }), { code: 'CONFIGURATION', field: 'engine' });
  // What it was handed is wiped, whatever became of it.
  assert.ok(seen.length > 1000 && seen.every((byte) => byte === 0));
});

test('the machine’s own plaintexts are wiped, and the module still asks for no randomness of its own', (t) => {
  const given = recorded(t);
  let asked = 0;
  const merchant = openMerchant(files);
  const entropy = (length) => {
    asked += length;
    return crypto.randomBytes(length);
  };
  const call = operations.getRealNameInfo({ authToken: 't' }, { accessToken: 'token', merchant, entropy, now: vector.timestamp });
  assert.equal(JSON.parse(call.request.body).sign, vector.sign);
  const [person] = vector.people;
  const { encryted_real_name, encryted_credential_id } = person;
  const body = JSON.stringify({ errcode: 0, encryted_real_name, encryted_credential_id });
  assert.equal(call.interpret({ status: 200, body }).realName, person.name);
  assert.equal(asked, 0);
  assert.equal(given.length, 3);
  assert.ok(given.every((bytes) => bytes.every((byte) => byte === 0)));
});

test('where a Buffer is no Uint8Array of the page’s, as in Jest with jsdom, the machine is believed and wiped as well', (t) => {
  const given = recorded(t);
  const file = path.join(installed, 'dist/index.cjs');
  const module = { exports: {} };
  vm.compileFunction(fs.readFileSync(file, 'utf8'), ['require', 'module', 'exports'], {
    filename: file,
    parsingContext: vm.createContext({ Buffer, process }),
  })(createRequire(file), module, module.exports);
  const merchant = module.exports.openMerchant({ ...files, engine: 'host' });
  assert.equal(merchant.sign(vector.timestamp), vector.sign);
  const [person] = vector.people;
  assert.equal(merchant.open(replyOf(person)).credentialId, person.number);
  assert.equal(given.length, 4);
  assert.ok(given.every((bytes) => bytes.length > 0 && bytes.every((byte) => byte === 0)));
});

test('a merchant that is closed while the machine computes is closed after that', (t) => {
  const merchant = openMerchant(files);
  replaced(t, 'privateDecrypt', (original, ...words) => {
    merchant.close();
    return original(...words);
  });
  assert.equal(merchant.sign(vector.timestamp), vector.sign);
  for (const call of [() => merchant.sign(1), () => merchant.engine]) assert.throws(call, { code: 'CLOSED' });
});

test('a key of three primes is the module’s, or the machine’s where that was asked for in vain', () => {
  const pem = threePrimes();
  const options = { mchId: '1900006511', privateKey: pem, certSerialNo: vector.serial };
  const merchant = openMerchant(options);
  assert.equal(merchant.engine, 'wasm');
  const text = Buffer.from(`cert_serialno=${vector.serial}&timestamp=1`);
  const sign = Buffer.from(merchant.sign(1), 'base64');
  assert.ok(crypto.verify('sha256', text, crypto.createPublicKey(pem), sign));
  assert.throws(() => openMerchant({ ...options, engine: 'host' }), { code: 'CONFIGURATION', field: 'engine' });
});

/** As `openssl genrsa -primes 3 2048` makes one, with numbers of Node's own. */
function threePrimes() {
  const number = (value) => {
    const digits = value.toString(16);
    const bytes = Buffer.from(digits.length % 2 ? `0${digits}` : digits, 'hex');
    return der(2, bytes[0] & 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes);
  };
  const e = 65537n;
  for (;;) {
    const primes = [682, 683, 684].map((bits) => crypto.generatePrimeSync(bits, { bigint: true }));
    const [p, q, r] = primes;
    const n = p * q * r;
    const phi = (p - 1n) * (q - 1n) * (r - 1n);
    if (n.toString(2).length !== 2048 || phi % e === 0n) continue;
    const d = inverse(e, phi);
    const third = der(0x30, number(r), number(d % (r - 1n)), number(inverse(p * q, r)));
    const parts = [1n, n, e, d, p, q, d % (p - 1n), d % (q - 1n), inverse(q, p)].map(number);
    const body = der(0x30, ...parts, der(0x30, third)).toString('base64');
    return `-----BEGIN RSA PRIVATE KEY-----\n${body.match(/.{1,64}/g).join('\n')}\n-----END RSA PRIVATE KEY-----\n`;
  }
}

function der(tag, ...parts) {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...size), content]);
}

function inverse(value, modulus) {
  let [a, b, x, y] = [value % modulus, modulus, 1n, 0n];
  while (a > 1n) [a, b, x, y] = [b % a, a, y - (b / a) * x, x];
  return ((x % modulus) + modulus) % modulus;
}

test('the whole call, over HTTP, is the same on both', async (t) => {
  const sandbox = await startSandbox();
  t.after(() => sandbox.close());
  const { appId, appSecret, baseUrl } = sandbox;
  for (const engine of ['host', 'wasm']) {
    const merchant = openMerchant({ ...sandbox.merchant, engine });
    const client = createClient({ appId, appSecret, baseUrl, merchant });
    const { authToken } = sandbox.addPerson({ realName: '䶮', credentialId: '11010519491231002X' });
    assert.deepEqual(await client.getRealNameInfo({ authToken }), { realName: '䶮', credentialId: '11010519491231002X' });
    assert.equal(merchant.engine, engine);
  }
});
