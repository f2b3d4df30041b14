// `sign`, `open` and `push open` of the built package, as processes: the first two against the openssl and iconv commands of
// WeChat's document, on the same inputs, in both directions.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { explain, openMerchant, operations } from 'wechat-realname';
import { cli, json, lacking, merchantFolder } from './cli.mjs';
import { NUMBER, folder, vectors } from './support.mjs';

const noOpenssl = lacking('openssl', 'iconv');
const KEY = ['--key', 'apiclient_key.pem'];
const PAIR = [...KEY, '--cert', 'apiclient_cert.pem'];

/** A line of the document's shell, in a folder; what it printed. */
const shell = (line, cwd, env = {}) =>
  execFileSync('sh', ['-c', line], { cwd, env: { ...process.env, ...env }, encoding: 'utf8' });

/** A folder with the files of one of openssl's vectors. */
function vectorFolder(t, { pkcs1, pkcs8, certificate }) {
  const made = folder(t);
  const files = { 'pkcs1.pem': pkcs1, 'apiclient_key.pem': pkcs8, 'apiclient_cert.pem': certificate };
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(made, name), text);
  return made;
}

test('sign gives openssl’s bytes, for keys of three sizes in both forms', (t) => {
  for (const vector of vectors) {
    const made = vectorFolder(t, vector);
    for (const key of ['apiclient_key.pem', 'pkcs1.pem']) {
      const words = ['sign', '--key', key, '--cert', 'apiclient_cert.pem', '--timestamp', String(vector.timestamp)];
      assert.deepEqual(cli(words, { cwd: made }), { status: 0, stdout: `${vector.sign}\n`, stderr: '' });
    }
  }
});

test('sign agrees with the document’s command, and openssl verifies what it says was signed', { skip: noOpenssl }, async (t) => {
  const { made, mchId } = await merchantFolder(t);
  const [, serial] = shell('openssl x509 -in apiclient_cert.pem -noout -serial', made).trim().split('=');
  const line =
    'ori_content="cert_serialno=${cert_serialno}&timestamp=${timestamp}"; ' +
    'echo -n "$ori_content" | openssl dgst -sha256 -binary -sign apiclient_key.pem | base64 -w 0';
  const before = Math.floor(Date.now() / 1000);
  for (const given of [['--timestamp', '1'], ['--timestamp', '4294967295'], []]) {
    const { status, value } = json(['sign', ...PAIR, ...given], { cwd: made });
    const { timestamp, sign, certSerialNo, stringToSign, body } = value;
    assert.equal(status, 0);
    if (given.length === 0) assert.ok(timestamp >= before && timestamp <= before + 60);
    assert.equal(sign, shell(`bash -c '${line}'`, made, { cert_serialno: serial, timestamp: String(timestamp) }));
    assert.equal(stringToSign, `cert_serialno=${serial}&timestamp=${timestamp}`);
    assert.equal(certSerialNo, serial);
    assert.deepEqual(body, { mch_id: mchId, cert_serialno: serial, timestamp, sign });
    const exact = cli(['sign', ...PAIR, '--timestamp', String(timestamp), '--print-string'], { cwd: made });
    assert.deepEqual(exact, { status: 0, stdout: stringToSign, stderr: '' });
    fs.writeFileSync(path.join(made, 'string'), exact.stdout);
    fs.writeFileSync(path.join(made, 'sign'), Buffer.from(sign, 'base64'));
    shell('openssl x509 -in apiclient_cert.pem -noout -pubkey > public.pem', made);
    assert.match(shell('openssl dgst -sha256 -verify public.pem -signature sign string', made), /Verified OK/);
  }
});

test('sign does without a certificate and without a merchant number, and says what is missing in the request', async (t) => {
  const { made, sandbox } = await merchantFolder(t);
  const { certSerialNo } = openMerchant(sandbox.merchant);
  const words = ['sign', ...KEY, '--serial', certSerialNo.toLowerCase(), '--timestamp', '1795170000'];
  const signed = json(words, { cwd: made }).value;
  assert.equal(signed.sign, openMerchant(sandbox.merchant).sign(1795170000));
  assert.ok(!('mch_id' in signed.body));
  assert.match(cli([...words, '--verbose'], { cwd: made }).stdout, /^mch_id +unknown: give --mch-id$/m);
  assert.match(cli([...words, '--verbose', '--mch-id', '1900000109'], { cwd: made }).stdout, /^mch_id +1900000109$/m);
  // It signs all the same: what is odd about the files is said beside it.
  const odd = cli(['sign', ...PAIR, '--mch-id', '1900000001', '--timestamp', '1795170000'], { cwd: made });
  assert.equal(odd.stdout, `${signed.sign}\n`);
  assert.match(odd.stderr, /^the certificate was issued to another CN than --mch-id/);
  const missing = cli(['sign', ...KEY], { cwd: made });
  assert.equal(missing.status, 2);
  assert.match(missing.stderr, /^error: --serial: is missing: hand in the merchant certificate/);
});

test('sign’s fields are taken by getrealnameinfo', async (t) => {
  const { made, sandbox } = await merchantFolder(t);
  const { body } = json(['sign', ...PAIR], { cwd: made }).value;
  const { authToken } = sandbox.addPerson({ realName: '张三', credentialId: NUMBER });
  const url = `${sandbox.baseUrl}/cgi-bin/wxopen/getrealnameinfo?access_token=${sandbox.accessToken}`;
  const response = await fetch(url, { method: 'POST', body: JSON.stringify({ auth_token: authToken, ...body }) });
  const opened = json(['open', '-', ...KEY, '--reveal'], { cwd: made, input: await response.text() });
  assert.deepEqual(opened.value, { realName: '张三', credentialId: NUMBER, masked: false });
});

test('open reads what openssl and iconv encrypted, and so do they what the sandbox did', { skip: noOpenssl }, async (t) => {
  const { made, sandbox } = await merchantFolder(t);
  shell('openssl x509 -in apiclient_cert.pem -noout -pubkey > public.pem', made);
  const encrypt = (text, encoding) =>
    shell(
      `printf %s "$text" | iconv -f utf-8 -t ${encoding} | openssl pkeyutl -encrypt -pubin -inkey public.pem | base64 -w 0`,
      made,
      { text },
    );
  const decrypt = (text, encoding) =>
    shell(
      `printf %s "$text" | base64 -d | openssl pkeyutl -decrypt -inkey apiclient_key.pem | iconv -f ${encoding} -t utf-8`,
      made,
      { text },
    );
  const context = { accessToken: sandbox.accessToken, baseUrl: sandbox.baseUrl, merchant: openMerchant(sandbox.merchant) };
  // What GBK lacks needs GB18030, with iconv.
  const names = { 张三: 'gbk', 郑伟: 'gbk', '阿卜杜·热合曼': 'gbk', 欧阳修: 'gb18030', 䶮㛃: 'gb18030', 𬭎: 'gb18030' };
  for (const [name, encoding] of Object.entries(names)) {
    const [realName, credentialId] = [encrypt(name, encoding), encrypt(NUMBER, 'ascii')];
    assert.equal(decrypt(realName, encoding), name);
    for (const words of [
      ['open', '--name', realName, '--id', credentialId, ...KEY],
      ['open', '--name', realName, '--id', credentialId, ...PAIR],
    ]) {
      assert.deepEqual(json([...words, '--reveal'], { cwd: made }).value, {
        realName: name,
        credentialId: NUMBER,
        masked: false,
      });
    }

    // The other way: as the sandbox encrypts.
    const { authToken } = sandbox.addPerson({ realName: name, credentialId: NUMBER });
    const { request } = operations.getRealNameInfo({ authToken }, context);
    const reply = await (await fetch(request.url, request)).text();
    const { encryted_real_name: theirName, encryted_credential_id: theirNumber } = JSON.parse(reply);
    const ours = cli(['open', '-', ...KEY, '--reveal'], { cwd: made, input: reply });
    assert.deepEqual(ours.stdout.split(/\s{2,}|\n/).filter(Boolean), [
      'name',
      decrypt(theirName, 'gb18030'),
      'ID number',
      decrypt(theirNumber, 'ascii'),
    ]);
    assert.ok(ours.stdout.includes(name));
  }
});

test('open takes a reply in either spelling, from files, standard input and the environment; masked unless asked', (t) => {
  const [vector] = vectors;
  const made = vectorFolder(t, vector);
  const { name, number, encryted_real_name: realName, encryted_credential_id: credentialId } = vector.people[0];
  const write = (file, text) => fs.writeFileSync(path.join(made, file), text);
  write(
    'reply.json',
    `\uFEFF{"errcode":0,"errmsg":"ok","encryted_real_name":"${realName}","encryted_credential_id":"${credentialId}"}\r\n`,
  );
  write(
    'other.json',
    Buffer.from(`\uFEFF{"encrypted_real_name":"${realName}","encrypted_credential_id":"${credentialId}"}`, 'utf16le'),
  );
  write('name.txt', `${realName.replace(/(.{64})/g, '$1\r\n')}\n`);
  write('id.txt', credentialId);
  const masked = `name       *${[...name].slice(-1)}\nID number  ${number[0]}${'*'.repeat(16)}${number[17]}\n`;
  const ways = [
    ['open', 'reply.json', ...KEY],
    ['open', 'other.json', ...PAIR],
    ['open', '--name-file', 'name.txt', '--id', credentialId, ...KEY],
    ['open', '--name', realName, '--id', '-', ...KEY],
    ['open', 'reply.json'],
  ];
  for (const words of ways) {
    const env = words.includes('--key') ? {} : { MCH_KEY: vector.pkcs8.replaceAll('\n', '\\n') };
    assert.deepEqual(cli(words, { cwd: made, input: credentialId, env }), {
      status: 0,
      stdout: masked,
      stderr: 'masked; --reveal shows all of it\n',
    });
    assert.ok(cli([...words, '--reveal'], { cwd: made, input: credentialId, env }).stdout.includes(name));
    const { value, stderr } = json(words, { cwd: made, input: credentialId, env });
    assert.deepEqual([value.masked, value.realName.includes(name), stderr], [true, false, '']);
  }
});

test('open refuses one field alone, another’s key and what is no reply, without a word about why it did not open', (t) => {
  const [vector, , other] = vectors;
  const made = vectorFolder(t, vector);
  const { encryted_real_name: realName, encryted_credential_id: credentialId } = vector.people[0];
  const alone = json(['open', '--name', realName, ...KEY], { cwd: made });
  assert.deepEqual([alone.status, alone.value.error.code, alone.value.error.field], [2, 'USAGE', '--id']);
  assert.match(alone.value.error.message, /must be given together/);
  assert.equal(json(['open', '--id', credentialId, ...KEY], { cwd: made }).value.error.field, '--name');

  const swapped = json(['open', '--name', credentialId, '--id', realName, ...KEY], { cwd: made });
  assert.deepEqual([swapped.status, swapped.value.error.code], [3, 'DECRYPTION_FAILED']);
  assert.match(swapped.value.error.message, /--key belongs to another merchant number/);
  const short = json(['open', '--name', realName.slice(0, 40), '--id', credentialId, ...KEY], { cwd: made });
  assert.deepEqual([short.status, short.value.error.code, short.value.error.field], [2, 'INVALID_ARGUMENT', '--name']);
  fs.writeFileSync(path.join(made, 'other.pem'), other.pkcs8);
  const mismatch = json(
    ['open', '--name', realName, '--id', credentialId, '--key', 'other.pem', '--cert', 'apiclient_cert.pem'],
    { cwd: made },
  );
  assert.deepEqual([mismatch.status, mismatch.value.error.code], [2, 'KEY_MISMATCH']);

  const said = (input) => json(['open', '-', ...KEY], { cwd: made, input });
  for (const input of ['', 'no json', '[]', '{"errcode":0}', '{"encryted_real_name":"x","encryted_credential_id":"y"}']) {
    const { status, value } = said(input);
    assert.deepEqual([status, value.error.code], [3, 'MALFORMED_RESPONSE'], input);
  }
  const refused = said('{"errcode":94004,"errmsg":"no info rid: 655ab817-200fff05-153c382b"}');
  assert.deepEqual(
    [refused.status, refused.value.error.errcode, refused.value.error.rid],
    [3, 94004, '655ab817-200fff05-153c382b'],
  );
  const chinese = cli(['open', '-', ...KEY, '--lang', 'zh'], {
    cwd: made,
    input: '{"errcode":94004,"errmsg":"no info rid: 655ab817-200fff05-153c382b"}',
  });
  const { meaning, remedy } = explain('getRealNameInfo', 94004);
  for (const text of ['94004', meaning.zh, remedy.zh, '655ab817-200fff05-153c382b'])
    assert.ok(chinese.stderr.includes(text), text);
});

/** A push of the sandbox in a folder: the body as a file, its address, and the environment of its platform. */
async function captured(t, order) {
  const { made, sandbox } = await merchantFolder(t);
  const { appId } = sandbox.addTrial({ enterpriseName: '夏侯某某公司', legalPersonaName: '夏侯惇' });
  const { query, body } = sandbox.makePush({ appId, ...order });
  fs.writeFileSync(path.join(made, 'push.xml'), body);
  const { componentAppId: COMPONENT_APP_ID, token: PUSH_TOKEN, encodingAesKey: ENCODING_AES_KEY } = sandbox.platform;
  return {
    appId,
    body,
    query,
    url: `https://example.com/push?${new URLSearchParams(query)}`,
    options: { cwd: made, env: { COMPONENT_APP_ID, PUSH_TOKEN, ENCODING_AES_KEY } },
  };
}

test('push open: an event, where it stands, and nobody’s data unless asked', async (t) => {
  const { appId, body, url, query, options } = await captured(t, { kind: 'beta', status: 103 });
  const { status, value } = json(['push', 'open', '--body', 'push.xml', '--url', url], options);
  assert.deepEqual([status, value.windowChecked, value.masked], [0, true, true]);
  assert.deepEqual([value.event.appId, value.event.status, value.event.info], [appId, 103, '***']);
  assert.equal(value.verification.state, 'register_mismatch');
  assert.doesNotMatch(JSON.stringify(value), /夏侯/);

  const one = ['--msg-signature', query.msg_signature, '--timestamp', query.timestamp, '--nonce', query.nonce];
  const words = cli(['push', 'open', '--body', '-', ...one, '--lang', 'zh'], { ...options, input: body });
  assert.deepEqual([words.status, words.stderr], [0, '已打码；加 --reveal 显示完整内容\n']);
  assert.match(words.stdout, /^进度 +register_mismatch$/m);
  assert.ok(words.stdout.includes(value.verification.advice.zh));
  assert.doesNotMatch(words.stdout, /夏侯/);
  const revealed = cli(['push', 'open', '--body', 'push.xml', '--url', url, '--reveal'], options);
  assert.match(revealed.stdout, /夏侯惇/);
  // As a page of HTML shows an address, and the query alone.
  for (const shown of [
    url.replaceAll('&', '&amp;'),
    url.replace('&timestamp', '×tamp'),
    `?${new URL(url).searchParams}`,
    String(new URL(url).searchParams),
  ]) {
    assert.equal(cli(['push', 'open', '--body', 'push.xml', '--url', shown], options).status, 0, shown);
  }
});

test('push open: an old push opens only where its time is left aside, and that is said', async (t) => {
  const { url, query, options } = await captured(t, { kind: 'ticket', appId: undefined, fault: 'old' });
  const words = ['push', 'open', '--body', 'push.xml', '--url', url];
  const refused = cli(words, options);
  assert.equal(refused.status, 3);
  assert.match(refused.stderr, /\[REPLAYED\]\n.*--no-window/);
  const opened = cli([...words, '--no-window'], options);
  assert.equal(opened.status, 0);
  assert.match(opened.stderr, /^its time was not checked/);
  assert.match(opened.stdout, /^ticket +\*\*\*$/m);
  assert.equal(json([...words, '--no-window'], options).value.windowChecked, false);
  assert.equal(cli([...words, '--now', query.timestamp], options).status, 0);
  assert.equal(cli([...words, '--now', query.timestamp, '--no-window'], options).status, 2);
});

test('push open: a wrong token, a key before the last change, and what is missing', async (t) => {
  const { url, options } = await captured(t, { kind: 'beta' });
  const words = ['push', 'open', '--body', 'push.xml', '--url', url];
  const other = 'canary0'.repeat(7).slice(0, 43);
  const run = (env, ...more) => json([...words, ...more], { ...options, env: { ...options.env, ...env } });
  assert.equal(run({ PUSH_TOKEN: 'canary' }).value.error.code, 'INVALID_SIGNATURE');
  assert.equal(run({ ENCODING_AES_KEY: other }).value.error.code, 'MALFORMED_PUSH');
  assert.equal(run({ ENCODING_AES_KEY: other, PREVIOUS_ENCODING_AES_KEY: options.env.ENCODING_AES_KEY }).status, 0);
  assert.equal(run({ ENCODING_AES_KEY: other }, '--key', options.env.ENCODING_AES_KEY).status, 0);
  const short = run({ ENCODING_AES_KEY: 'canary' });
  assert.deepEqual([short.status, short.value.error.field], [2, 'ENCODING_AES_KEY']);
  assert.equal(run({ PUSH_TOKEN: ' ' }).value.error.field, '--token');
  const unsigned = json(['push', 'open', '--body', 'push.xml', '--url', 'https://example.com/push?nonce=1&timestamp=2'], options);
  assert.deepEqual([unsigned.status, unsigned.value.error.field], [2, '--msg-signature']);
  // What to do about a key is not what to do about a body.
  const said = (env, body) => {
    const given = { ...options, env: { ...options.env, ...env }, ...(body && { input: body }) };
    return cli(body ? words.map((word) => (word === 'push.xml' ? '-' : word)).concat('--lang', 'zh') : [...words, '--lang', 'zh'], given).stderr;
  };
  assert.match(said({ ENCODING_AES_KEY: other }), /解密后的内容不对[^]*对照消息加解密Key/);
  assert.match(said({}, '{"AppId":"canary"}'), /请求体不是微信推送的 XML[^]*原样存下来/);
  assert.match(said({}, '<xml><ToUserName>canary</ToUserName></xml>'), /没有 <Encrypt>[^]*原样存下来/);
});
