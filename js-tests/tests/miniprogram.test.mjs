// What a mini program gets of the package.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import test from 'node:test';

import { parse } from 'acorn';
import { checkCreditCode } from 'wechat-realname';
import * as esm from 'wechat-realname/miniprogram';
import { scenarios } from './fixtures/phone_scenarios.mjs';
import { fixtures, installed, project, root, row } from './support.mjs';

const require = createRequire(import.meta.url);
const miniprogram = path.join(installed, 'miniprogram_dist');
const { authTokenFrom, checkIdCard, realNameAuthButton } = esm;

for (const [name, play] of Object.entries(scenarios)) {
  test(name, (t) => {
    row(t, 'mini program', 'what the package ships, in a scripted WeChat');
    return play(miniprogram);
  });
}

test('Node loads it too, where there is no wx', async () => {
  const cjs = require('wechat-realname/miniprogram');
  for (const name of Object.keys(cjs)) assert.equal(esm[name], cjs[name]);
  assert.equal((await esm.askForRealNameCode()).outcome, 'failed');
  const referrerInfo = { appId: 'wx308bd2aeb83d3345', extraData: { code: 'canary-code' } };
  assert.equal(esm.realNameCodeFrom({ scene: 1038, referrerInfo }), 'canary-code');
  assert.equal(esm.realNameCodeFrom({ scene: 1038, referrerInfo }), undefined);
  assert.equal((await esm.verifyFace('canary-verify-id')).outcome, 'unsupported');
  assert.equal(esm.medicalAuthCodeFrom({ query: { wxmed_authcode: 'canary-medical' } }), 'canary-medical');
});

test('a navigation that throws is a failure, and does not stand in the way of the next', async (t) => {
  let navigate = () => {
    throw new Error('canary');
  };
  globalThis.wx = { onAppShow: () => undefined, navigateToMiniProgram: (options) => navigate(options) };
  t.after(() => delete globalThis.wx);
  const failed = (errMsg) => ({ outcome: 'failed', errMsg });
  assert.deepEqual(await esm.askForRealNameCode(), failed('navigateToMiniProgram:fail it threw an error'));
  navigate = ({ fail }) => fail();
  assert.deepEqual(await esm.askForRealNameCode(), failed('navigateToMiniProgram:fail'));
});

test('less than 11 KB of JavaScript of 2015, which requires nothing from elsewhere', () => {
  const files = fs.readdirSync(miniprogram, { recursive: true }).filter((name) => name.endsWith('.js'));
  assert.deepEqual(files.sort(), ['index.js', 'miniprogram.js']);
  const texts = files.map((name) => fs.readFileSync(path.join(miniprogram, name), 'utf8'));
  for (const text of texts) parse(text, { ecmaVersion: 6, sourceType: 'script' });
  assert.ok(Buffer.byteLength(texts.join('')) < 11 * 1024);
  assert.deepEqual(texts.join('').match(/require\([^)]*\)/g), ["require('./miniprogram.js')"]);
});

test('the attributes of the button', () => {
  assert.deepEqual(realNameAuthButton({ categoryId: [99, 904] }), { openType: 'getRealnameAuthInfo', categoryId: [99, 904] });
  const notTwo = [undefined, null, 99, '99,904', [], [99], [99, 904, 1]];
  for (const categoryId of [...notTwo, ['99', 904], [0, 904], [99, -1], [9.5, 904], [99, NaN]]) {
    assert.throws(() => realNameAuthButton({ categoryId }), (error) => {
      assert.ok(error instanceof Error);
      assert.deepEqual({ code: error.code, field: error.field }, { code: 'INVALID_ARGUMENT', field: 'categoryId' });
      assert.match(error.message, /^categoryId: must be two positive whole numbers/);
      return true;
    });
  }
  assert.throws(() => realNameAuthButton(), { code: 'INVALID_ARGUMENT' });
});

test('what the event of the button says', () => {
  const of = (detail) => authTokenFrom({ type: 'getrealnameauthinfo', detail });
  const failed = (errMsg, notAdmitted = false) => ({ outcome: 'failed', errMsg, notAdmitted });
  const said = 'getRealnameAuthInfo:fail the event has no auth_token';
  for (const [detail, outcome] of [
    [{ errMsg: 'getRealnameAuthInfo:ok', auth_token: 'canary+/%3D' }, { outcome: 'token', authToken: 'canary+/%3D' }],
    [{ errMsg: 'openRealnameAuth:cancel' }, { outcome: 'cancelled' }],
    [{ errMsg: 'getRealnameAuthInfo:fail:user cancel', auth_token: '' }, { outcome: 'cancelled' }],
    [{ errMsg: 'getRealnameAuthInfo:fail user deny' }, { outcome: 'cancelled' }],
    [{ errMsg: 'openRealnameAuth:fail auth deny' }, { outcome: 'cancelled' }],
    [{ errMsg: 'openRealnameAuth:fail:access denied' }, failed('openRealnameAuth:fail:access denied', true)],
    [{ errMsg: 'openRealnameAuth:fail jsapi has no permission' }, failed('openRealnameAuth:fail jsapi has no permission', true)],
    [{ errMsg: 'openRealnameAuth:fail no access' }, failed('openRealnameAuth:fail no access')],
    [{ errMsg: 'x'.repeat(5000) }, failed('x'.repeat(200))],
    [{ auth_token: 7 }, failed(said)],
    [{ auth_token: 'x'.repeat(4097) }, failed(said)],
    [{}, failed(said)],
    [null, failed(said)],
    [undefined, failed(said)],
  ]) {
    assert.deepEqual(of(detail), outcome);
  }
  assert.deepEqual(authTokenFrom(undefined), failed(said));
});

const vectors = (name) => JSON.parse(fs.readFileSync(path.join(root, `tests/vectors/${name}.json`), 'utf8'));

test('numbers of ID cards: the verdicts of the core, and the reasons', () => {
  const reasons = new Set();
  for (const { number, valid, reason } of vectors('id_cards')) {
    const check = checkIdCard(number);
    assert.deepEqual([check.valid, check.reason], [valid, reason], JSON.stringify(number));
    reasons.add(reason);
  }
  const all = [undefined, 'birth_date', 'characters', 'check_character', 'historic', 'length'];
  assert.deepEqual([...reasons].sort(), [...all.slice(1), undefined]);
  for (const number of [undefined, null, 440524188001010014, ['11010519491231002X']]) {
    assert.deepEqual(checkIdCard(number), { valid: false, reason: 'length' });
  }
  assert.equal(checkIdCard('11010519491231002x').number, '11010519491231002X');
  assert.deepEqual(checkIdCard('000000197001010000').area, { code: '000000' });
});

test('what ID numbers say, and what companies’ numbers are: as another implementation has it', () => {
  const { idCards, companies } = vectors('numbers');
  assert.ok(idCards.length > 200 && companies.length > 150);
  for (const { number, areaCode, province, birthDate, sex, historic } of idCards) {
    const { area, ...check } = checkIdCard(number);
    assert.deepEqual(check, { valid: true, number, birthDate, sex });
    assert.deepEqual([area.code, area.province.zh], [areaCode, province]);
    assert.match(area.province.en, /^[A-Z][A-Za-z ]+$/);
    if (historic) {
      const old = checkIdCard(historic);
      assert.deepEqual(old, { valid: false, reason: 'historic', current: number, area, birthDate, sex });
    }
  }
  const types = { credit_code: 1, organisation_code: 2, licence_number: 3 };
  for (const { code, kind } of companies) {
    const right = { valid: true, kind, codeType: types[kind], code };
    assert.deepEqual(checkCreditCode(code), right);
    assert.deepEqual(checkCreditCode(code.replace('-', '')), right);
    const typed = code.slice(0, -1) + (code.endsWith('1') ? '2' : '1');
    assert.deepEqual(checkCreditCode(typed), { valid: false, reason: 'check_character', kind });
  }
  for (const [code, ...fault] of [
    ['', 'length'],
    [undefined, 'length'],
    ['9144030071526726X', 'length'],
    ['D21435690X', 'length'],
    ['9144030071526726xg', 'characters', 'credit_code'],
    ['914403007152672OXG', 'characters', 'credit_code'],
    ['张1526726-X', 'characters', 'organisation_code'],
    ['7152-726-X', 'characters', 'organisation_code'],
    ['11010800000001X', 'characters', 'licence_number'],
  ]) {
    const [reason, kind] = fault;
    assert.deepEqual(checkCreditCode(code), { valid: false, reason, ...(kind && { kind }) }, code);
  }
});

test('its declarations are enough by themselves, and agree with WeChat’s', (t) => {
  row(t, 'mini program', 'its declarations, beside WeChat’s');
  const made = project(t);
  fs.copyFileSync(path.join(fixtures, 'types-miniprogram.ts'), path.join(made, 'use.ts'));
  const typings = path.dirname(require.resolve('miniprogram-api-typings/package.json'));
  fs.cpSync(typings, path.join(made, 'node_modules/miniprogram-api-typings'), { recursive: true });
  fs.writeFileSync(path.join(made, 'alone.ts'), "export * from 'wechat-realname/miniprogram';\n");
  // WeChat's DevTools put the folder here; an editor that is told so finds the declarations beside the files.
  fs.cpSync(miniprogram, path.join(made, 'miniprogram_npm/wechat-realname'), { recursive: true });
  fs.writeFileSync(path.join(made, 'packed.ts'), "export { checkIdCard } from './miniprogram_npm/wechat-realname/index';\n");
  for (const [module, resolution] of [
    ['node16', 'node16'],
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
    ['commonjs', 'node10'],
  ]) {
    for (const file of ['use.ts', 'alone.ts', 'packed.ts']) {
      const words = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--skipLibCheck', 'false', '--typeRoots', 'none'];
      words.push('--target', 'es2015', '--lib', 'es2015', '--module', module, '--moduleResolution', resolution, file);
      execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), ...words], { cwd: made, encoding: 'utf8' });
    }
  }
});
