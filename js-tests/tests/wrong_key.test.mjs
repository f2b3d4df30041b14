// 10,000 records encrypted for one merchant, opened with the key of another: no person, and one error.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import test from 'node:test';

import { openMerchant } from 'wechat-realname';
import { startSandbox } from 'wechat-realname/sandbox';
import { vectors } from './support.mjs';

const RECORDS = 10_000;

test(`${RECORDS} records for another key: 0 results, one error`, async () => {
  const [{ certificate }] = vectors;
  const key = new crypto.X509Certificate(certificate).publicKey;
  const sandbox = await startSandbox();
  // Of the same size, so that the length check lets everything through.
  const merchant = openMerchant(sandbox.merchant);
  await sandbox.close();
  const seal = (text) => crypto.publicEncrypt({ key, padding: crypto.constants.RSA_PKCS1_PADDING }, text).toString('base64');
  // The surnames' first bytes in GBK and some more: any Han character of GB 2312.
  const name = () => Buffer.from(Array.from({ length: 2 + crypto.randomInt(3) }, () => [0xb0 + crypto.randomInt(0x47), 0xa1 + crypto.randomInt(0x5e)]).flat());
  const number = () => {
    const digits = `110105${19 + crypto.randomInt(2)}${String(crypto.randomInt(100)).padStart(2, '0')}0${1 + crypto.randomInt(9)}1${crypto.randomInt(10)}${String(crypto.randomInt(1000)).padStart(3, '0')}`;
    const sum = [...digits].reduce((total, digit, at) => total + Number(digit) * (2 ** (17 - at) % 11), 0);
    return `${digits}${'10X98765432'[sum % 11]}`;
  };
  // That these are records at all: the merchant they are for opens them.
  const theirs = openMerchant({ mchId: '1900006511', privateKey: vectors[0].pkcs8, certificate });
  for (let record = 0; record < 10; record++) {
    const known = number();
    assert.equal(theirs.open({ realName: seal(name()), credentialId: seal(Buffer.from(known)) }).credentialId, known);
  }

  const errors = new Map();
  for (let record = 0; record < RECORDS; record++) {
    const sealed = { realName: seal(name()), credentialId: seal(Buffer.from(number())) };
    assert.throws(() => merchant.open(sealed), (error) => {
      const text = JSON.stringify(error);
      errors.set(text, (errors.get(text) ?? 0) + 1);
      return true;
    });
  }
  assert.deepEqual([...errors.values()], [RECORDS]);
  assert.equal(JSON.parse([...errors.keys()][0]).code, 'DECRYPTION_FAILED');
});
