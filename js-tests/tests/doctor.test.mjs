// `doctor` as a process, on the sandbox: nothing in a healthy set-up, and each mistake by its name.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { explain, openMerchant } from 'wechat-realname';
import { lacking } from './cli.mjs';
import { doctor, found, healthy, server } from './doctor.mjs';
import { blocks } from './documents.mjs';
import { folder, freePort, keyFiles, root, vectors } from './support.mjs';

const now = () => Math.floor(Date.now() / 1000);

test('a healthy set-up: nothing is found, and it says what was checked and which calls were made', async (t) => {
  const { sandbox, options, cwd } = await healthy(t);
  const merchant = openMerchant(sandbox.merchant);
  const timestamp = now();
  const { mchId: mch_id, certSerialNo: cert_serialno } = merchant;
  const body = { auth_token: 'a-user-token', mch_id, cert_serialno, timestamp, sign: merchant.sign(timestamp) };
  fs.writeFileSync(path.join(cwd, 'request.json'), JSON.stringify(body));
  fs.writeFileSync(path.join(cwd, 'push.xml'), sandbox.makePush({ kind: 'ticket' }).body);
  fs.writeFileSync(path.join(cwd, 'sign.php'), '$s = "cert_serialno=$n&timestamp=$t";');
  const before = sandbox.requests.length;
  const words = ['--request', 'request.json', '--push', 'push.xml', '--text', 'sign.php', '--push-url', 'https://a.example/push', '--serial', merchant.certSerialNo];
  const { status, ids, document } = await found(words, options);
  assert.deepEqual([status, ids, document.healthy], [0, [], true]);
  assert.deepEqual(document.checks.filter(({ done }) => !done).map(({ id }) => id), ['admission']);
  assert.deepEqual(sandbox.requests.slice(before).map(({ path }) => path), ['/cgi-bin/stable_token', '/wxa/get_category']);

  const said = await doctor(words, options);
  assert.deepEqual([said.status, said.stderr], [0, '']);
  assert.match(said.stdout, /^Nothing is wrong\.\n\nChecked:\n {2}the form of the app id\n/);
  assert.match(said.stdout, /Calls made: stable_token, get_category\n$/);
  const zh = await doctor([...words, '--lang', 'zh'], options);
  assert.match(zh.stdout, /^没有发现问题。\n\n检查过：\n/);
});

test('--offline makes no call, and says what that leaves unchecked and which options would help', async (t) => {
  const { sandbox, options } = await healthy(t);
  const before = sandbox.requests.length;
  const { status, stdout } = await doctor(['--offline'], options);
  assert.equal(status, 0);
  assert.equal(sandbox.requests.length, before);
  assert.match(stdout, /this machine's clock.* without --offline\n/);
  assert.match(stdout, /the fields and the signature of a request +--request\n/);
  assert.match(stdout, /No call was made\.\n$/);
});

/** Each mistake on its own: what is changed of the healthy set-up, and what is found. */
const other = vectors[1];
const MISTAKES = {
  'a key of another merchant': [{ MCH_KEY: other.pkcs8 }, ['KEY_MISMATCH']],
  'no key at all': [{ MCH_KEY: '-----BEGIN PRIVATE KEY-----\n' }, ['FILE_UNREADABLE']],
  'a certificate where the key belongs': [{ MCH_KEY: 'apiclient_cert.pem' }, ['FILE_UNREADABLE']],
  'the serial number of another certificate': [{ CERT_SERIAL_NO: other.serial }, ['SERIAL_MISMATCH']],
  'a serial number that is too short': [{ CERT_SERIAL_NO: other.serial.slice(1) }, ['SERIAL_MALFORMED']],
  'the id of a public key': [{ CERT_SERIAL_NO: 'PUB_KEY_ID_0000000000000024101100397200000006' }, ['SERIAL_IS_PUBLIC_KEY_ID']],
  'another merchant number than the certificate’s': [{ MCH_ID: '1900006511' }, ['CERTIFICATE_OF_ANOTHER_MERCHANT']],
  'a placeholder': [{ APP_ID: 'your_app_id' }, ['PLACEHOLDER']],
  'a sample value': [{ APP_SECRET: '0123456789abcdef0123456789abcdef' }, ['SAMPLE_VALUE']],
  'quotes around a value': [{ APP_SECRET: '"5a9db0f50123456789abcdefc0ffee01"' }, ['UNCLEAN_VALUE']],
  'a line end after a value': [{ APP_ID: 'wx5a9db0f5c0ffee01\n' }, ['UNCLEAN_VALUE']],
  'an app id that is none': [{ APP_ID: 'wx5a9db0f5c0ffee0' }, ['APP_ID_MALFORMED']],
  'an openid where the app id belongs': [{ APP_ID: 'oLVPpjqs9BhvzwPj5A-vTYAX3GLc' }, ['APP_ID_IS_OPENID']],
  'a secret that is none': [{ APP_SECRET: 'wx5a9db0f5c0ffee01' }, ['SECRET_MALFORMED']],
  'a secret that WeChat refuses': [{ APP_SECRET: '5a9db0f50123456789abcdefc0ffee99' }, ['APP_SECRET_REFUSED']],
  'an app id that WeChat refuses': [{ APP_ID: 'wx5a9db0f5c0ffee99' }, ['APP_ID_REFUSED']],
  'an EncodingAESKey that is too short': [{ ENCODING_AES_KEY: 'SandboxEncodingAesKeyWhichEverybodyHas0123' }, ['AES_KEY_LENGTH']],
  'a push token that is too long': [{ PUSH_TOKEN: 'SandboxPushToken'.repeat(3) }, ['PUSH_TOKEN_MALFORMED']],
  'the mini program’s app id as the platform’s': [{ COMPONENT_APP_ID: 'wx5a9db0f5c0ffee01' }, ['COMPONENT_APP_ID_IS_APP_ID']],
  'http to WeChat': [{ WECHAT_BASE_URL: 'http://api.weixin.qq.com' }, ['BASE_URL_REFUSED', 'SANDBOX_VALUE_AT_WECHAT'], ['--offline']],
  'the message URL': [{}, ['PUSH_URL_OF_MESSAGES'], ['--push-url', 'https://a.example/$APPID$/callback']],
  'a percent-encoded token': [{}, ['PERCENT_ENCODED'], ['--auth-token', 'abc%3D']],
  'a percent-encoded code': [{}, ['PERCENT_ENCODED'], ['--code', 'abc%3D']],
};

test('every mistake in the settings is found, by its name and with nothing beside it', async (t) => {
  const { options, env } = await healthy(t);
  for (const [what, [change, ids, words = []]] of Object.entries(MISTAKES)) {
    const result = await found(words, { ...options, env: { ...env, ...change } });
    assert.deepEqual([result.status, [...new Set(result.ids)]], [1, ids], what);
  }
  assert.ok(Object.keys(MISTAKES).length >= 12);
});

test('a serial number in lower case is a warning, since this library mends it', async (t) => {
  const { options, env, sandbox } = await healthy(t);
  const serial = openMerchant(sandbox.merchant).certSerialNo.toLowerCase();
  const { status, ids } = await found([], { ...options, env: { ...env, CERT_SERIAL_NO: serial } });
  assert.deepEqual([status, ids], [0, ['SERIAL_FORM']]);
});

test('the clock, by the server’s Date', async (t) => {
  const { options, env, sandbox } = await healthy(t);
  for (const [off, status, ids] of [
    [0, 0, []],
    [120, 0, ['CLOCK_OFF']],
    [-3600, 1, ['CLOCK_OFF']],
    [86_400, 1, ['CLOCK_OFF']],
  ]) {
    const WECHAT_BASE_URL = await server(t, ({ url }) => ({
      headers: { date: new Date(Date.now() + off * 1000).toUTCString() },
      body: JSON.stringify(url.startsWith('/wxa/') ? { errcode: 0, category_list: CATEGORIES } : { access_token: sandbox.accessToken, expires_in: 7200 }),
    }));
    const result = await found([], { ...options, env: { ...env, WECHAT_BASE_URL } });
    assert.deepEqual([result.status, result.ids], [status, ids]);
    if (ids.length > 0) assert.match(result.document.findings[0].what.en, off > 0 ? / behind / : / ahead of /);
  }
});

const CATEGORIES = [{ first_class: '政务民生', first_id: 99, second_class: '社会保障', second_id: 904 }];

test('refusals of calls that need no user', async (t) => {
  const { options, env } = await healthy(t);
  const { APP_SECRET: _, ...without } = env;
  for (const [errcode, id] of [
    [40001, 'ACCESS_TOKEN_REFUSED'],
    [42001, 'ACCESS_TOKEN_EXPIRED'],
    [48001, 'NOT_PERMITTED'],
    [45009, 'QUOTA_USED_UP'],
  ]) {
    const result = await found([], { ...options, env: { ...without, ACCESS_TOKEN: `sandbox:${errcode}` } });
    assert.deepEqual([result.status, result.ids], [1, [id]]);
    assert.deepEqual(result.document.calls, [{ of: 'getCategory', code: 'REJECTED', errcode }]);
    const [{ of, errcode: number }] = result.document.findings;
    assert.deepEqual([of, number], ['getCategory', errcode]);
  }
  const listed = await server(t, () => ({
    body: '{"errcode":40164,"errmsg":"invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 655ab817-200fff05-153c382b"}',
  }));
  const { ids, document } = await found([], { ...options, env: { ...env, WECHAT_BASE_URL: listed } });
  assert.deepEqual(ids, ['IP_NOT_LISTED']);
  const [{ what, how }] = document.findings;
  assert.match(what.zh, /203\.0\.113\.7/);
  assert.match(what.en, /203\.0\.113\.7/);
  assert.deepEqual(how, explain('getStableAccessToken', 40164).remedy);
  assert.equal(document.calls.length, 1);
});

test('what answers and is not WeChat, and what does not answer', async (t) => {
  const { options, env } = await healthy(t);
  const portal = await server(t, () => ({ body: '<html>log in</html>' }));
  const broken = await server(t, () => ({ status: 502, body: '' }));
  for (const [WECHAT_BASE_URL, status, ids, more] of [
    [portal, 1, ['NOT_WECHATS_ANSWER'], {}],
    [broken, 1, ['NOT_WECHATS_ANSWER'], {}],
    [`http://127.0.0.1:${await freePort()}`, 3, ['UNREACHABLE'], {}],
    [`http://127.0.0.1:${await freePort()}`, 3, ['UNREACHABLE'], { HTTPS_PROXY: 'http://proxy.example' }],
    [`http://127.0.0.1:${await freePort()}`, 1, ['APP_ID_MALFORMED'], { APP_ID: 'wx1' }],
  ]) {
    const result = await found([], { ...options, env: { ...env, WECHAT_BASE_URL, ...more } });
    assert.deepEqual([result.status, result.ids], [status, ids]);
    assert.equal(/NODE_USE_ENV_PROXY/.test(result.stdout), 'HTTPS_PROXY' in more);
  }
  const silent = await server(t, () => new Promise(() => undefined));
  const result = await found(['--timeout', '0.3'], { ...options, env: { ...env, WECHAT_BASE_URL: silent } });
  assert.deepEqual([result.status, result.ids, result.document.calls[0].code], [3, ['UNREACHABLE'], 'TIMEOUT']);
});

/** What people sign in the place of the string, and what the doctor says of it. */
const SIGNED = {
  '×tamp': [(serial, time) => `cert_serialno=${serial}×tamp=${time}`, /×tamp/],
  'a trailing newline': [(serial, time) => `cert_serialno=${serial}&timestamp=${time}\n`, /ends with a line end/],
  'a lower-case serial number': [(serial, time) => `cert_serialno=${serial.toLowerCase()}&timestamp=${time}`, /lower case/],
  'the other order': [(serial, time) => `timestamp=${time}&cert_serialno=${serial}`, /order is swapped/],
  'milliseconds': [(serial, time) => `cert_serialno=${serial}&timestamp=${time}000`, /milliseconds/],
  'the merchant number too': [(serial, time) => `mch_id=1900000109&cert_serialno=${serial}&timestamp=${time}`, /has mch_id in it/],
  'the token too': [(serial, time) => `auth_token=t-canary&cert_serialno=${serial}&timestamp=${time}`, /has auth_token in it/],
};

test('a captured request: what was really signed', async (t) => {
  const { options, sandbox, cwd } = await healthy(t);
  const { mchId, privateKey } = sandbox.merchant;
  const serial = openMerchant(sandbox.merchant).certSerialNo;
  const timestamp = now();
  const sign = (string, hash = 'sha256', key = privateKey) => crypto.sign(hash, Buffer.from(string), key).toString('base64');
  const right = `cert_serialno=${serial}&timestamp=${timestamp}`;
  const request = async (change) => {
    const body = { auth_token: 't-canary', mch_id: mchId, cert_serialno: serial, timestamp, sign: sign(right), ...change };
    fs.writeFileSync(path.join(cwd, 'request.json'), JSON.stringify(body));
    return found(['--offline', '--request', 'request.json'], options);
  };
  assert.deepEqual((await request({})).ids, []);
  for (const [what, [string, says]] of Object.entries(SIGNED)) {
    const { status, ids, document, stdout } = await request({ sign: sign(string(serial, timestamp)) });
    assert.deepEqual([status, ids], [1, ['SIGNED_ANOTHER_STRING']], what);
    assert.match(document.findings[0].what.en, says);
    assert.ok(!stdout.includes('canary'));
  }
  for (const [what, change, ids, says] of [
    ['SHA-1', { sign: sign(right, 'sha1') }, ['SIGNED_ANOTHER_STRING'], /SHA-1/],
    ['PSS', { sign: sign(right, 'sha256', { key: privateKey, padding: crypto.constants.RSA_PKCS1_PSS_PADDING }) }, ['SIGNED_ANOTHER_STRING'], /RSA-PSS/],
    ['another key', { sign: sign(right, 'sha256', vectors[0].pkcs8) }, ['SIGNATURE_UNKNOWN'], /another private key/],
    ['wrapped base64', { sign: sign(right).replace(/.{64}/g, '$&\n') }, ['SIGN_ENCODING'], /line ends/],
    ['milliseconds', { timestamp: timestamp * 1000 }, ['TIMESTAMP_MILLISECONDS', 'SIGNED_ANOTHER_STRING'], /milliseconds/],
    ['lower case', { cert_serialno: serial.toLowerCase() }, ['SERIAL_FORM', 'SIGNED_ANOTHER_STRING'], /upper-case/],
    ['percent-encoded', { auth_token: 'token-canary%3D' }, ['PERCENT_ENCODED'], /%3D/],
    ['a platform certificate’s serial number', { cert_serialno: other.serial }, ['SERIAL_MISMATCH', 'SIGNED_ANOTHER_STRING'], /not the serial number/],
  ]) {
    const result = await request(change);
    assert.deepEqual(result.ids, ids, what);
    assert.match(result.document.findings[0].what.en, says, what);
  }
});

test('a captured push, a source file with ×tamp, and a .env', async (t) => {
  const { options, cwd, env } = await healthy(t);
  const write = (name, text) => fs.writeFileSync(path.join(cwd, name), text);
  write('push.xml', '<xml><ToUserName>gh_1</ToUserName><Encrypt>abc</Encrypt></xml>');
  write('sign.php', '<?php\n$s = "cert_serialno=$n×tamp=$t";\n');
  const result = await found(['--offline', '--push', 'push.xml', '--text', 'sign.php'], options);
  assert.deepEqual([result.status, result.ids], [1, ['TIMES_TAMP', 'PUSH_OF_MESSAGE_URL']]);
  assert.match(result.document.findings[0].what.en, /on line 2/);

  const { APP_ID: _, ...rest } = env;
  write('.env', `# of the test\nexport APP_ID="<appid>"\nAPP_SECRET='${env.APP_SECRET}' # remark\nENCODING_AES_KEY = ${env.ENCODING_AES_KEY}\n`);
  const placeholder = await found(['--offline', '--dotenv', '.env'], { ...options, env: rest });
  assert.deepEqual([placeholder.ids, placeholder.fields], [['PLACEHOLDER'], ['appId']]);
  write('.env', `APP_ID=${env.APP_ID}\nMCH_KEY="${vectors[0].pkcs8.replace(/\n/g, '\\n')}"\nMCH_CERT="${vectors[0].certificate}"\nMCH_ID=1900006511\n`);
  const lines = await found(['--offline', '--dotenv', '.env'], { ...options, env: { ...env, APP_ID: 'TODO' } });
  assert.deepEqual(lines.ids, []);
  // As people write them: nothing before a remark, backticks, Windows' line ends, a variable of spaces alone.
  write('.env', `\uFEFFAPP_ID=${env.APP_ID}\r\nAPP_SECRET=  # not yet\r\nMCH_KEY="   "\r\nMCH_CERT=\`${vectors[0].certificate}\`\r\n`);
  const written = await found(['--offline', '--dotenv', '.env'], { cwd, env: { WECHAT_BASE_URL: env.WECHAT_BASE_URL } });
  assert.deepEqual([written.status, written.ids], [0, []]);
  assert.deepEqual(
    written.document.checks.filter(({ done }) => done).map(({ id }) => id),
    ['appId', 'serial', 'validity', 'texts'],
  );
  // In one go, however long the spaces before a remark are.
  write('.env', `APP_ID=${env.APP_ID}\nOTHER=x${' '.repeat(3_000_000)}y\n`);
  assert.deepEqual((await found(['--offline', '--dotenv', '.env'], options)).ids, []);
  // Nothing that is known: not a healthy set-up, but no set-up.
  write('.env', 'APP-ID: canary\nWX_APPID=canary\n');
  const unknown = await doctor(['--offline', '--dotenv', '.env'], { cwd });
  assert.equal(unknown.status, 2);
  assert.match(unknown.stderr, /^error: --dotenv: holds no variable that is known here: APP_ID/);
  assert.doesNotMatch(unknown.stderr, /canary/);
  const missing = await doctor(['--offline', '--dotenv', 'nothing'], { cwd });
  assert.deepEqual([missing.status, /^error: --dotenv: there is no such file/.test(missing.stderr)], [2, true]);
});

test('a certificate alone: the merchant’s of a chain, and one that is no merchant’s', { skip: lacking('openssl') }, async (t) => {
  const cwd = folder(t);
  fs.writeFileSync(path.join(cwd, 'key.pem'), vectors[0].pkcs8);
  const make = (serial, number) => {
    const words = ['req', '-new', '-x509', '-key', 'key.pem', '-subj', `/CN=${number}`, '-days', '900', '-set_serial', `0x${serial}`];
    return execFileSync('openssl', words, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  };
  const top = make('5A3C', 'Tenpay.com Root CA');
  const own = make('5A'.repeat(20), '1623450987');
  const ids = async (certificate, ...words) => {
    fs.writeFileSync(path.join(cwd, 'cert.pem'), certificate);
    return (await found(['--offline', '--cert', 'cert.pem', '--mch-id', '1623450987', ...words], { cwd })).ids;
  };
  const short = make('5A3C', '1623450987');
  assert.deepEqual(await ids(top + own), []);
  assert.deepEqual(await ids(top + own, '--serial', '5A'.repeat(20)), []);
  assert.deepEqual(await ids(short), ['FILE_UNREADABLE']);
  assert.deepEqual(await ids(short, '--key', 'key.pem'), ['FILE_UNREADABLE']);
});

test('without credentials the clock is not promised for later', async (t) => {
  const { cwd, env } = await healthy(t);
  const { stdout } = await doctor(['--app-id', env.APP_ID], { cwd, env: { WECHAT_BASE_URL: env.WECHAT_BASE_URL } });
  assert.match(stdout, /Nothing is wrong\./);
  assert.match(stdout, /clock.*APP_SECRET \| ACCESS_TOKEN/);
  assert.doesNotMatch(stdout, /once the errors above/);
});

test('the sandbox’s own values on their way to WeChat', async (t) => {
  const { options, env } = await healthy(t);
  const { WECHAT_BASE_URL: _, ...atWechat } = env;
  const { status, ids, fields } = await found(['--offline'], { ...options, env: atWechat });
  assert.deepEqual([status, [...new Set(ids)]], [1, ['SANDBOX_VALUE_AT_WECHAT']]);
  assert.deepEqual(fields, ['appId', 'certificate', 'componentAppId', 'pushToken', 'encodingAesKey']);
});

test('every key file that opens is healthy', async (t) => {
  const written = JSON.parse(fs.readFileSync(keyFiles, 'utf8'));
  const cwd = folder(t);
  const write = (name, text) => fs.writeFileSync(path.join(cwd, name), Buffer.from(text, 'base64'));
  write('key', written.key);
  write('certificate', written.certificate);
  const opening = written.files.filter(({ refused }) => refused === null);
  const examined = opening.map(async ({ name, field, password, otherKeysSign, file }, index) => {
    write(String(index), file);
    const files = field === 'p12' ? ['--p12', String(index)] : ['--key', field === 'privateKey' ? String(index) : 'key'];
    const certificate = otherKeysSign ? ['--serial', written.serial] : ['--cert', field === 'certificate' ? String(index) : 'certificate'];
    const words = [...files, ...(field === 'p12' ? [] : certificate), ...(password === null ? [] : ['--password', password])];
    const { status, ids } = await found(['--offline', '--mch-id', written.mchId, ...words], { cwd });
    assert.deepEqual([status, ids], [0, []], name);
  });
  await Promise.all(examined);
  assert.ok(opening.length > 35);
});

test('wrong use, and a Node without WebAssembly', async (t) => {
  const { options, cwd } = await healthy(t);
  assert.equal((await doctor([], { cwd })).status, 2);
  assert.match((await doctor([], { cwd })).stderr, /there is nothing to examine/);
  assert.equal((await doctor(['--key', 'nowhere.pem'], { cwd })).status, 2);
  assert.equal((await doctor(['--timeout', 'soon'], options)).status, 2);
  const off = await found([], { ...options, node: ['--jitless'] });
  assert.deepEqual([off.status, off.ids], [1, ['WEBASSEMBLY_OFF']]);
  const help = await doctor(['--help'], options);
  assert.match(help.stdout, /The calls that are made, and no others:/);
  assert.match(help.stdout, /never force_refresh/);
});

test('no secret is in anything that it says', async (t) => {
  const { options, cwd } = await healthy(t);
  fs.writeFileSync(path.join(cwd, 'request.json'), '{"auth_token":"canary1%3D","mch_id":"canary2","cert_serialno":"canary3","timestamp":"canary4","sign":"canary5"}');
  fs.writeFileSync(path.join(cwd, 'check.json'), '{"openid":"canary6","real_name":"夏侯","cred_id":"canary7","cred_type":1,"code":"canary8%3D"}');
  fs.writeFileSync(path.join(cwd, 'push.xml'), '<xml><AppId>canary9</AppId><Encrypt>canary10</Encrypt></xml>');
  fs.writeFileSync(path.join(cwd, '.env'), 'ACCESS_TOKEN="canary 11"\nPUSH_TOKEN=ca-canary12\nENCODING_AES_KEY=canary13\nMCH_PASSWORD=canary14\n×tamp');
  const env = {
    ...options.env,
    APP_SECRET: 'secret-canary',
    COMPONENT_APP_SECRET: 'canary-component',
    MCH_KEY: '-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----',
  };
  for (const request of ['request.json', 'check.json']) {
    for (const words of [['--json'], [], ['--lang', 'zh']]) {
      const files = ['--dotenv', '.env', '--request', request, '--push', 'push.xml', '--auth-token', 'canary15%3D', '--code', 'canary16%3D'];
      const { status, stdout, stderr } = await doctor([...files, ...words], { cwd, env });
      assert.equal(status, 1);
      assert.equal(stderr, '');
      assert.doesNotMatch(stdout, /canary|夏侯/);
    }
  }
});

test('every line of the guide', async (t) => {
  const cwd = folder(t);
  const [{ pkcs8, certificate, serial, timestamp, sign }] = vectors;
  const body = { auth_token: 'a-user-token', mch_id: '1900006511', cert_serialno: serial, timestamp, sign };
  const files = {
    'apiclient_key.pem': pkcs8,
    'apiclient_cert.pem': certificate,
    'request.json': JSON.stringify(body),
    'sign.php': '$s = "×tamp";',
    '.env': 'MCH_ID=1900006511\nMCH_KEY=apiclient_key.pem\nMCH_CERT=apiclient_cert.pem\n',
  };
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(cwd, name), text);
  const lines = blocks('docs/en/doctor.md', 'sh').flatMap((block) => block.trim().split('\n'));
  assert.equal(lines.length, 4);
  for (const line of lines) {
    const [npx, name, command, ...words] = line.split(' ');
    assert.deepEqual([npx, name, command], ['npx', 'wechat-realname', 'doctor']);
    const { status, stderr } = await doctor(words, { cwd });
    assert.deepEqual([status, stderr], [line.includes('sign.php') ? 1 : 0, ''], line);
  }
});

test('the guide lists every finding there is, in both languages', () => {
  const sources = fs.readdirSync(path.join(root, 'src/doctor')).map((name) => fs.readFileSync(path.join(root, 'src/doctor', name), 'utf8'));
  const command = fs.readFileSync(path.join(root, 'pkg-template/src/cli/doctor.ts'), 'utf8');
  // The codes of errors, and a variable.
  const others = ['HTTP_STATUS', 'MALFORMED_RESPONSE', 'NODE_TLS_REJECT_UNAUTHORIZED'];
  const shipped = sources.map((text) => text.split('#[cfg(test)]')[0]).join('\n');
  const inRust = [...shipped.matchAll(/"([A-Z]{2,}(?:_[A-Z]+)+|REFUSED|UNREACHABLE|PLACEHOLDER)"/g)].map(([, id]) => id).filter((id) => !others.includes(id));
  const inCommand = [...command.matchAll(/ id: '([A-Z_]+)'/g)].map(([, id]) => id);
  const ids = [...new Set([...inRust, ...inCommand])].sort();
  assert.ok(ids.length > 60);
  for (const language of ['en', 'zh']) {
    const guide = fs.readFileSync(path.join(root, `docs/${language}/doctor.md`), 'utf8');
    const listed = [...guide.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, id]) => id);
    assert.deepEqual(listed.sort(), ids, language);
  }
});
