// The catalogue of WeChat's numbers as JavaScript has it: every number in both languages, errors, and where the texts are read.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { pathToFileURL } from 'node:url';

import { RealNameError, createClient, explain, returnCodes } from 'wechat-realname';
import { bundlers } from './bundlers.mjs';
import { failure, fixtures, folder, installed, project, root, row, sandboxed } from './support.mjs';

const { comment, general, ...documented } = JSON.parse(fs.readFileSync(path.join(root, 'tests/vectors/codes.json'), 'utf8'));
const WHO = ['developer', 'operator', 'end_user', 'wechat', 'nobody'];
const HAN = /\p{Script=Han}/u;
/** In a remedy, and nowhere else. */
const OF_THE_TEXTS = 'Call again in a moment';
/** The first letters of the module, as the build for browsers has it. */
const [OF_THE_CORE] = /[A-Za-z0-9+/]{200}/.exec(fs.readFileSync(path.join(installed, 'dist/browser_main.mjs'), 'utf8'));

test('every documented number is explained, in both languages', () => {
  assert.ok(comment);
  const listed = new Map(returnCodes().map((one) => [one.of, one]));
  assert.deepEqual([...listed.keys()].sort(), Object.keys(documented).sort());
  for (const [of, numbers] of Object.entries(documented)) {
    const { kind, codes } = listed.get(of);
    for (const code of [...numbers, ...(kind === 'errcode' ? general : [])]) {
      const known = explain(of, code);
      const { meaning, remedy, who } = known;
      assert.deepEqual([known.known, known.of, known.code, known.errmsg], [true, of, code, undefined]);
      for (const text of [meaning, remedy]) {
        assert.deepEqual(Object.keys(text), ['zh', 'en']);
        assert.ok(HAN.test(text.zh) && /[a-z]/.test(text.en), `${of} ${code}`);
      }
      assert.equal(new Set([meaning.zh, meaning.en, remedy.zh, remedy.en]).size, 4);
      assert.ok(WHO.includes(who) && codes.includes(code), `${of} ${code}`);
    }
  }
});

test('what is listed is in order, explained, and a copy', () => {
  for (const { of, wechatName, kind, title, codes } of returnCodes()) {
    assert.deepEqual([...new Set(codes)].sort((one, other) => one - other), codes);
    for (const code of codes) assert.deepEqual(explain(wechatName.toUpperCase(), code), explain(of, code));
    for (const code of codes) assert.ok(explain(of, code).known);
    assert.ok(['errcode', 'status', 'verify_ret'].includes(kind) && HAN.test(title.zh) && !HAN.test(title.en));
  }
  const [first] = returnCodes();
  first.codes.push(4711);
  first.title.zh = '';
  assert.ok(!returnCodes()[0].codes.includes(4711) && returnCodes()[0].title.zh);
  explain('getCategory', -1).meaning.zh = '';
  assert.ok(explain('getCategory', -1).meaning.zh);
});

test('one number in two interfaces has two meanings, and two remedies', () => {
  for (const [one, other, code] of [
    ['checkRealNameInfo', 'verifybetaweapp', 1005],
    ['stable_token', 'getrealnameinfo', 40001],
    ['stable_token', 'api_component_token', 40013],
  ]) {
    const [ours, theirs] = [explain(one, code), explain(other, code)];
    for (const part of ['meaning', 'remedy']) {
      for (const language of ['zh', 'en']) assert.notEqual(ours[part][language], theirs[part][language]);
    }
  }
  assert.equal(explain('stable_token', 40001).action, 'fix_request');
  assert.equal(explain('getCategory', 40001).action, 'refresh_token');
  assert.equal(explain('notify_third_fastverifybetaapp', 105).retryAfterSeconds, 7 * 86_400);
  assert.equal(explain('verify_ret', 10000).action, undefined);
  assert.equal(explain('getCategory', 0).known, true);
});

test('a refused call and its explanation say the same', async (t) => {
  const { client, sandbox } = await sandboxed(t);
  const check = (word) =>
    failure(client.checkRealNameInfo({ openid: 'o', realName: '张三', credId: '1', code: `sandbox:${word}` }));
  for (const code of returnCodes().find(({ of }) => of === 'checkRealNameInfo').codes) {
    const error = await check(code);
    const said = explain(error);
    const { known, of, action, errmsg, meaning } = said;
    assert.deepEqual([known, of, said.code, action, errmsg], [true, 'checkRealNameInfo', code, error.action, error.errmsg]);
    assert.equal(said.retryAfterSeconds, error.retryAfterSeconds);
    assert.ok(error.message.includes(meaning.en), error.message);
    // As a log has it.
    assert.deepEqual(explain(JSON.parse(JSON.stringify(error))), said);
    // The number alone says as much, but for what WeChat wrote. (A second may pass between the two.)
    const { errmsg: _, retryAfterSeconds = 0, ...rest } = said;
    const { retryAfterSeconds: later = 0, ...alone } = explain(of, code);
    assert.deepEqual(alone, rest);
    assert.ok(retryAfterSeconds - later >= 0 && retryAfterSeconds - later < 60, `${code}`);
  }

  const token = createClient({ appId: sandbox.appId, appSecret: 'sandbox:40164', baseUrl: sandbox.baseUrl });
  const refused = explain(await failure(token.getCategory()));
  assert.deepEqual([refused.of, refused.who, refused.action], ['getStableAccessToken', 'operator', 'fix_request']);
  assert.match(refused.remedy.zh, /IP白名单/);

  const unknown = await check(77777);
  const { meaning, remedy, ...rest } = explain(unknown);
  assert.deepEqual(rest, { known: false, of: 'checkRealNameInfo', code: 77777, errmsg: unknown.errmsg });
  assert.match(unknown.errmsg, /rid: /);
  for (const text of [remedy.zh, remedy.en]) assert.match(text, /rid/);
  assert.match(meaning.zh, /不认识/);
  assert.match(meaning.en, /not know/);
});

test('errors without a number, and of calls that this version does not know', () => {
  const error = (report) => new RealNameError({ code: 'REJECTED', message: '', ...report });
  assert.equal(explain(error({})), undefined);
  assert.equal(explain(new TypeError('mine')), undefined);
  assert.equal(explain(error({ errcode: '94003', operation: 'getRealNameInfo' })), undefined);
  const busy = explain(error({ errcode: -1, operation: 'aCallOfTomorrow', errmsg: 'busy' }));
  assert.deepEqual([busy.known, busy.of, busy.action, busy.errmsg], [true, 'aCallOfTomorrow', 'retry', 'busy']);
  assert.equal(explain(error({ errcode: 94003, operation: 'aCallOfTomorrow' })).known, false);
  assert.equal(explain(error({ errcode: 94003 })).of, '');
});

test('what can never be right is named, and no value is repeated', () => {
  const thrown = (...given) => {
    try {
      explain(...given);
    } catch (error) {
      assert.ok(error instanceof RealNameError);
      assert.doesNotMatch(error.message, /canary/);
      return [error.code, error.field];
    }
    throw new Error('it did not fail');
  };
  for (const of of ['canary', '', ' getRealNameInfo', '__proto__', 'constructor', 'toString']) {
    assert.deepEqual(thrown(of, 94003), ['INVALID_ARGUMENT', 'of']);
  }
  for (const of of [undefined, null, 94003, () => {}]) assert.deepEqual(thrown(of, 1), ['INVALID_ARGUMENT', 'of']);
  for (const code of [undefined, null, '94003', 1.5, NaN, 2 ** 60, {}]) {
    assert.deepEqual(thrown('getRealNameInfo', code), ['INVALID_ARGUMENT', 'code']);
  }
});

test('Node reads the texts with the first explanation, and not before', (t) => {
  const program = `
    const { createClient, explain, operations, version } = require('wechat-realname');
    const read = () => Object.keys(require.cache).filter((file) => file.endsWith('return_codes.cjs')).length;
    createClient({ accessToken: 'canary' });
    const { interpret } = operations.getCategory({}, { accessToken: 'canary' });
    try { interpret({ status: 200, body: '{"errcode":-1}' }); } catch (error) {
      console.log(error.action, read());
      explain(error);
    }
    console.log(read());
  `;
  const said = execFileSync(process.execPath, ['--eval', program], { cwd: project(t), encoding: 'utf8' });
  assert.equal(said, 'retry 0\n1\n');
  const has = (name) => fs.readFileSync(path.join(installed, 'dist', name), 'utf8').includes(OF_THE_TEXTS);
  assert.deepEqual(['return_codes.cjs', 'explain.mjs'].map(has), [true, true]);
  assert.deepEqual(['index.cjs', 'browser_main.mjs', 'edge.mjs', 'extras.cjs'].map(has), [false, false, false, false]);
  // Nor are they in the modules.
  for (const name of ['core', 'extras']) {
    assert.ok(!fs.readFileSync(path.join(root, `pkg-template/src/generated/${name}.wasm`)).includes(OF_THE_TEXTS));
  }
});

test('builds for browsers and edge runtimes have it too, with one class of errors', async () => {
  const load = (name) => import(pathToFileURL(path.join(installed, 'dist', name)).href);
  const browser = await load('browser.mjs');
  assert.deepEqual(browser.explain('getRealNameInfo', 94003), explain('getRealNameInfo', 94003));
  assert.deepEqual(browser.returnCodes(), returnCodes());
  const { withCore } = await load('edge.mjs');
  const edge = withCore(new WebAssembly.Module(fs.readFileSync(path.join(installed, 'dist/core.wasm'))));
  assert.equal(edge.explain, undefined);
  for (const { RealNameError: one } of [browser, edge]) assert.throws(() => browser.explain('canary', 1), one);
  for (const name of ['workerd', 'edge-light']) {
    const text = fs.readFileSync(path.join(installed, `dist/${name}.mjs`), 'utf8');
    assert.match(text, /^export \{ explain, returnCodes \} from '\.\/explain\.mjs';$/m);
  }
});

for (const [name, bundle] of Object.entries(bundlers)) {
  test(`${name}: texts without the core, and the core without texts`, async (t) => {
    row(t, name, 'explain without the core, and the other way round');
    const made = folder(t);
    const bundled = async (entry) => {
      const outfile = path.join(made, path.basename(entry));
      await bundle({ entry: path.join(fixtures, entry), outfile, platform: 'browser', format: 'esm' });
      return { outfile, text: fs.readFileSync(outfile, 'utf8') };
    };
    const { outfile, text } = await bundled('explain.mjs');
    assert.ok(text.length < 100_000 && text.includes(OF_THE_TEXTS), `${text.length} characters`);
    assert.ok(!text.includes(OF_THE_CORE));
    assert.doesNotMatch(text, /[A-Za-z0-9+/]{200}/);
    assert.equal(execFileSync(process.execPath, [outfile], { encoding: 'utf8' }), '签名不正确\n');
    // For Node, the file of the texts goes into the bundle.
    const alone = path.join(folder(t), 'tool.mjs');
    await bundle({ entry: path.join(fixtures, 'explain.mjs'), outfile: alone, platform: 'node', format: 'esm' });
    assert.deepEqual(fs.readdirSync(path.dirname(alone)), ['tool.mjs']);
    assert.equal(execFileSync(process.execPath, [alone], { encoding: 'utf8' }), '签名不正确\n');
    const core = await bundled('operations.mjs');
    assert.ok(core.text.includes(OF_THE_CORE) && !core.text.includes(OF_THE_TEXTS));
    assert.equal(execFileSync(process.execPath, [core.outfile], { encoding: 'utf8' }), 'function\n');
  });
}
