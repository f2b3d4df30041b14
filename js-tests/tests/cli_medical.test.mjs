// `open` of the built package with what WeChat sends hospitals (getmedrealname): what openssl encrypted, and what does not open.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { cli, json } from './cli.mjs';
import { folder, root, vectors } from './support.mjs';

const KEY = ['--key', 'apiclient_key.pem'];

/** A getmedrealname reply and the hospital's key, as openssl made them. */
const hospital = JSON.parse(fs.readFileSync(path.join(root, 'tests/vectors/medical.json'), 'utf8'));
const medical = ({ cipher_real_name }, more = {}) =>
  JSON.stringify({ cipher_algorithm: 'AES_256_ECB_PKCS7Padding', key_version: 3, cipher_real_name, ...more });

test('open reads a getmedrealname reply with the hospital’s key, for whichever version it names; masked unless asked', (t) => {
  const made = folder(t);
  const key = path.join(made, 'key.txt');
  fs.writeFileSync(key, ` ${hospital.key}\r\n`);
  const WORDS = ['open', '-', '--medical-key-file', key];
  for (const patient of hospital.patients.slice(0, 5)) {
    const { real_name: realName, id_card_no: idCardNo, phone, ...rest } = JSON.parse(patient.plaintext);
    const expected = {
      realName,
      idCardNo,
      idCardType: rest.id_card_type,
      ...(phone && { phone }),
      ...(rest.phone_country_code && { phoneCountryCode: rest.phone_country_code }),
      timestamp: rest.timestamp,
    };
    for (const [more, keyVersion] of [
      [{}, 3],
      [{ key_version: undefined, cipher_algorithm: undefined, app_id: 'wxcanary', open_id: 'OPENID-canary' }, 0],
      [{ key_version: 4294967295, errcode: 0, errmsg: 'ok' }, 4294967295],
    ]) {
      const revealed = json([...WORDS, '--reveal'], { input: `\uFEFF${medical(patient, more)}` });
      assert.deepEqual([revealed.status, revealed.value], [0, { ...expected, keyVersion, masked: false }]);
    }
    const env = { MEDICAL_KEY: hospital.key, MCH_KEY: 'canary' };
    const fromEnvironment = cli(['open', '-'], { input: medical(patient), env });
    const masked = cli(WORDS, { input: medical(patient) });
    assert.deepEqual(masked, fromEnvironment);
    assert.equal(masked.stderr, 'masked; --reveal shows all of it\n');
    const said = masked.stdout + JSON.stringify(json(WORDS, { input: medical(patient) }).value);
    for (const secret of [realName, idCardNo, phone]) assert.ok(!(secret?.length > 1 && said.includes(secret)));
  }
  const shown = (language, at) =>
    cli([...WORDS, '--reveal', '--lang', language], { input: medical(hospital.patients[at]) }).stdout;
  assert.deepEqual(shown('zh', 0).trimEnd().split('\n').map((line) => line.split(/ {2,}/)), [
    ['姓名', '张三'],
    ['证件号', '45088100000000'],
    ['证件类型', '1 居民身份证'],
    ['手机号', '+86 13800000138'],
    ['数据时间', '2022-08-25 09:40:31 UTC'],
    ['密钥版本', '3'],
  ]);
  assert.match(shown('en', 1), /^document +6 travel permit, Hong Kong$/m);
});

test('open says what is wrong with a hospital’s key or reply, and which key belongs to which reply', (t) => {
  const [vector] = vectors;
  const made = folder(t);
  const write = (file, text) => fs.writeFileSync(path.join(made, file), text);
  const [patient] = hospital.patients;
  write('apiclient_key.pem', vector.pkcs8);
  write('right.txt', hospital.key);
  write('wrong.txt', 'x'.repeat(32));
  write('hex.txt', Buffer.from(hospital.key).toString('hex'));
  write('base64.txt', Buffer.from(hospital.key).toString('base64'));
  write('payer.json', JSON.stringify({ encryted_real_name: 'x', encryted_credential_id: 'y' }));
  write('patient.json', medical(patient));
  const keyFile = (name) => ['--medical-key-file', name];
  for (const [words, input, status, code, field, en, zh] of [
    [
      keyFile('wrong.txt'), medical(patient), 3, 'DECRYPTION_FAILED', undefined,
      /key_version 3[^]*--medical-key-file is another hospital/,
      /key_version 3 [^]*没有解出患者的实名信息[^]*这家医院/,
    ],
    [keyFile('right.txt'), medical(hospital.junk[0]), 3, 'DECRYPTION_FAILED', undefined, /patient/, /患者/],
    [
      keyFile('hex.txt'), medical(patient), 2, 'CONFIGURATION', '--medical-key-file',
      /32 characters.*not hex or base64/,
      /32 个字符本身，不是它的十六进制或 base64/,
    ],
    [keyFile('base64.txt'), medical(patient), 2, 'CONFIGURATION', '--medical-key-file', /32 characters/, /32 个字符/],
    [
      keyFile('right.txt'), medical(patient, { cipher_algorithm: 'SM4' }), 3, 'MALFORMED_RESPONSE', undefined,
      /cipher_algorithm[^]*newer version/,
      /cipher_algorithm[^]*新版本/,
    ],
    [
      keyFile('right.txt'), medical({ cipher_real_name: 'AAAA' }), 3, 'MALFORMED_RESPONSE', undefined,
      /whole number of blocks/,
      /cipher_real_name 不完整/,
    ],
    [
      keyFile('right.txt'), '{"cipher_real_name":"AAAA","key_version":"0"}', 3, 'MALFORMED_RESPONSE', undefined,
      /wrong type/,
      /类型不对/,
    ],
    [
      [], medical(patient), 2, 'USAGE', '--medical-key-file',
      /a getmedrealname reply.*MEDICAL_KEY/,
      /getmedrealname 的回复.*MEDICAL_KEY/,
    ],
    [KEY, medical(patient), 2, 'USAGE', '--key', /no merchant’s key opens it/, /不是用商户私钥解的/],
    [[...KEY, ...keyFile('right.txt')], medical(patient), 2, 'USAGE', '--key', /no merchant’s key opens it/, /不是用商户私钥解的/],
    [
      keyFile('right.txt'), '{"encrypted_real_name":"x"}', 2, 'USAGE', '--medical-key-file',
      /no hospital’s key opens it/,
      /不是用医院的密钥解的/,
    ],
    [[...KEY, ...keyFile('right.txt')], '{"errcode":-1}', 2, 'USAGE', '--key', /different interfaces/, /不同的接口/],
    [
      keyFile('right.txt'), '{"errcode":11200,"errmsg":"rid: 1-2-3"}', 3, 'REJECTED', undefined,
      /11200.*10 minutes.*1-2-3/,
      /11200.*10 分钟[^]*wxamedAuthcode/,
    ],
    [[], '{"errcode":11200}', 3, 'REJECTED', undefined, /getMedicalRealName/, /11200/],
    [keyFile('none.txt'), '{"errcode":40001}', 3, 'REJECTED', undefined, /getMedicalRealName/, /40001/],
    [KEY, '{"errcode":40001}', 3, 'REJECTED', undefined, /getRealNameInfo/, /40001/],
    [[], '{"errcode":94004}', 2, 'USAGE', '--key', /the merchant’s key is missing/, /缺少商户私钥/],
    [keyFile('-'), medical(patient), 2, 'USAGE', '--medical-key-file', /read once/, /只能读一次/],
    [keyFile('none.txt'), medical(patient), 2, 'USAGE', '--medical-key-file', /no such file/, /没有这个文件/],
  ]) {
    const about = `${words.join(' ')} ${input.slice(0, 30)}`;
    const given = ['open', '-', ...words];
    const told = json(given, { cwd: made, input });
    assert.deepEqual([told.status, told.value.error.code, told.value.error.field], [status, code, field], about);
    assert.match(cli(given, { cwd: made, input }).stderr, en, about);
    assert.match(cli([...given, '--lang', 'zh'], { cwd: made, input }).stderr, zh, about);
  }
  const alone = json(['open', ...keyFile('right.txt')], { cwd: made });
  assert.deepEqual([alone.status, alone.value.error.field], [2, '<reply>']);
  // What the environment has for other calls does not stand in the way, and tells of a refusal whose it is.
  const env = { MEDICAL_KEY: 'canary', MCH_KEY: vector.pkcs8 };
  assert.equal(json(['open', 'payer.json', ...KEY], { cwd: made, env }).value.error.code, 'MALFORMED_RESPONSE');
  assert.deepEqual(json(['open', 'patient.json'], { cwd: made, env }).value.error.field, 'MEDICAL_KEY');
  const refused = (env) => json(['open', '-'], { input: '{"errcode":48001}', env }).value.error.operation;
  assert.deepEqual([refused(env), refused({ MEDICAL_KEY: 'canary' })], ['getRealNameInfo', 'getMedicalRealName']);
});
