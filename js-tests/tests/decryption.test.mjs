// What a wrong key and a damaged reply come to: always the same error, never a person.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { RealNameError, openMerchant, operations } from 'wechat-realname';
import { folder, installed, root, vectors } from './support.mjs';

const [vector] = vectors;
const merchant = openMerchant({ mchId: '1900006511', privateKey: vector.pkcs8, certificate: vector.certificate });
const publicKey = new crypto.X509Certificate(vector.certificate).publicKey;
const [{ encryted_real_name: goodName, encryted_credential_id: goodNumber }] = vector.people;

const seal = (plaintext, key = publicKey) =>
  crypto.publicEncrypt({ key, padding: crypto.constants.RSA_PKCS1_PADDING }, Buffer.from(plaintext)).toString('base64');
const raw = (block) =>
  crypto.publicEncrypt({ key: publicKey, padding: crypto.constants.RSA_NO_PADDING }, block).toString('base64');

/** Reads one reply, both ways: the handle's and the operation's. */
function failures(realName, credentialId) {
  const reply = JSON.stringify({ encryted_real_name: realName, encryted_credential_id: credentialId });
  const call = operations.getRealNameInfo({ authToken: 't' }, { accessToken: 'token', merchant });
  return [
    () => merchant.open({ realName, credentialId }),
    () => call.interpret({ status: 200, body: reply }),
  ].map((open) => {
    try {
      open();
    } catch (error) {
      return error;
    }
    throw new Error('it opened');
  });
}

test('500 damaged replies of every kind make one error', () => {
  const number = '11010519491231002X';
  const block = (change) => {
    const em = Buffer.alloc(256, 0x5a);
    em[0] = 0;
    em[1] = 2;
    em[256 - 19] = 0;
    em.write(number, 256 - 18, 'latin1');
    change(em);
    return raw(em);
  };
  const kinds = [
    // The ciphertext.
    ...Array.from({ length: 200 }, (_, at) => {
      const bytes = Buffer.from(goodNumber, 'base64');
      bytes[255 - at] ^= 1 << at % 8;
      return bytes.toString('base64');
    }),
    ...Array.from({ length: 50 }, () => raw(Buffer.concat([Buffer.alloc(1), crypto.randomBytes(255)]))),
    ...Array.from({ length: 50 }, (_, fill) => Buffer.concat([Buffer.alloc(1), Buffer.alloc(255, fill)]).toString('base64')),
    Buffer.alloc(256, 0xff).toString('base64'),
    // The padding.
    ...Array.from({ length: 20 }, (_, first) => block((em) => (em[0] = 1 + first))),
    ...Array.from({ length: 20 }, (_, second) => block((em) => (em[1] = second < 2 ? second : second + 1))),
    ...Array.from({ length: 8 }, (_, at) => block((em) => (em[2 + at] = 0))),
    block((em) => em.fill(0x5a, 2)),
    block((em) => em.fill(0x5a, 2, 255).fill(0, 255)),
    // What is in it.
    ...['', ' ', '1', number.slice(1), `${number}0`, '110105194912310021', '11010519491331002X', '１1010519491231002X', '\0'.repeat(18)].map((text) => seal(text)),
  ];
  const names = [
    ...['', '\0', '\n', '张三', '\u{feff}', 'a'.repeat(65)].map((text) => seal(text)),
    ...['80', 'd5', 'd5c580', 'ff', 'aaa1', '8136a731', '84319533', 'd5c50a', 'd5c57f'].map((hex) => seal(Buffer.from(hex, 'hex'))),
  ];
  const cases = [...kinds.map((bad) => [goodName, bad]), ...names.map((bad) => [bad, goodNumber]), [goodNumber, goodName]];
  cases.push(...kinds.slice(0, 200).map((bad, at) => [names[at % names.length], bad]));
  assert.ok(cases.length >= 500, String(cases.length));

  const shapes = new Set();
  const texts = new Set();
  for (const [realName, credentialId] of cases) {
    for (const error of failures(realName, credentialId)) {
      assert.ok(error instanceof RealNameError);
      texts.add(JSON.stringify(error));
      shapes.add(JSON.stringify([error.constructor.name, error.name, error.message, Reflect.ownKeys(error).map(String)]));
    }
  }
  assert.equal(texts.size, 1, [...texts].join('\n'));
  assert.equal(shapes.size, 1, [...shapes].join('\n'));
  const [text] = texts;
  assert.equal(JSON.parse(text).code, 'DECRYPTION_FAILED');
  // The stack as well, from one and the same place.
  const stacks = new Set(cases.map(([realName, credentialId]) => {
    try {
      return merchant.open({ realName, credentialId });
    } catch (error) {
      return error.stack;
    }
  }));
  assert.equal(stacks.size, 1);
});

test('a damaged name beside a good number is refused, or junk: nothing but TLS vouches for it', () => {
  let opened = 0;
  for (let at = 0; at < 200; at++) {
    const bytes = Buffer.from(goodName, 'base64');
    bytes[255 - at] ^= 0x10;
    try {
      const { realName } = merchant.open({ realName: bytes.toString('base64'), credentialId: goodNumber });
      assert.notEqual(realName, vector.people[0].name);
      opened += 1;
    } catch (error) {
      assert.equal(error.code, 'DECRYPTION_FAILED');
    }
  }
  // Random bytes pass for a name about 1 time in 40 (SECURITY.md says so).
  assert.ok(opened <= 15, `${opened} of 200`);
});

test('a wrong length is an error of its own: it is public', () => {
  for (const length of [0, 1, 255, 257, 384, 512]) {
    const wrong = Buffer.alloc(length, 1).toString('base64');
    const [opened, interpreted] = failures(goodName, wrong);
    assert.deepEqual([opened.code, opened.field], ['INVALID_ARGUMENT', 'credentialId']);
    assert.equal(interpreted.code, 'MALFORMED_RESPONSE');
  }
});

test('names as they come: minorities’ dots and rare characters stay as sent', () => {
  const number = seal('11010519491231002X');
  for (const [hex, name] of [
    ['b0a2d2c0b9c5c0f6a1a4c2f2c2f2cce1', '阿依古丽·买买提'],
    ['b0a2a3aec2f2', '阿．买'],
    ['b0a28136a631c2f2', '阿•买'],
    ['d6a3ceb0', '郑伟'],
    ['d0bbc7bf', '谢强'],
    ['cebacfbc', '魏霞'],
    ['fe9f', '䶮'],
    ['c1f58230b731', '刘㛃'],
    ['c0ee9933a932', '李𬭎'],
    ['4a6f686e', 'John'],
  ]) {
    assert.equal(merchant.open({ realName: seal(Buffer.from(hex, 'hex')), credentialId: number }).realName, name);
  }
});

test('entropy comes from the host where there is no global crypto, and without any there is NO_ENTROPY', (t) => {
  const made = folder(t);
  const file = path.join(root, 'tests/vectors/openssl.json');
  const body = `
    const [{ pkcs8, certificate, timestamp, sign, people }] = JSON.parse(fs.readFileSync(${JSON.stringify(file)}));
    const merchant = openMerchant({ mchId: '1900006511', privateKey: pkcs8, certificate });
    const attempt = (work) => { try { return work(); } catch (error) { return error.code; } };
    const [{ name, encryted_real_name: realName, encryted_credential_id: credentialId }] = people;
    const context = { accessToken: 'token', merchant };
    console.log(
      typeof globalThis.crypto,
      attempt(() => merchant.sign(timestamp) === sign),
      attempt(() => merchant.open({ realName, credentialId }).realName === name),
      attempt(() => operations.getRealNameInfo({ authToken: 't' }, context).request.method),
    );`;
  const entry = JSON.stringify(`${installed}dist/`).slice(0, -1);
  fs.writeFileSync(
    path.join(made, 'node.cjs'),
    `delete globalThis.crypto; const fs = require('fs'); const { openMerchant, operations } = require(${entry}index.cjs");${body}`,
  );
  fs.writeFileSync(
    path.join(made, 'browser.mjs'),
    `import fs from 'node:fs'; import { openMerchant, operations } from ${entry}browser.mjs"; delete globalThis.crypto;${body}`,
  );
  const said = (script) => execFileSync(process.execPath, [path.join(made, script)], { encoding: 'utf8' });
  assert.equal(said('node.cjs'), 'undefined true true POST\n');
  assert.equal(said('browser.mjs'), 'undefined NO_ENTROPY NO_ENTROPY NO_ENTROPY\n');
});

test('using closes a merchant', () => {
  const dispose = Symbol.dispose ?? Symbol.for('Symbol.dispose');
  const used = openMerchant({ mchId: '1900006511', privateKey: vector.pkcs8, certificate: vector.certificate });
  used[dispose]();
  assert.throws(() => used.sign(1), { code: 'CLOSED' });
  used[dispose]();
});
