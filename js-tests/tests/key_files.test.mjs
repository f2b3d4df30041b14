// Every form of key and certificate file that openssl writes, and whatever Node's own parser reads.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { pathToFileURL } from 'node:url';

import { RealNameError, openMerchant } from 'wechat-realname';
import { folder, installed, keyFiles, vectors } from './support.mjs';

const written = JSON.parse(fs.readFileSync(keyFiles, 'utf8'));
const { mchId, serial, timestamp, sign } = written;
const bytes = (text) => new Uint8Array(Buffer.from(text, 'base64'));
const [certificate, key] = [bytes(written.certificate), bytes(written.key)];
const pem = Buffer.from(key).toString();

const optionsOf = ({ field, file, password, otherKeysSign }) => ({
  mchId,
  ...(field === 'p12' ? { p12: bytes(file) } : { privateKey: key, certificate, [field]: bytes(file) }),
  ...(password !== null && { password }),
  ...(otherKeysSign && { certificate: undefined, certSerialNo: serial }),
});

test('every file that openssl writes opens or is named for what it is', () => {
  for (const file of written.files) {
    if (file.refused === null) {
      const merchant = openMerchant(optionsOf(file));
      assert.equal(merchant.certSerialNo, serial, file.name);
      assert.equal(merchant.sign(timestamp), file.otherKeysSign ?? sign, file.name);
      continue;
    }
    assert.throws(() => openMerchant(optionsOf(file)), (error) => {
      assert.ok(error instanceof RealNameError, error.stack);
      assert.ok(['INVALID_KEY', 'KEY_MISMATCH'].includes(error.code), `${file.name}: ${error.stack}`);
      assert.ok(error.message.includes(file.refused), `${file.name}: ${error.message}`);
      assert.ok(!error.message.includes(file.file.slice(0, 40)));
      return true;
    });
  }
  assert.ok(written.files.length > 60);
});

test('files as texts: a p12 in base64, keys as strings', () => {
  const p12 = written.files.find(({ name }) => name.startsWith('p12 of old:'));
  assert.equal(openMerchant({ mchId, p12: p12.file }).sign(timestamp), sign);
  assert.equal(openMerchant({ mchId, p12: p12.file, certSerialNo: serial }).sign(timestamp), sign);
  assert.equal(openMerchant({ mchId, privateKey: `${pem}${Buffer.from(certificate)}` }).sign(timestamp), sign);
  assert.equal(openMerchant({ mchId, privateKey: pem, certificate, password: 'of no use' }).sign(timestamp), sign);
});

test('options that contradict each other, or are of the wrong kind', () => {
  const p12 = bytes(written.files.find(({ name }) => name.startsWith('p12 of today')).file);
  for (const [options, code, field] of [
    [{ mchId, p12, privateKey: pem }, 'INVALID_ARGUMENT', 'p12'],
    [{ mchId, p12, certSerialNo: vectors[1].serial }, 'KEY_MISMATCH', undefined],
    [{ mchId, p12: '' }, 'INVALID_ARGUMENT', 'p12'],
    [{ mchId, p12: 7 }, 'INVALID_ARGUMENT', 'p12'],
    [{ mchId, p12, password: 7 }, 'INVALID_ARGUMENT', 'password'],
    [{ mchId: 'x', p12 }, 'INVALID_ARGUMENT', 'mchId'],
    [{ mchId: '1900000001', p12 }, 'INVALID_KEY', 'password'],
    [{ mchId, password: 'x' }, 'INVALID_ARGUMENT', 'privateKey'],
  ]) {
    assert.throws(() => openMerchant(options), (error) => {
      assert.deepEqual([error.name, error.code, error.field], ['RealNameError', code, field], error.stack);
      return true;
    });
  }
});

/** Numbers below a bound, always the same ones, so that a failure can be repeated. */
function generator(state) {
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % below;
  };
}

/** Reads the key with Node's own parser: whether it is a plain RSA key that openMerchant's policy admits. */
function nodeReads(file) {
  try {
    const read = crypto.createPrivateKey(typeof file === 'string' ? file : Buffer.from(file));
    const { modulusLength } = read.asymmetricKeyDetails;
    return read.asymmetricKeyType === 'rsa' && modulusLength >= 2048 && modulusLength <= 8192;
  } catch {
    return false;
  }
}

test('whatever Node reads as a key, openMerchant reads', () => {
  const sources = [pem, Buffer.from(bytes(written.files.find(({ name }) => name === 'PKCS#8 PEM').file)).toString()];
  const random = generator(20261120);
  const pick = (list) => list[random(list.length)];
  const inserted = [' ', '\t', '\n', '\r\n', '\r', '\n\n', '\u{feff}', '\\n', '=', '-', ':', '#', '\0', 'é'];
  const changes = [
    (text) => { const at = random(text.length); return text.slice(0, at) + pick(inserted) + text.slice(at); },
    (text) => { const at = text.indexOf('\n', random(text.length)); return text.slice(0, at) + pick(inserted) + text.slice(at); },
    (text) => text.replace(/\n/g, pick(['\r\n', ' \n', '\n\n', '\t\n', '\r', ' '])),
    (text) => text.replace(/(?<=-----\n)[^-]+(?=\n-----END)/, (body) => {
      const width = pick([16, 48, 64, 65, 76, 100, 1000, 5000]);
      return body.replace(/\n/g, '').replace(new RegExp(`.{${width}}`, 'g'), '$&\n').trim();
    }),
    (text) => pick(['', '\n', 'remark\n', 'Bag Attributes\n    localKeyID: 01\n', '\u{feff}', ' ', '# key\n']) + text,
    (text) => text + pick(['', '\n', 'remark', ' ', '\0', Buffer.from(certificate).toString()]),
    (text) => Buffer.from(certificate).toString() + text,
    (text) => text.replace(/BEGIN (RSA )?PRIVATE/, pick(['BEGIN PRIVATE', 'BEGIN RSA PRIVATE', 'BEGIN ANY PRIVATE'])),
    (text) => text.replace(/END (RSA )?PRIVATE/, pick(['END PRIVATE', 'END RSA PRIVATE'])),
    (text) => text.slice(random(3), text.length - random(3)),
  ];
  let read = 0;
  for (let round = 0; round < 1500; round++) {
    let text = pick(sources);
    for (let change = 0; change <= random(3); change++) text = pick(changes)(text);
    for (const file of [text, Buffer.from(text)]) {
      if (!nodeReads(file)) continue;
      read += 1;
      const merchant = openMerchant({ mchId, privateKey: file, certificate });
      if (round % 50 === 0) assert.equal(merchant.sign(timestamp), sign);
      merchant.close();
    }
  }
  assert.ok(read > 300, `${read} of 3000`);
});

const { n, e, d, p, q, dp, dq, qi } = crypto.createPrivateKey(pem).export({ format: 'jwk' });
const parts = [n, e, d, p, q, dp, dq, qi].map((part) => Buffer.from(part, 'base64url'));

/** Tag, length and value; the length as DER has it, in `octets` octets, or open. */
function tlv(tag, value, octets) {
  const shortest = value.length > 255 ? 2 : value.length > 127 ? 1 : 0;
  const width = octets ?? shortest;
  if (width === 'open') return Buffer.concat([Buffer.from([tag, 0x80]), value, Buffer.alloc(2)]);
  const length = Buffer.alloc(width);
  if (width > 0) length.writeUIntBE(value.length, Math.max(width - 6, 0), Math.min(width, 6));
  return Buffer.concat([Buffer.from([tag, width > 0 ? 0x80 | width : value.length]), length, value]);
}
const integer = (value, zeros = value[0] >> 7, octets) => tlv(2, Buffer.concat([Buffer.alloc(zeros), value]), octets);

test('whatever Node reads of DER that is not quite DER, openMerchant reads', () => {
  const oid = Buffer.from('06092a864886f70d010101', 'hex');
  const keys = [];
  for (const octets of [undefined, 2, 3, 4, 6, 'open']) {
    for (const zeros of [undefined, 0, 1, 3]) {
      for (const version of [0, 7]) {
        const numbers = [integer(Buffer.from([version])), ...parts.map((part) => integer(part, zeros))];
        const pkcs1 = tlv(0x30, Buffer.concat(numbers), octets);
        keys.push(pkcs1);
        for (const parameters of [Buffer.from('0500', 'hex'), Buffer.alloc(0)]) {
          const algorithm = tlv(0x30, Buffer.concat([oid, parameters]));
          const whole = Buffer.concat([integer(Buffer.alloc(1)), algorithm, tlv(4, pkcs1)]);
          keys.push(tlv(0x30, whole, octets));
          // Attributes, and something after it all.
          keys.push(tlv(0x30, Buffer.concat([whole, tlv(0xa0, tlv(0x30, Buffer.concat([Buffer.from('0603550403', 'hex'), tlv(0x31, tlv(0x13, Buffer.from('x')))])))]), octets));
          keys.push(Buffer.concat([tlv(0x30, whole, octets), Buffer.from('after')]));
        }
      }
    }
  }
  let read = 0;
  for (const der of keys) {
    const asPem = `-----BEGIN PRIVATE KEY-----\n${der.toString('base64')}\n-----END PRIVATE KEY-----\n`;
    const node = ['pkcs1', 'pkcs8'].some((type) => {
      try {
        return crypto.createPrivateKey({ key: der, format: 'der', type }).asymmetricKeyType === 'rsa';
      } catch {
        return false;
      }
    });
    for (const [reads, privateKey] of [[node, der], [nodeReads(asPem), asPem]]) {
      if (!reads) continue;
      read += 1;
      assert.equal(openMerchant({ mchId, privateKey, certificate }).sign(timestamp), sign, der.toString('hex'));
    }
  }
  assert.ok(read > 100, `${read} of ${2 * keys.length}`);
});

test('keys whose parts do not fit are refused, and what can be computed from the others is', () => {
  const names = ['n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi'];
  const open = (parts) => {
    const privateKey = tlv(0x30, Buffer.concat([integer(Buffer.alloc(1)), ...parts.map((part) => integer(part))]));
    return openMerchant({ mchId, privateKey, certificate });
  };
  const changed = (index, value) => parts.map((part, at) => (at === index ? value(Buffer.from(part)) : part));
  const flipped = (index) => changed(index, (part) => { part[part.length - 1] ^= 4; return part; });
  assert.equal(open(parts).sign(timestamp), sign);
  for (const index of [0, 1, 2, 3, 4]) {
    assert.throws(() => open(flipped(index)), { code: 'INVALID_KEY', field: 'privateKey' }, names[index]);
  }
  for (const index of [5, 6, 7]) assert.equal(open(flipped(index)).sign(timestamp), sign, names[index]);
  for (const [e, says] of [[[1], /even or below 3/], [[2], /even or below 3/], [[1, 0, 0, 0, 1], /more than 32 bits/], [[3], /do not fit/]]) {
    assert.throws(() => open(changed(1, () => Buffer.from(e))), { code: 'INVALID_KEY', message: says });
  }
  assert.throws(() => open(changed(0, () => Buffer.alloc(1025, 0x7f))), { code: 'INVALID_KEY', message: /2048 to 8192 bits/ });
});

test('a report says what was checked, and what could not be', () => {
  const merchant = openMerchant({ mchId, privateKey: pem, certificate });
  const report = merchant.report();
  assert.deepEqual([report.mchId, report.certSerialNo, report.bits], [mchId, serial, 2048]);
  const x509 = new crypto.X509Certificate(certificate);
  assert.equal(report.certificate.notAfter, Date.parse(x509.validTo) / 1000);
  assert.equal(report.certificate.notBefore, Date.parse(x509.validFrom) / 1000);
  assert.match(report.certificate.subject, /^CN=1900006511,.*O=微信商户系统,C=CN$/);
  const states = ({ findings }) => findings.map(({ check, state }) => `${check} ${state}`);
  assert.deepEqual(states(report), ['key passed', 'serial passed', 'validity passed', 'merchantNumber passed']);
  const late = merchant.report({ now: report.certificate.notAfter + 1 });
  assert.match(late.findings.find(({ state }) => state === 'warning').message, /expired on 2095-/);
  const other = openMerchant({ mchId: '1900000001', privateKey: pem, certificate }).report();
  assert.deepEqual(states(other).filter((state) => state.endsWith('warning')), ['merchantNumber warning']);
  const without = openMerchant({ mchId, privateKey: pem, certSerialNo: serial }).report();
  assert.equal(without.certificate, undefined);
  assert.ok(without.findings.every(({ state, message }) => state === 'not_checked' && /no certificate given$/.test(message)));
  assert.throws(() => merchant.report({ now: Date.now() }), { code: 'INVALID_ARGUMENT', field: 'now' });
  merchant.close();
  assert.throws(() => merchant.report(), { code: 'CLOSED' });
});

test('plain PEM never loads the second module', (t) => {
  const script = path.join(folder(t), 'plain.cjs');
  fs.writeFileSync(
    script,
    `const { openMerchant } = require(${JSON.stringify(`${installed}dist/index.cjs`)});
     const loaded = () => Object.keys(require.cache).some((file) => file.endsWith('extras.cjs'));
     const { mchId, key, certificate, files } = require(${JSON.stringify(keyFiles)});
     openMerchant({ mchId, privateKey: Buffer.from(key, 'base64'), certificate: Buffer.from(certificate, 'base64') }).sign(1);
     const before = loaded();
     openMerchant({ mchId, p12: files.find(({ name }) => name.startsWith('p12')).file });
     console.log(before, loaded());`,
  );
  assert.equal(execFileSync(process.execPath, [script], { encoding: 'utf8' }), 'false true\n');
});

test('a browser reads plain files, and says so of the others', async () => {
  const { openMerchant: open } = await import(pathToFileURL(`${installed}dist/browser.mjs`).href);
  assert.equal(open({ mchId, privateKey: key, certificate }).sign(timestamp), sign);
  const { file } = written.files.find(({ name }) => name.startsWith('p12'));
  assert.throws(() => open({ mchId, p12: file }), { code: 'CONFIGURATION', field: 'p12', message: /openssl pkcs12/ });
  assert.throws(() => open({ mchId, privateKey: key, password: 'p' }), { code: 'CONFIGURATION', field: 'password' });
});

test('hostile p12 files end in an error, and the module still serves', () => {
  // Those whose inside no MAC and no password keeps from being read, and some that are encrypted.
  const wanted = /without MAC$|nothing encrypted|^p12 of today|^p12 of old:|BouncyCastle/;
  const good = written.files.filter(({ field, refused, name }) => field === 'p12' && refused === null && wanted.test(name));
  assert.equal(good.length, 5);
  const random = generator(7);
  for (let round = 0; round < 300; round++) {
    const { file } = good[round % good.length];
    let p12 = bytes(file);
    for (let change = 0; change <= random(3); change++) p12[random(Math.min(p12.length, round % 2 ? 200 : p12.length))] = random(256);
    if (round % 7 === 0) p12 = p12.slice(0, random(p12.length));
    try {
      openMerchant({ mchId, p12 });
    } catch (error) {
      assert.ok(error instanceof RealNameError && error.code !== 'INTERNAL', error.stack);
    }
  }
  assert.equal(openMerchant({ mchId, p12: good[0].file }).sign(timestamp), sign);
});
