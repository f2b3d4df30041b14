// `serial` and `report` of the built package: against openssl, and against what openMerchant says of the same files.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { openMerchant } from 'wechat-realname';
import { cli, json, lacking, merchantFolder } from './cli.mjs';
import { folder, keyFiles, vectors } from './support.mjs';

const noOpenssl = lacking('openssl');
const { mchId, files, ...known } = JSON.parse(fs.readFileSync(keyFiles, 'utf8'));
const bytes = (base64) => Buffer.from(base64, 'base64');

/** A folder with key, certificate and p12 of one merchant, and the key of another. */
function filesOf(t) {
  const made = folder(t);
  const p12 = files.find(
    ({ field, refused, password }) => field === 'p12' && !refused && (password === null || password === mchId),
  );
  const all = {
    'key.pem': bytes(known.key),
    'cert.pem': bytes(known.certificate),
    'a.p12': bytes(p12.file),
    'other.pem': vectors[0].pkcs8,
  };
  for (const [name, content] of Object.entries(all)) fs.writeFileSync(path.join(made, name), content);
  return made;
}

const states = ({ value }) => Object.fromEntries(value.findings.map(({ check, state }) => [check, state]));

test('serial is what openMerchant signs with: a sign bit, a leading zero, in every form of file', (t) => {
  const made = folder(t);
  for (const { certificate, pkcs8, serial } of vectors) {
    assert.equal(openMerchant({ mchId: '1', privateKey: pkcs8, certificate }).certSerialNo, serial);
    const der = Buffer.from(certificate.replace(/-----.*-----|\s/g, ''), 'base64');
    const forms = {
      pem: certificate,
      der,
      'base64 of DER': der.toString('base64'),
      'base64 of PEM': Buffer.from(certificate).toString('base64'),
      'a byte order mark and CRLF': `\uFEFF${certificate.replaceAll('\n', '\r\n')}`,
      'written line ends': certificate.replaceAll('\n', '\\n'),
      'in one line': certificate.replace(/(?<!-)\n(?!-)/g, ''),
      'beside its key': pkcs8 + certificate,
    };
    for (const [name, form] of Object.entries(forms)) {
      fs.writeFileSync(path.join(made, 'file'), form);
      assert.deepEqual(cli(['serial', 'file'], { cwd: made }), { status: 0, stdout: `${serial}\n`, stderr: '' }, name);
    }
    assert.equal(cli(['serial', '-'], { input: certificate }).stdout, `${serial}\n`);
    assert.equal(cli(['serial'], { env: { MCH_CERT: certificate.replaceAll('\n', '\\n') } }).stdout, `${serial}\n`);
    assert.equal(cli(['serial'], { cwd: made, env: { MCH_CERT: 'file' } }).stdout, `${serial}\n`);
  }
});

test('serial agrees with openssl', { skip: noOpenssl }, async (t) => {
  const { made } = await merchantFolder(t);
  const openssl = (...words) =>
    execFileSync('openssl', words, { cwd: made, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  // Twenty bytes of every kind of beginning, and numbers that are too short.
  const numbers = ['FF', '80', '7F', '01', '00'].map((head) => head + '5AB7C1E2093F48D6A15B7C3E90D24F6818A7BC'.slice(0, 38));
  for (const number of [...numbers, '7F3A', '01', 'ABC']) {
    openssl(
      'req',
      '-new',
      '-x509',
      '-key',
      'apiclient_key.pem',
      '-subj',
      '/CN=1900000109',
      '-set_serial',
      `0x${number}`,
      '-out',
      'made.pem',
    );
    const [, serial] = openssl('x509', '-in', 'made.pem', '-noout', '-serial').trim().split('=');
    const { status, value } = json(['serial', 'made.pem'], { cwd: made });
    const usable = serial.length === 40;
    assert.deepEqual([status, value.certificates], [usable ? 0 : 1, [{ serialNo: serial, subject: 'CN=1900000109', usable }]]);
    if (!usable) assert.match(cli(['serial', 'made.pem'], { cwd: made }).stderr, /94009/);
  }
  openssl(
    'pkcs12',
    '-export',
    '-inkey',
    'apiclient_key.pem',
    '-in',
    'apiclient_cert.pem',
    '-passout',
    'pass:1900000109',
    '-out',
    'a.p12',
  );
  const serial = cli(['serial', 'apiclient_cert.pem'], { cwd: made }).stdout;
  assert.equal(cli(['serial', 'a.p12', '--mch-id', '1900000109'], { cwd: made }).stdout, serial);
  assert.equal(cli(['serial'], { cwd: made, env: { MCH_P12: 'a.p12', MCH_ID: '1900000109' } }).stdout, serial);
  fs.writeFileSync(path.join(made, 'password'), '1900000109\r\n');
  assert.equal(cli(['serial', 'a.p12', '--password-file', 'password'], { cwd: made }).stdout, serial);
  fs.writeFileSync(
    path.join(made, 'chain.pem'),
    fs.readFileSync(path.join(made, 'apiclient_cert.pem'), 'utf8') + fs.readFileSync(path.join(made, 'made.pem'), 'utf8'),
  );
  assert.equal(json(['serial', 'chain.pem'], { cwd: made }).value.certificates.length, 2);
});

test('serial says what a file without a certificate is', (t) => {
  const made = filesOf(t);
  const said = (...words) => {
    const { status, stderr } = cli(['serial', ...words], { cwd: made });
    assert.equal(status, 2);
    return stderr;
  };
  assert.match(said('key.pem'), /^error: <file>: is a private key, not a certificate/);
  assert.match(said('a.p12'), /^error: --mch-id: the password of a p12 is the merchant number/);
  assert.match(said('a.p12', '--mch-id', '1'), /^error: password: is needed|^error: --password: is needed/);
  assert.match(said(), /^error: <file>: is missing/);
  fs.writeFileSync(path.join(made, 'damaged.pem'), vectors[0].certificate.replace(/MIID/, 'AAAA'));
  assert.match(said('damaged.pem'), /^error: <file>: is damaged/);
  fs.writeFileSync(path.join(made, 'utf16.pem'), Buffer.from(`\uFEFF${vectors[0].certificate}`, 'utf16le'));
  assert.match(said('utf16.pem'), /^error: <file>: is UTF-16 text/);
  assert.match(said('key.pem', '--lang', 'zh'), /^错误：<file>：是私钥，不是证书/);
});

test('report says of key and certificate, of a p12 and by options what openMerchant says', (t) => {
  const made = filesOf(t);
  const merchant = openMerchant({ mchId, privateKey: bytes(known.key), certificate: bytes(known.certificate) });
  const { findings, ...facts } = merchant.report();
  const ways = [
    ['key.pem', 'cert.pem'],
    ['cert.pem', 'key.pem'],
    ['a.p12'],
    ['--key', 'key.pem', '--cert', 'cert.pem'],
    ['--p12', 'a.p12'],
    ['key.pem', 'cert.pem', '--serial', known.serial],
  ];
  for (const words of ways) {
    const { status, value } = json(['report', ...words, '--mch-id', mchId], { cwd: made });
    assert.deepEqual([status, value], [0, { ...facts, findings }], words.join(' '));
  }
  const byNumber = json(['report', 'key.pem', 'cert.pem'], { cwd: made });
  assert.deepEqual(states(byNumber), { key: 'passed', serial: 'passed', validity: 'passed', merchantNumber: 'not_checked' });
  assert.equal(byNumber.value.mchId, mchId);
  // What the environment names is of another question.
  const env = { MCH_KEY: vectors[0].pkcs8, MCH_CERT: vectors[0].certificate };
  assert.equal(json(['report', 'key.pem', 'cert.pem'], { cwd: made, env }).status, 0);
  assert.equal(json(['report'], { env }).value.certSerialNo, vectors[0].serial);
});

test('report says of a certificate alone and of a key alone what can be said', (t) => {
  const made = filesOf(t);
  const alone = json(['report', 'cert.pem', '--mch-id', mchId], { cwd: made });
  const merchant = openMerchant({ mchId, privateKey: bytes(known.key), certificate: bytes(known.certificate) });
  const { certificate, certSerialNo, bits } = merchant.report();
  assert.deepEqual(
    [alone.status, alone.value.certificate, alone.value.certSerialNo, alone.value.bits],
    [0, certificate, certSerialNo, bits],
  );
  assert.deepEqual(states(alone), { key: 'not_checked', serial: 'passed', validity: 'passed', merchantNumber: 'passed' });
  // Of a chain, the merchant's; or the one that the serial number names.
  fs.writeFileSync(path.join(made, 'chain.pem'), `${vectors[1].certificate}${bytes(known.certificate)}`);
  const chained = (...more) => json(['report', 'chain.pem', ...more], { cwd: made }).value.certSerialNo;
  assert.equal(chained('--serial', known.serial), known.serial);
  assert.equal(chained('--serial', vectors[1].serial), vectors[1].serial);
  const key = json(['report', 'key.pem'], { cwd: made });
  assert.deepEqual([key.status, key.value.bits, 'certSerialNo' in key.value], [0, bits, false]);
  assert.equal(new Set(Object.values(states(key))).size, 1);
  const serial = json(['report', 'cert.pem', '--serial', known.serial.toLowerCase().replace(/(..)(?!$)/g, '$1:')], { cwd: made });
  assert.equal(states(serial).serial, 'passed');
});

test('report finds what does not fit, in words of both languages, with exit code 1', (t) => {
  const made = filesOf(t);
  const wrongSerial = `${'AB'.repeat(20)}`;
  const cases = [
    [
      ['other.pem', 'cert.pem'],
      { key: 'failed', serial: 'passed', validity: 'passed', merchantNumber: 'not_checked' },
      /私钥与证书不是一对/,
    ],
    [
      ['key.pem', 'cert.pem', '--serial', wrongSerial],
      { key: 'passed', serial: 'failed', validity: 'passed', merchantNumber: 'not_checked' },
      /序列号不是这张证书的/,
    ],
    [
      ['cert.pem', '--serial', wrongSerial],
      { key: 'not_checked', serial: 'failed', validity: 'passed', merchantNumber: 'not_checked' },
      /序列号不是这张证书的/,
    ],
    [
      ['a.p12', '--mch-id', mchId, '--serial', wrongSerial],
      { key: 'passed', serial: 'failed', validity: 'passed', merchantNumber: 'passed' },
      /序列号不是这张证书的/,
    ],
    [
      ['cert.pem', '--mch-id', '1'],
      { key: 'not_checked', serial: 'passed', validity: 'passed', merchantNumber: 'warning' },
      /CN 不是这个商户号/,
    ],
  ];
  for (const [words, expected, chinese] of cases) {
    const found = json(['report', ...words], { cwd: made });
    assert.deepEqual([found.status, states(found)], [1, expected], words.join(' '));
    const said = cli(['report', ...words, '--lang', 'zh'], { cwd: made });
    assert.equal(said.status, 1);
    assert.match(said.stdout, chinese);
    // Nothing of the English sentences is left over in the Chinese findings.
    assert.doesNotMatch(said.stdout.split('\n\n')[1], /[a-z]{4}/);
    assert.doesNotMatch(cli(['report', ...words], { cwd: made }).stdout.split('\n\n')[1], /\p{Script=Han}/u);
  }
});

test('report: dates that are over', { skip: noOpenssl }, async (t) => {
  const { made } = await merchantFolder(t);
  const words = [
    'req',
    '-new',
    '-x509',
    '-key',
    'apiclient_key.pem',
    '-subj',
    '/CN=1',
    '-set_serial',
    `0x${'11'.repeat(20)}`,
    '-days',
    '9',
    '-outform',
    'der',
  ];
  const der = execFileSync('openssl', words, { cwd: made, stdio: ['ignore', 'pipe', 'ignore'] }).toString('latin1');
  // Both dates in another year; nobody checks the signature.
  const inYear = (year) => Buffer.from(der.replace(/\x17\x0d\d\d(?=\d{10}Z)/g, `\x17\x0d${year}`), 'latin1');
  for (const [year, en, zh] of [
    ['20', /! the certificate expired on 2020-/, /! 证书已于 2020-\d\d-\d\d \d\d:\d\d:\d\d UTC 过期/],
    ['49', /! the certificate is not valid before 2049-/, /! 证书从 2049-\d\d-\d\d \d\d:\d\d:\d\d UTC 起才有效/],
  ]) {
    fs.writeFileSync(path.join(made, 'made.der'), inYear(year));
    for (const words of [['made.der'], ['made.der', 'apiclient_key.pem']]) {
      const found = json(['report', ...words], { cwd: made });
      assert.deepEqual([found.status, states(found).validity], [1, 'warning']);
      assert.match(cli(['report', ...words], { cwd: made }).stdout, en);
      assert.match(cli(['report', ...words, '--lang', 'zh'], { cwd: made }).stdout, zh);
    }
  }
});

test('every file that openMerchant reads is known by its content, and none that it refuses passes', (t) => {
  const made = folder(t);
  fs.writeFileSync(path.join(made, 'cert.pem'), bytes(known.certificate));
  fs.writeFileSync(path.join(made, 'key.pem'), bytes(known.key));
  let read = 0;
  for (const { name, field, refused, password, otherKeysSign, file } of files) {
    // A process each: of those that are refused, some that are neither key nor certificate nor p12.
    if (refused && !(field === 'privateKey' && /request|public key|PKCS#7|ssh-keygen|SM2/.test(refused))) continue;
    fs.writeFileSync(path.join(made, 'file'), bytes(file));
    const beside = { privateKey: otherKeysSign ? ['--serial', known.serial] : ['cert.pem'], certificate: ['key.pem'], p12: [] }[
      field
    ];
    const given = password === null ? [] : ['--password', password];
    const { status, value } = json(['report', 'file', ...beside, '--mch-id', mchId, ...given], { cwd: made });
    if (refused) {
      assert.notEqual(status, 0, name);
    } else {
      assert.deepEqual([status, value.certSerialNo], [0, known.serial], name);
      read += 1;
    }
  }
  assert.ok(read > 30);
});

test('a file of nothing but beginnings is read in one go', (t) => {
  const made = folder(t);
  // Reading each to the end of the file would take minutes.
  fs.writeFileSync(path.join(made, 'file'), '-----BEGIN CERTIFICATE-----'.repeat(150_000));
  for (const command of ['serial', 'report']) {
    const { status, stderr } = cli([command, 'file'], { cwd: made });
    assert.equal(status, 2);
    assert.match(stderr, /is cut off: one of its blocks has no -----END line/);
  }
});

test('nothing in a certificate moves a terminal’s cursor, nor a program’s that reads JSON', { skip: noOpenssl }, async (t) => {
  const { made } = await merchantFolder(t);
  const subject = '/CN=19\u001b[31m\u009b2J\u202e00';
  execFileSync('openssl', ['req', '-new', '-x509', '-utf8', '-key', 'apiclient_key.pem', '-subj', subject, '-set_serial', `0x${'11'.repeat(20)}`, '-out', 'made.pem'], {
    cwd: made,
    stdio: 'ignore',
  });
  for (const words of [['report', 'made.pem'], ['report', 'made.pem', 'apiclient_key.pem'], ['report', 'made.pem', '--json'], ['serial', 'made.pem', '--json']]) {
    const { stdout } = cli(words, { cwd: made });
    assert.match(stdout, /19\?\[31m\?2J\?00|^1{40}/m, words.join(' '));
    assert.doesNotMatch(stdout, /[\u001b\u009b\u202e]|\\u00|1B/);
  }
});

test('what is wrong with a file is said in Chinese too, with a remedy that fits', (t) => {
  const made = filesOf(t);
  const encrypted = files.find(({ field, refused, password }) => field === 'privateKey' && !refused && password !== null);
  fs.writeFileSync(path.join(made, 'encrypted.pem'), bytes(encrypted.file));
  const wrong = 'AB'.repeat(20);
  for (const [words, what, remedy] of [
    [['--key', 'cert.pem', '--cert', 'cert.pem'], /^错误：--key：是证书，不是私钥/, /换成商户平台发的文件/],
    [['--key', 'other.pem', '--cert', 'cert.pem'], /^错误：--key：和证书不是一对/, /出自同一个商户/],
    [['--key', 'key.pem', '--cert', 'cert.pem', '--serial', wrong], /^错误：--serial：不是这张证书的序列号/, /出自同一个商户/],
    [['--key', 'key.pem'], /^错误：--serial：缺少商户API证书，或它的序列号/, /改正/],
    [['--key', 'key.pem', '--serial', 'PUB_KEY_ID_01'], /^错误：--serial：是微信支付公钥的 ID/, /改正/],
    [['--key', 'key.pem', '--serial', '5A'], /^错误：--serial：应为 40 位十六进制字符/, /改正/],
    [['--p12', 'a.p12', '--mch-id', '1'], /^错误：--password：需要密码：这个 p12 用商户号打不开/, /先核对商户号/],
    [['--p12', 'a.p12', '--password', 'canary'], /^错误：--password：密码不是这个 p12 的/, /核对 --password-file/],
    [['--key', 'encrypted.pem', '--cert', 'cert.pem'], /^错误：--key：是加密的私钥/, /--password-file/],
    [['--key', 'key.pem', '--cert', 'cert.pem', '--mch-id', 'M1'], /^错误：--mch-id：应为纯数字的微信支付商户号/, /改正/],
  ]) {
    const { status, stderr } = cli(['sign', ...words, '--lang', 'zh'], { cwd: made });
    const [first, second] = stderr.split('\n');
    assert.equal(status, 2, words.join(' '));
    assert.match(first, what);
    assert.match(second, remedy);
    assert.doesNotMatch(first.replace(/\[[A-Z_]+\]$|apiclient_\w+\.pem|--[a-z-]+/g, ''), /[a-z]{4}/);
  }
  const english = cli(['report', 'cert.pem'], { cwd: made }).stdout;
  assert.match(english, /key not checked: no private key given/);
  assert.match(cli(['report', 'key.pem', 'cert.pem'], { cwd: made }).stdout, /valid until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/m);
});
