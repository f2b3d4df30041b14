// What is left in the module's memory: nothing of a key once it is closed, nothing of a person once a reply is opened.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import test from 'node:test';

import { startSandbox } from 'wechat-realname/sandbox';
import { copyOfPackage, keyFiles, vectors } from './support.mjs';

/** A copy of the package, with the memory of each instance that it makes. */
function watched() {
  const memories = [];
  let calls = 0;
  const { fresh, restore } = copyOfPackage((exports) => {
    memories.push(exports.memory);
    const { merchanthandle_sign: sign } = exports;
    const counted = (...words) => {
      calls += 1;
      return sign(...words);
    };
    return { ...exports, ...(sign && { merchanthandle_sign: counted }) };
  });
  /** `entered`: how often `sign` got as far as into the module. */
  return { fresh, memories, entered: () => calls, restore };
}

/**
 * The names of those secrets of which some bytes in a row are in a memory: any 12 of a number, any 24 of a file, whose
 * beginnings are the same in every file and in the code that reads them.
 */
function residue(memories, secrets) {
  const found = [];
  for (const memory of memories) {
    const bytes = Buffer.from(memory.buffer);
    for (const [name, secret] of secrets) {
      const [window, step] = /PEM|DER/.test(name) ? [16, 8] : [8, 4];
      for (let at = 0; at === 0 || at + window <= secret.length; at += step) {
        const place = bytes.indexOf(secret.subarray(at, at + window));
        if (place < 0) continue;
        found.push(`${name} (byte ${at}) at ${place}`);
        break;
      }
    }
  }
  return found;
}

function secretsOf(pem) {
  const body = pem.split('\n').filter((line) => line && !line.startsWith('-')).join('');
  const { n, d, p, q, dp, dq, qi } = crypto.createPrivateKey(pem).export({ format: 'jwk' });
  const secrets = [
    ['PEM', Buffer.from(body)],
    ['PEM in lines', Buffer.from(pem.slice(pem.indexOf('\n') + 1, pem.lastIndexOf('-----END') - 1))],
    ['DER', Buffer.from(body, 'base64')],
  ];
  // n is no secret, but it is worked on as they are: what is left of it would be left of them by the next compiler.
  for (const [name, value] of Object.entries({ n, d, p, q, dp, dq, qi })) {
    const bytes = Buffer.from(value, 'base64url');
    // Limbs are little-endian, the least first.
    secrets.push([name, bytes], [`${name} in limbs`, Buffer.from(bytes).reverse()]);
  }
  return secrets;
}

const cases = vectors.flatMap((vector) => ['host', 'wasm'].map((engine) => ({ ...vector, engine })));
for (const { bits, pkcs8, pkcs1, certificate, timestamp, sign, people, engine } of cases) {
  test(`after close nothing of a key of ${bits} bits is in memory, after open nothing of a person (${engine})`, () => {
    const { fresh, memories, restore } = watched();
    try {
      const files = { mchId: '1900006511', certificate, engine };
      const secrets = secretsOf(pkcs8);

      // Nothing between: what open itself leaves.
      for (const privateKey of [pkcs8, pkcs1, Buffer.from(pkcs8), Buffer.from(secrets[2][1])]) {
        const merchant = fresh.openMerchant({ ...files, privateKey });
        // The scan finds what is there.
        const alive = residue(memories, secrets).join();
        for (const part of ['d in limbs', 'p in limbs', 'q in limbs']) assert.ok(alive.includes(part), alive);
        assert.doesNotMatch(alive, /PEM|DER/);
        merchant.close();
        assert.deepEqual(residue(memories, secrets), []);
      }

      // Opens that fail, before and after the key was read.
      const damaged = Buffer.from(secrets[2][1]);
      damaged[Math.floor(damaged.length * 0.4)] ^= 1;
      const other = vectors.find((vector) => vector.bits !== bits);
      for (const wrong of [
        { privateKey: damaged },
        { privateKey: pkcs8, certificate: other.certificate },
        { privateKey: pkcs8, certSerialNo: other.serial },
        { privateKey: pkcs8, certificate: undefined },
        { privateKey: pkcs8, certificate: pkcs8 },
        { privateKey: pkcs8.slice(0, -100) },
      ]) {
        assert.throws(() => fresh.openMerchant({ ...files, ...wrong }));
        assert.deepEqual(residue(memories, secrets), [], Object.keys(wrong).join());
      }

      const merchant = fresh.openMerchant({ ...files, privateKey: pkcs8 });
      for (const { name, number, encryted_real_name: realName, encryted_credential_id: credentialId } of people) {
        assert.equal(merchant.open({ realName, credentialId }).realName, name);
        const person = [['number', Buffer.from(number)]];
        // One character is two bytes, which are anywhere.
        if (name.length > 1) person.push(['name', Buffer.from(name)], ['name in GBK', inGbk(name)]);
        assert.deepEqual(residue(memories, person), []);
        assert.throws(() => merchant.open({ realName: credentialId, credentialId: realName }));
        assert.deepEqual(residue(memories, person), []);
      }
      assert.equal(merchant.sign(timestamp), sign);
      merchant.report();
      merchant.close();
      assert.deepEqual(residue(memories, secrets), []);
      assert.equal(memories.length, 1);
    } finally {
      restore();
    }
  });
}

/** The name's bytes as they were encrypted: TextEncoder has no GBK, so they are looked up the slow way. */
function inGbk(name) {
  const decoder = new TextDecoder('gb18030');
  return Buffer.concat(
    [...name].map((c) => {
      for (let lead = 0x81; lead < 0xff; lead++) {
        for (let trail = 0x40; trail < 0xff; trail++) {
          const pair = Buffer.from([lead, trail]);
          if (decoder.decode(pair) === c) return pair;
        }
      }
      return Buffer.alloc(0);
    }),
  );
}

test('after a fault the memory that held the keys is wiped', () => {
  const [{ pkcs8, certificate, timestamp, sign }] = vectors;
  const options = { mchId: '1900006511', privateKey: pkcs8, certificate, engine: 'wasm' };
  const secrets = secretsOf(pkcs8);
  let insideTheModule = 0;
  // Each time with a little more stack left, in a fresh package: no earlier error has prepared anything.
  for (let left = 0; insideTheModule < 3; left += 1) {
    const { fresh, memories, entered, restore } = watched();
    try {
      const merchant = fresh.openMerchant(options);
      assert.notDeepEqual(residue(memories, secrets), []);
      // Compiling a function takes more stack than running it.
      merchant.sign(1);
      let thrown;
      let frames = 0;
      const nearTheEnd = () => {
        try {
          nearTheEnd();
        } catch {
          // Back up, so many frames, and one try from there.
        }
        frames += 1;
        if (frames !== left) return;
        try {
          merchant.sign(1);
        } catch (error) {
          thrown = error;
        }
      };
      nearTheEnd();
      // Enough stack for all of it: then there was none of this to see.
      assert.ok(thrown || left === 0, `${insideTheModule} before ${left}`);
      // The end came before the module was asked for anything, as it may for every function.
      if (entered() === 1) continue;
      insideTheModule += 1;
      // With luck there is stack enough to say what happened; if not, the next call cleans up.
      assert.ok(thrown.code === 'INTERNAL' || thrown instanceof RangeError, thrown.stack);
      merchant.close();
      assert.deepEqual(residue(memories, secrets), []);
      assert.throws(() => merchant.sign(1), { code: 'INTERNAL', message: /open it again/ });
      assert.equal(fresh.openMerchant(options).sign(timestamp), sign);
    } finally {
      restore();
    }
  }
});

test('the readers of files under a password leave nothing either', () => {
  const written = JSON.parse(fs.readFileSync(keyFiles, 'utf8'));
  const pem = Buffer.from(written.key, 'base64').toString();
  const secrets = [
    ...secretsOf(pem),
    ['DER of PKCS#8', crypto.createPrivateKey(pem).export({ format: 'der', type: 'pkcs8' })],
    ['password', Buffer.from('correct-horse')],
  ];
  const { fresh, memories, restore } = watched();
  try {
    // scrypt last: its 16 MiB stay part of the memory and make every scan slow.
    const inOrder = [...written.files].sort((a, b) => a.name.includes('scrypt') - b.name.includes('scrypt'));
    for (const { name, field, file, password, refused } of inOrder) {
      const isRead = field === 'p12' || (password && field === 'privateKey');
      // Whatever takes a million iterations goes through the same readers as the others.
      if (!isRead || /iterations|GnuTLS|NSS|Java|RC2-128|chain|SHA-512|SHA-1 MAC and AES/.test(name)) continue;
      const given = Buffer.from(file, 'base64');
      const options = {
        mchId: written.mchId,
        ...(field === 'p12' ? { p12: given } : { privateKey: given, certificate: Buffer.from(written.certificate, 'base64') }),
        ...(password !== null && { password }),
      };
      if (refused === null) fresh.openMerchant(options).close();
      else assert.throws(() => fresh.openMerchant(options));
      assert.deepEqual(residue(memories, secrets), [], name);
      // The caller's own bytes are the caller's.
      assert.ok(given.equals(Buffer.from(file, 'base64')));
    }
    assert.equal(memories.length, 2);
  } finally {
    restore();
  }
});

test('after a push is opened nothing of the channel’s keys and of the event is in memory', async (t) => {
  const sandbox = await startSandbox();
  t.after(() => sandbox.close());
  const { fresh, memories, restore } = watched();
  try {
    const { componentAppId: appId, token } = sandbox.platform;
    // Whose letters stand nowhere else.
    const encodingAesKey = 'Q7vTzLm2XwR9bYcK4nHsJ8dGpF3aUeWiOo6tMlBkVx5';
    sandbox.setEncodingAesKey(encodingAesKey);
    const newKey = 'aKeyForPushTestsWhoseLastCharacterHasSpare3';
    const channel = fresh.openPushChannel({ token, encodingAesKey: newKey, previousEncodingAesKey: encodingAesKey, appId });
    const trial = { enterpriseName: '夏侯兄弟（测试）科技有限公司', legalPersonaName: '夏侯惇夏侯渊', componentPhone: '13811112222' };
    const { appId: about } = sandbox.addTrial(trial);
    const secrets = [
      ['token', Buffer.from(token)],
      ...[encodingAesKey, newKey].flatMap((key) => [
        ['EncodingAESKey', Buffer.from(key)],
        ['AES key', Buffer.from(key, 'base64')],
      ]),
      ...Object.entries(trial).map(([name, value]) => [name, Buffer.from(value)]),
    ];
    for (const order of [{ kind: 'beta', appId: about }, { kind: 'beta', appId: about, fault: 'padding' }, { kind: 'ticket' }]) {
      const { query, body } = sandbox.makePush(order);
      const { msg_signature: msgSignature, timestamp, nonce } = query;
      let ticket;
      try {
        ticket = channel.open({ msgSignature, timestamp, nonce, body }).componentVerifyTicket;
      } catch (error) {
        assert.equal(error.code, 'MALFORMED_PUSH');
      }
      const found = residue(memories, [...secrets, ...(ticket ? [['ticket', Buffer.from(ticket)]] : [])]);
      assert.deepEqual(found, [], JSON.stringify(order));
    }
    assert.equal(memories.length, 1);
  } finally {
    restore();
  }
});

test('after a face check nothing of name and number is in memory, after a reply nothing of a patient and the key', () => {
  const { fresh, memories, restore } = watched();
  try {
    const [name, number, phone] = ['夏侯惇夏侯渊', '310101199801011234', '13811112222'];
    // Whose letters stand nowhere else.
    const key = 'Zq7vTzLm2XwR9bYcK4nHsJ8dGpF3aUeW';
    const secrets = Object.entries({ name, number, phone, key, code: 'canary-of-a-patient' }).flatMap(([of, secret]) => [
      [of, Buffer.from(secret)],
      [`${of} in base64`, Buffer.from(Buffer.from(secret).toString('base64'))],
    ]);
    const nothingIsLeft = (of) => assert.deepEqual(residue(memories, secrets), [], of);

    const token = { accessToken: 't' };
    const begun = fresh.operations.getVerifyId({ certName: name, certNo: number, openid: 'o' }, token);
    nothingIsLeft('request of getVerifyId');
    const { outSeqNo, certHash } = begun.interpret({ status: 200, body: '{"verify_id":"v"}' });
    secrets.push(['certHash', Buffer.from(certHash)], ['certHash as bytes', Buffer.from(certHash, 'hex')]);
    nothingIsLeft('getVerifyId');
    for (const whom of [{ certHash }, { certName: name, certNo: number }]) {
      const asked = fresh.operations.queryVerifyInfo({ verifyId: 'v', outSeqNo, openid: 'o', ...whom }, token);
      nothingIsLeft('request of queryVerifyInfo');
      assert.ok(asked.interpret({ status: 200, body: '{"errcode":0,"verify_ret":10000}' }).passed);
      nothingIsLeft('queryVerifyInfo');
    }

    const patient = { real_name: name, id_card_no: number, id_card_type: 1, phone, timestamp: 1_795_276_799 };
    const call = { openid: 'o', wxmedAuthcode: 'canary-of-a-patient' };
    for (const [text, under, code] of [
      [JSON.stringify(patient), key],
      [JSON.stringify(patient).slice(1), key, 'DECRYPTION_FAILED'],
      [JSON.stringify({ ...patient, timestamp: 'canary' }), key, 'DECRYPTION_FAILED'],
      [JSON.stringify(patient), [...key].reverse().join(''), 'DECRYPTION_FAILED'],
    ]) {
      const asked = fresh.operations.getMedicalRealName(call, { ...token, appId: 'wx', medicalKeys: { 0: key } });
      nothingIsLeft('request of getMedicalRealName');
      const cipher = crypto.createCipheriv('aes-256-ecb', under, null);
      const reply = JSON.stringify({ cipher_real_name: cipher.update(text, 'utf8', 'base64') + cipher.final('base64') });
      if (code) assert.throws(() => asked.interpret({ status: 200, body: reply }), { code });
      else assert.equal(asked.interpret({ status: 200, body: reply }).idCardNo, number);
      nothingIsLeft(`getMedicalRealName ${code}`);
    }
    assert.equal(memories.length, 1);
  } finally {
    restore();
  }
});
