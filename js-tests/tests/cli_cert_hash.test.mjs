// `cert-hash` of the built package: WeChat's example, the shell's own tools, and every mistake that it knows.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { cli, json, lacking } from './cli.mjs';
import { NUMBER, folder } from './support.mjs';

/** Of the document of queryVerifyInfo. */
const EXAMPLE = {
  person: '张三\n310101199801011234\n',
  hash: '3c241f7ff324977aeb91f173bb2a7b06569e6fd784d5573db34a636d8671108b',
};
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const b64 = (bytes) => Buffer.from(bytes).toString('base64');

/** As somebody else's code would write it: the parts in base64, then the string. */
const string = (name, number, { type = 'IDENTITY_CARD', form = b64 } = {}) =>
  `cert_type=${form(type)}&cert_name=${form(name)}&cert_no=${form(number)}`;

const run = (person, ...more) => json(['cert-hash', '-', ...more], { input: person });

test('cert-hash is WeChat’s example, from a file and standard input, however the lines end', (t) => {
  const made = folder(t);
  const { person, hash } = EXAMPLE;
  const utf16 = Buffer.from(`\ufeff${person}`, 'utf16le');
  for (const text of [person, person.trim(), person.replaceAll('\n', '\r\n'), `\ufeff${person}\n`, utf16]) {
    fs.writeFileSync(path.join(made, 'person.txt'), text);
    assert.deepEqual(cli(['cert-hash', 'person.txt'], { cwd: made }), { status: 0, stdout: `${hash}\n`, stderr: '' });
    assert.equal(cli(['cert-hash', '-'], { input: text }).stdout, `${hash}\n`);
  }
});

test('cert-hash agrees with the shell’s tools', { skip: lacking('base64', 'sha256sum') }, () => {
  const line =
    'b() { printf %s "$1" | base64 -w 0; }; ' +
    'printf %s "cert_type=$(b IDENTITY_CARD)&cert_name=$(b "$name")&cert_no=$(b "$number")" | sha256sum';
  for (const name of ['夏侯惇', '阿卜杜·热合曼', '𠮷䶮', 'A']) {
    const env = { ...process.env, name, number: NUMBER };
    const [theirs] = execFileSync('sh', ['-c', line], { env, encoding: 'utf8' }).split(' ');
    assert.equal(run(`${name}\n${NUMBER}`).value.certHash, theirs);
  }
});

test('cert-hash shows what is hashed only with --reveal', () => {
  const name = '夏侯惇';
  const person = `${name}\n${NUMBER}\n`;
  const secrets = [name, NUMBER, b64(name), b64(NUMBER)];
  const hash = sha256(string(name, NUMBER));
  for (const words of [[], ['--expect', hash], ['--expect', EXAMPLE.hash], ['--expect', EXAMPLE.hash, '--json']]) {
    const { stdout, stderr } = cli(['cert-hash', '-', ...words], { input: person });
    assert.ok(stdout.includes(hash));
    for (const secret of secrets) assert.ok(!(stdout + stderr).includes(secret), words.join(' '));
  }
  const { value } = run(person, '--reveal');
  assert.deepEqual(value, {
    certHash: hash,
    string: string(name, NUMBER),
    base64: { certType: b64('IDENTITY_CARD'), certName: b64(name), certNo: b64(NUMBER) },
    masked: false,
  });
  assert.equal(sha256(value.string), value.certHash);
  const { stdout } = cli(['cert-hash', '-', '--reveal', '--lang', 'zh'], { input: person });
  for (const shown of [`${name} → ${b64(name)}`, `${NUMBER} → ${b64(NUMBER)}`, string(name, NUMBER), hash]) {
    assert.ok(stdout.includes(shown), shown);
  }
});

const UTF8 = '夏侯惇';
/** iconv -t gbk. */
const GBK = Buffer.from('cfc4baee90aa', 'hex');
/** Whose base64 has both a plus and a slash: 㯿 is e3 af bf, 㿿 e3 bf bf. */
const PLUS_AND_SLASH = '㯿a㿿';
const unpadded = (bytes) => b64(bytes).replace(/=+$/, '');
const url = (bytes) => b64(bytes).replace(/\+/g, '-').replace(/\//g, '_');
const plain = (bytes) => Buffer.from(bytes).toString('latin1');
const percent = (bytes) => encodeURIComponent(b64(bytes));
const sorted = (text) => text.split('&').sort().join('&');

/** Who is meant, the mistakes in order, and the string that somebody's code hashes. */
const MISTAKES = [
  [UTF8, NUMBER, ['gbk'], string(GBK, NUMBER)],
  [UTF8, NUMBER, ['unpadded'], string(UTF8, NUMBER, { form: unpadded })],
  [PLUS_AND_SLASH, NUMBER, ['url_safe'], string(PLUS_AND_SLASH, NUMBER, { form: url })],
  [PLUS_AND_SLASH, NUMBER, ['url_safe'], string(PLUS_AND_SLASH, NUMBER, { form: (bytes) => url(bytes).replaceAll('=', '') })],
  [UTF8, NUMBER, ['no_base64'], Buffer.from(string(UTF8, NUMBER, { form: plain }), 'latin1')],
  [UTF8, NUMBER, ['percent_encoded'], string(UTF8, NUMBER, { form: percent })],
  [UTF8, NUMBER, ['order'], sorted(string(UTF8, NUMBER))],
  [UTF8, NUMBER, ['order'], string(UTF8, NUMBER).split('&').reverse().join('&')],
  [UTF8, NUMBER, ['name_white_space'], string(`${UTF8}\n`, NUMBER)],
  [UTF8, NUMBER, ['name_white_space'], string(` ${UTF8}`, NUMBER)],
  ['张三', NUMBER, ['name_white_space'], string('张\u3000三', NUMBER)],
  ['张 三', NUMBER, ['name_white_space'], string('张三', NUMBER)],
  ['买买提·吐尔逊', NUMBER, ['name_dot'], string('买买提•吐尔逊', NUMBER)],
  ['买买提．吐尔逊', NUMBER, ['name_dot'], string('买买提·吐尔逊', NUMBER)],
  [UTF8, NUMBER, ['number_x'], string(UTF8, NUMBER.toLowerCase())],
  [UTF8, NUMBER.toLowerCase(), ['number_x'], string(UTF8, NUMBER)],
  [UTF8, NUMBER, ['number_white_space'], string(UTF8, `${NUMBER}\n`)],
  [UTF8, NUMBER, ['cert_type'], string(UTF8, NUMBER, { type: '1' })],
  [UTF8, NUMBER, ['line_end'], `${string(UTF8, NUMBER)}\n`],
  [UTF8, NUMBER, ['gbk', 'order'], sorted(string(GBK, NUMBER))],
  [
    UTF8,
    NUMBER,
    ['cert_type', 'name_white_space', 'number_x', 'gbk', 'no_base64', 'line_end'],
    Buffer.from(`${string(Buffer.concat([GBK, Buffer.from('\n')]), NUMBER.toLowerCase(), { type: '1', form: plain })}\n`, 'latin1'),
  ],
];

test('--expect: the same is said to be the same; of another, the mistakes are named, alone and together', () => {
  const same = run(EXAMPLE.person, '--expect', ` ${EXAMPLE.hash}\n`);
  assert.deepEqual([same.status, same.value.matches, same.value.mistakes], [0, true, []]);
  assert.match(cli(['cert-hash', '-', '--expect', EXAMPLE.hash], { input: EXAMPLE.person }).stdout, /^3c24\w{60}\n✓ the same/);

  for (const [name, number, mistakes, hashed] of MISTAKES) {
    const { status, value } = run(`${name}\n${number}`, '--expect', sha256(hashed));
    assert.deepEqual([status, value.matches, value.mistakes], [1, false, mistakes], mistakes.join());
    assert.equal(value.certHash, sha256(string(name, number)));
  }
  const [name, number, [gbk], hashed] = MISTAKES[0];
  const capitals = run(`${name}\n${number}`, '--expect', sha256(hashed).toUpperCase());
  assert.deepEqual([capitals.status, capitals.value.mistakes], [1, ['capitals', gbk]]);
  assert.deepEqual(run(EXAMPLE.person, '--expect', EXAMPLE.hash.toUpperCase()).value.mistakes, ['capitals']);
  // Nobody's mistakes: another person. A name that GBK does not have is looked for all the same.
  for (const person of [EXAMPLE.person, `𠮷\n${NUMBER}`]) {
    assert.deepEqual(run(person, '--expect', sha256('canary').toUpperCase()).value.mistakes, []);
  }
});

test('--expect in words, in both languages', () => {
  for (const [at, en, zh] of [
    [0, /✗ --expect is another.*\n {2}its name is in GBK; WeChat wants UTF-8\n$/, /✗ --expect 不同.*\n {2}它的姓名是 GBK 编码；应为 UTF-8\n$/],
    [12, /the dot in its name is • \(U\+2022\), and the one here · \(U\+00B7\)/, /间隔点是 • \(U\+2022\)，这里是 · \(U\+00B7\)/],
    [14, /ends in a small x, and the one here in a capital/, /末位是小写 x，这里是大写/],
    [15, /ends in a capital X, and the one here in a small one/, /末位是大写 X，这里是小写/],
  ]) {
    const [name, number, , hashed] = MISTAKES[at];
    const said = (language) =>
      cli(['cert-hash', '-', '--expect', sha256(hashed), '--lang', language], { input: `${name}\n${number}` }).stdout;
    assert.match(said('en'), en);
    assert.match(said('zh'), zh);
    assert.doesNotMatch(said('en'), /\p{Script=Han}/u);
  }
  const other = cli(['cert-hash', '-', '--expect', sha256('canary')], { input: EXAMPLE.person });
  assert.equal(other.status, 1);
  assert.match(other.stdout, /none of the usual mistakes gives it[^]*--reveal/);
});

test('cert-hash refuses what is no person and no hash, without a word of it', () => {
  const gbk = Buffer.concat([GBK, Buffer.from(`\n${NUMBER}\n`)]);
  for (const [input, more, field, en, zh] of [
    ['夏侯惇', [], '<file>', /two lines/, /应为两行/],
    ['', [], '<file>', /two lines/, /应为两行/],
    [`夏侯惇\n\n${NUMBER}`, [], '<file>', /two lines/, /应为两行/],
    [`{"certName":"夏侯惇",\n"certNo":"${NUMBER}"\n}`, [], '<file>', /two lines/, /应为两行/],
    [`${NUMBER}\n夏侯惇`, [], '<file>', /the name comes first/, /先姓名/],
    [gbk, [], '<file>', /not UTF-8/, /不是 UTF-8/],
    [`夏侯惇 \n${NUMBER}`, [], '<file>:1', /white space/, /开头或结尾有空白/],
    [`夏侯惇\n ${NUMBER}`, [], '<file>:2', /white space/, /开头或结尾有空白/],
    [`夏侯\t惇\n${NUMBER}`, [], '<file>:1', /control characters/, /控制字符/],
    [`\n${NUMBER}`, [], '<file>:1', /is missing or empty/, /没有内容/],
    [EXAMPLE.person, ['--expect', b64(Buffer.from(EXAMPLE.hash, 'hex'))], '--expect', /64 hex digits/, /64 位十六进制/],
    [EXAMPLE.person, ['--expect', '5d41402abc4b2a76b9719d911017c592'], '--expect', /neither MD5/, /MD5/],
  ]) {
    const { status, value } = json(['cert-hash', '-', ...more], { input });
    assert.deepEqual([status, value.error.field], [2, field], String(input));
    assert.match(value.error.message, en);
    const { stderr } = cli(['cert-hash', '-', ...more, '--lang', 'zh'], { input });
    assert.match(stderr, zh);
    assert.doesNotMatch(value.error.message + stderr, new RegExp(`夏侯|${NUMBER}`));
  }
  assert.equal(json(['cert-hash', 'none.txt']).value.error.field, '<file>');
});
