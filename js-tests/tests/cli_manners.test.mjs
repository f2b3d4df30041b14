// How the command line behaves: help, languages, exit codes, colours, pipes; and that nothing secret is in what it says.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { explain, returnCodes } from 'wechat-realname';
import { binary, cli, json, lacking, merchantFolder } from './cli.mjs';
import { NUMBER, folder, installed, project, vectors } from './support.mjs';

/** Every command that there is to be; those of other files are in the help as soon as they are there. */
const COMMANDS = [
  ['sign'],
  ['open'],
  ['serial'],
  ['report'],
  ['explain'],
  ['check'],
  ['check', 'id'],
  ['check', 'credit-code'],
  ['cert-hash'],
  ['push'],
  ['push', 'open'],
];
const CODE = '91110105MA00000012';

test('the package’s bin is started through npm’s link', (t) => {
  const made = project(t);
  const { version, bin } = JSON.parse(fs.readFileSync(path.join(installed, 'package.json'), 'utf8'));
  assert.deepEqual(bin, { 'wechat-realname': 'dist/cli.cjs' });
  const windows = process.platform === 'win32';
  const link = path.join(made, 'node_modules/.bin', `wechat-realname${windows ? '.cmd' : ''}`);
  const { stdout, status } = spawnSync(link, ['--version'], { encoding: 'utf8', shell: windows });
  assert.deepEqual([status, stdout], [0, `${version}\n`]);
  // As `npx wechat-realname` in that project, without the network.
  const npx = spawnSync('npx', ['--no-install', 'wechat-realname', 'check', 'credit-code', CODE], {
    cwd: made,
    encoding: 'utf8',
    shell: windows,
  });
  assert.equal(npx.status, 0, npx.stderr);
});

test('help mentions every command, with examples, in both languages', () => {
  for (const [language, title, usage] of [
    ['en', 'Examples:', 'Usage:'],
    ['zh', '示例：', '用法：'],
  ]) {
    const { stdout, status } = cli(['--help', '--lang', language]);
    assert.equal(status, 0);
    const listed = [...stdout.matchAll(/^ {2}([a-z][a-z-]+) /gm)].map(([, name]) => name);
    for (const [name] of COMMANDS) assert.ok(listed.includes(name), `${language}: ${name}`);
    for (const words of [...COMMANDS, ...listed.filter((name) => name !== 'help').map((name) => [name])]) {
      const help = cli([...words, '--help', '--lang', language]);
      assert.deepEqual([help.status, help.stderr], [0, ''], words.join(' '));
      assert.ok(help.stdout.startsWith(usage), words.join(' '));
      assert.match(help.stdout, /--json .*\n[\s\S]*--no-color/, words.join(' '));
      const isGroup = COMMANDS.some((one) => one.length === 2 && one[0] === words[0]) && words.length === 1;
      assert.ok(isGroup || help.stdout.includes(title), words.join(' '));
    }
  }
  const asked = json([]);
  assert.deepEqual([asked.status, asked.value.error.code], [2, 'USAGE']);
  const nothing = cli([]);
  assert.deepEqual([nothing.status, nothing.stdout], [2, '']);
  assert.match(nothing.stderr, /^Usage: wechat-realname/);
});

test('the language: --lang, then WECHAT_REALNAME_LANG, then the locale', () => {
  const language = (words, env) =>
    /错误/.test(cli(['check', 'id', '-', ...words], { env: { LANG: '', ...env } }).stderr) ? 'zh' : 'en';
  assert.equal(language([], { LANG: 'zh_CN.UTF-8' }), 'zh');
  assert.equal(language([], { LANG: 'zh_CN.UTF-8', LC_ALL: 'en_US.UTF-8' }), 'en');
  assert.equal(language([], { LANG: 'en_US.UTF-8', LC_MESSAGES: 'zh_TW' }), 'zh');
  assert.equal(language([], { LANG: 'zh_CN.UTF-8', WECHAT_REALNAME_LANG: 'en' }), 'en');
  assert.equal(language(['--lang=en'], { WECHAT_REALNAME_LANG: 'zh' }), 'en');
  assert.equal(language(['--lang', 'zh'], {}), 'zh');
  const wrong = json(['explain', '--lang', 'canary']);
  assert.deepEqual([wrong.status, wrong.value.error.field, wrong.value.error.message], [2, '--lang', '--lang: must be zh or en']);
});

test('mistakes on the command line: exit code 2, what is meant, and not what was typed', () => {
  for (const [words, field, en, zh] of [
    [['sing'], undefined, /did you mean sign\?/, /是不是 sign？/],
    [['sign', '--kye', 'x'], '--kye', /did you mean --key\?/, /是不是 --key？/],
    [['sign', '--key'], '--key', /needs a value/, /后面缺少值/],
    [['check', 'id'], undefined, /<number> is missing/, /缺少参数 <number>/],
    [['check', 'id', NUMBER, NUMBER], undefined, /too many arguments/, /参数太多/],
    [['check', NUMBER], undefined, /no such command/, /没有这个命令/],
    [['explain', 'getrealnmeinfo'], '<interface>', /did you mean getRealNameInfo\?/i, /是不是 getRealNameInfo？/i],
    [['explain', 'getRealNameInfo', 'x1'], '<code>', /whole number/, /整数/],
    [['sign', '--timestamp', '1795170000000'], '--timestamp', /milliseconds/, /毫秒/],
    [['sign', '--key', 'none.pem'], '--key', /no such file/, /没有这个文件/],
    [['sign', '--key', '.'], '--key', /folder/, /目录/],
    [['sign', '--key', 'a', '--p12', 'b'], '--p12', /without --key/, /不要再给/],
    [['sign', '--key', '-', '--cert', '-'], '--cert', /read once/, /只能读一次/],
    [['cert-hash'], undefined, /<file> is missing/, /缺少参数 <file>/],
  ]) {
    const { status, value } = json(words, { input: 'x' });
    assert.deepEqual([status, value.error.code, value.error.field], [2, 'USAGE', field], words.join(' '));
    for (const [language, pattern] of [
      ['en', en],
      ['zh', zh],
    ]) {
      const said = cli([...words, '--lang', language], { input: 'x' });
      assert.deepEqual([said.status, said.stdout], [2, '']);
      assert.match(said.stderr, pattern);
      assert.ok(!said.stderr.includes(NUMBER) && !said.stderr.includes('    at '));
    }
  }
});

/** Without the seconds until midnight, which pass while a command starts. */
const timeless = ({ retryAfterSeconds, ...explanation }) => explanation;

test('explain: all interfaces, one, one number, and one number everywhere', () => {
  const all = json(['explain']);
  assert.deepEqual([all.status, all.value], [0, returnCodes()]);
  for (const { of, wechatName, codes } of returnCodes()) {
    for (const name of [of, of.toUpperCase(), wechatName]) {
      const { status, value } = json(['explain', name]);
      const expected = codes.map((code) => explain(of, code));
      assert.deepEqual([status, value.codes.map(timeless)], [0, expected.map(timeless)], name);
      for (const [at, { retryAfterSeconds: later = 0 }] of value.codes.entries()) {
        assert.ok(Math.abs(later - (expected[at].retryAfterSeconds ?? 0)) < 60, name);
      }
    }
  }
  const one = explain('getRealNameInfo', 94003);
  for (const words of [
    ['getRealNameInfo', '94003'],
    ['94003', 'getrealnameinfo'],
  ]) {
    assert.deepEqual(json(['explain', ...words]).value, one);
    for (const language of ['zh', 'en']) {
      const { stdout } = cli(['explain', ...words, '--lang', language]);
      for (const text of [one.meaning[language], one.remedy[language], one.action]) assert.ok(stdout.includes(text), text);
    }
  }
  // The same number, other meanings; and a number that looks like an option.
  const several = json(['explain', '1005']).value;
  assert.deepEqual(several.map(({ of }) => of).slice(0, 2), ['checkRealNameInfo', 'verifyBetaMiniprogram']);
  assert.equal(json(['explain', 'getRealNameInfo', '-1']).value.code, -1);
  assert.ok(json(['explain', '-1']).value.length > 2);
  // What means the same everywhere is said once, below all that it is said of.
  const busy = cli(['explain', '-1']).stdout;
  const { of, remedy } = explain('getRealNameInfo', -1);
  assert.equal(busy.split(remedy.en).length, 2);
  for (const one of json(['explain', '-1']).value) assert.ok(busy.includes(`${one.of} (`), one.of);
  assert.equal(of, 'getRealNameInfo');
  const unknown = json(['explain', 'getRealNameInfo', '4711']);
  assert.deepEqual([unknown.status, unknown.value.known], [1, false]);
  // A number of the result, under the name of its interface.
  const elsewhere = cli(['explain', 'queryVerifyInfo', '10300']);
  assert.deepEqual([elsewhere.status, elsewhere.stderr], [1, 'it is a number of verify_ret: explain 10300 shows it\n']);
  assert.match(cli(['explain', 'queryVerifyInfo', '10300', '--lang', 'zh']).stderr, /^别处有这个码：verify_ret。/);
  assert.deepEqual(json(['explain', '4711']), { status: 1, stderr: '', value: [] });
  assert.match(cli(['explain', '4711']).stdout, /rid/);
});

test('check: numbers from arguments and standard input, masked, exit code 1 where they cannot be', () => {
  for (const [words, input] of [
    [[NUMBER], ''],
    [['-'], `${NUMBER}\r\n`],
  ]) {
    const { status, stdout, stderr } = cli(['check', 'id', ...words], { input });
    assert.equal(status, 0);
    assert.match(stdout, /^✓ can be one/);
    assert.ok(!(stdout + stderr).includes(NUMBER.slice(1, -1)));
  }
  const reasons = {
    [NUMBER.slice(1)]: 'length',
    [NUMBER.replace('X', '1')]: 'check_character',
    '11010519490231002X': 'birth_date',
    A1010519491231002X: 'characters',
  };
  for (const [number, reason] of Object.entries(reasons)) {
    const { status, value } = json(['check', 'id', '-'], { input: number });
    assert.deepEqual([status, value.valid, value.reason], [1, false, reason]);
    for (const language of ['en', 'zh']) {
      const said = cli(['check', 'id', '-', '--lang', language], { input: number });
      assert.match(said.stdout, language === 'zh' ? /^✗ \S*\p{Script=Han}/u : /^✗ [a-z ]+/);
      assert.ok(!(said.stdout + said.stderr).includes(number.slice(1, -1)));
    }
  }
  const good = json(['check', 'credit-code', '-', '--reveal'], { input: CODE });
  assert.deepEqual([good.status, good.value], [0, { valid: true, kind: 'credit_code', codeType: 1, code: CODE, masked: false }]);
  assert.ok(!cli(['check', 'credit-code', CODE]).stdout.includes(CODE));
  const bad = json(['check', 'credit-code', CODE.replace('2', '3')]);
  assert.deepEqual([bad.status, bad.value.valid, bad.value.reason], [1, false, 'check_character']);
  assert.match(cli(['check', 'credit-code', CODE.toLowerCase()]).stdout, /^✗ .*capital letters/);
  assert.equal(json(['check', 'id', '-'], { input: ' \n' }).value.error.field, '<number>');
});

const ESCAPE = '\u001b[';

test('colours on a terminal alone, and not against the user’s wish', (t) => {
  const words = ['check', 'id', NUMBER];
  assert.ok(!cli(words).stdout.includes(ESCAPE), 'a pipe is no terminal');
  assert.ok(cli(words, { env: { FORCE_COLOR: '1' } }).stdout.includes(ESCAPE));
  assert.ok(!cli(words, { env: { FORCE_COLOR: '1', NO_COLOR: '1' } }).stdout.includes(ESCAPE));
  assert.ok(!cli([...words, '--no-color'], { env: { FORCE_COLOR: '1' } }).stdout.includes(ESCAPE));
  assert.ok(!cli([...words, '--json'], { env: { FORCE_COLOR: '1' } }).stdout.includes(ESCAPE));
  assert.ok(!cli([...words, '--help'], { env: {} }).stdout.includes(ESCAPE));
  const missing = lacking('script');
  if (missing) return t.skip(missing);
  const onTerminal = (env, ...more) =>
    cli(['-qec', `'${process.execPath}' '${binary}' ${[...words, ...more].join(' ')}`, '/dev/null'], {
      program: ['script'],
      env: { TERM: 'xterm', ...env },
    }).stdout;
  assert.ok(onTerminal({}).includes(ESCAPE));
  assert.ok(onTerminal({}, '--help').includes(ESCAPE));
  assert.ok(!onTerminal({ NO_COLOR: '1' }).includes(ESCAPE));
  assert.ok(!onTerminal({}, '--no-color').includes(ESCAPE));
  assert.ok(!onTerminal({ TERM: 'dumb' }).includes(ESCAPE));
});

test('a reader that has seen enough is nobody’s mistake', async () => {
  const child = spawn(process.execPath, [binary, 'explain', '--json'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  child.stdout.destroy();
  const status = await new Promise((done) => child.on('close', done));
  assert.deepEqual([status, stderr], [0, '']);
});

test('paths with spaces and Chinese characters, and absolute ones', async (t) => {
  const { made } = await merchantFolder(t);
  const inside = path.join(made, '商户 文件');
  fs.mkdirSync(inside);
  fs.renameSync(path.join(made, 'apiclient_cert.pem'), path.join(inside, '证书.pem'));
  assert.match(cli(['serial', path.join(inside, '证书.pem')]).stdout, /^[0-9A-F]{40}\n$/);
  assert.match(cli(['serial', path.join('商户 文件', '证书.pem')], { cwd: made }).stdout, /^[0-9A-F]{40}\n$/);
});

test('no secret in what any command says of wrong input', async (t) => {
  const { made, sandbox } = await merchantFolder(t);
  const canary = 'canary-5ec7e7';
  const write = (name, text) => fs.writeFileSync(path.join(made, name), text);
  const key = sandbox.merchant.privateKey;
  const { query, body } = sandbox.makePush({ kind: 'ticket' });
  const { componentAppId, token, encodingAesKey } = sandbox.platform;
  write(`${canary}.txt`, `${canary}\n`);
  write('broken.pem', key.replace(/.{20}\n-----END/, `${canary}\n-----END`));
  write('reply.json', `{"encryted_real_name":"${canary}","encryted_credential_id":"${canary}"}`);
  write('refusal.json', `{"errcode":94005,"errmsg":"invalid auth_token"}`);
  write('medical.json', JSON.stringify({ cipher_real_name: Buffer.from(canary.padEnd(32)).toString('base64'), open_id: canary }));
  write('person.txt', `夏侯${canary}\n${NUMBER}\n`);
  write('hospital.txt', `${canary}-hospital-key-of-32-c`.slice(0, 32).padEnd(32, 'x'));
  write('push.xml', body);
  const pair = ['--key', 'apiclient_key.pem', '--cert', 'apiclient_cert.pem'];
  const url = `/?${new URLSearchParams(query)}`;
  const console = ['--token', token, '--key', encodingAesKey, '--app-id', componentAppId];
  const runs = [
    ['sign', '--key', canary],
    ['sign', '--key', key],
    ['sign', '--key', `${canary}.txt`, '--cert', 'apiclient_cert.pem'],
    ['sign', '--key', 'broken.pem', '--cert', 'apiclient_cert.pem'],
    ['sign', '--key', 'apiclient_key.pem', '--serial', canary],
    ['sign', ...pair, '--mch-id', canary],
    ['sign', ...pair, '--timestamp', canary],
    ['sign', '--p12', `${canary}.txt`, '--password', canary],
    ['sign', '--password-file', canary, '--p12', 'apiclient_cert.pem'],
    ['open', canary, ...pair],
    ['open', 'reply.json', ...pair],
    ['open', 'refusal.json', ...pair],
    ['open', '--name', canary, '--id', canary, ...pair],
    ['open', '--name', canary, ...pair],
    ['open', '-', ...pair],
    ['open', 'medical.json'],
    ['open', 'medical.json', ...pair],
    ['open', 'medical.json', '--medical-key-file', canary],
    ['open', 'medical.json', '--medical-key-file', `${canary}.txt`],
    ['open', 'medical.json', '--medical-key-file', 'hospital.txt'],
    ['open', 'refusal.json', '--medical-key-file', `${canary}.txt`],
    ['cert-hash', canary],
    ['cert-hash', `${canary}.txt`],
    ['cert-hash', '-'],
    ['cert-hash', 'person.txt', '--expect', canary],
    ['cert-hash', 'person.txt', '--expect', 'ab'.repeat(32)],
    ['serial', canary],
    ['serial', `${canary}.txt`],
    ['serial', 'apiclient_key.pem'],
    ['report', canary],
    ['report', `${canary}.txt`],
    ['report', 'broken.pem'],
    ['report', 'apiclient_cert.pem', '--serial', canary],
    ['explain', canary],
    ['explain', 'getRealNameInfo', canary],
    ['check', 'id', canary],
    ['check', 'id', '夏侯canary'],
    ['check', 'credit-code', canary],
    ['check', canary],
    ['push', 'open', '--body', canary, '--url', url, ...console],
    ['push', 'open', '--body', `${canary}.txt`, '--url', url, ...console],
    ['push', 'open', '--body', 'push.xml', '--url', `/?${canary}`, ...console],
    ['push', 'open', '--body', 'push.xml', '--url', url, '--token', canary, '--key', encodingAesKey, '--app-id', componentAppId],
    ['push', 'open', '--body', 'push.xml', '--url', url, '--token', token, '--key', canary, '--app-id', componentAppId],
    ['push', 'open', '--body', 'push.xml', '--url', url, ...console, '--now', canary],
    ['push', canary],
    [canary],
    [`--${canary}`],
    [`--json=${canary}`],
    ['sign', `-${canary}`],
    ['sign', canary],
  ];
  const lines = [key, vectors[0].pkcs8].flatMap((pem) => pem.split('\n').filter((line) => line && !line.startsWith('-')));
  const secrets = [canary, '夏侯', NUMBER, token, encodingAesKey, ...lines];
  const env = { MCH_PASSWORD: canary, PREVIOUS_ENCODING_AES_KEY: '', WECHAT_REALNAME_LANG: '' };
  for (const words of runs) {
    for (const more of [[], ['--json'], ['--lang', 'zh']]) {
      const { status, stdout, stderr } = cli([...words, ...more], { cwd: made, input: canary, env });
      assert.ok(status >= 1 && status <= 3, `${words.join(' ').slice(0, 40)}: ${status}`);
      for (const secret of secrets) assert.ok(!(stdout + stderr).includes(secret), `${words[0]} ${words[1]}`);
      assert.doesNotMatch(stdout + stderr, /\n {4}at |node:internal/);
      if (more[0] === '--json') assert.equal(typeof JSON.parse(stdout), 'object');
    }
  }
});
