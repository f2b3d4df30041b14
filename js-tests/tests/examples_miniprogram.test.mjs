// The front-end half of examples/, in a phone that is made up, before each of the back ends.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { startSandbox } from 'wechat-realname/sandbox';
import { backEnds, examples, placed, ways } from './fixtures/examples.mjs';
import { phone } from './fixtures/examples_phone.mjs';
import { CITY_SERVICE, back } from './fixtures/phone.mjs';
import { NUMBER, installed, root } from './support.mjs';

const CHECK = 'pages/check/check';
const READ = 'pages/read/read';
const FACE = 'pages/face/face';
const person = { realName: '张三', credentialId: NUMBER };

for (const [name, [way, call]] of Object.entries(ways)) {
  test(`the pages before ${name}: a user agrees, and is checked and read`, async (t) => {
    const sandbox = await startSandbox();
    t.after(() => sandbox.close());
    const { ask } = await backEnds[name](t, name, sandbox);
    const { openid, authToken } = sandbox.addPerson(person);
    const newCode = () => sandbox.addPerson({ openid, ...person }).code;
    const send = async (route, data) => (await ask(route, data, openid)).answer;
    const phoned = phone({ folder: placed(t, 'miniprogram'), way, send });

    const page = phoned.open(CHECK);
    const check = async (realName, credId, code = newCode()) => {
      page.setData({ realName, credId });
      const done = phoned.tap(page, 'onCheck');
      phoned.comeBack(back(code), page);
      await done;
      assert.equal(page.data.busy, false);
      return [page.data.matched, page.data.hint];
    };
    assert.deepEqual(await check(' 张三 ', NUMBER.toLowerCase()), [true, '核验通过']);
    assert.deepEqual(phoned.jumps, [{ appId: CITY_SERVICE, path: 'subPages/city/wxpay-auth/main' }]);
    assert.deepEqual(await check('李四', NUMBER), [false, '姓名与微信支付的实名信息不一致']);
    assert.deepEqual(await check('张三', '440524188001010014'), [false, '身份证号与微信支付的实名信息不一致']);
    assert.deepEqual(await check('张三', NUMBER, 'sandbox:V_OP_NA'), [false, '您的微信支付尚未实名，请换一种方式认证']);
    assert.deepEqual(await check('张三', NUMBER, 'sandbox:80111'), [false, '授权已失效，请重新授权']);
    assert.deepEqual(await check('张三', NUMBER, 'sandbox:48001'), [false, '服务暂不可用，请稍后再试']);
    assert.deepEqual(await check('张\u0007三', NUMBER), [false, '请核对填写的内容']);

    const reader = phoned.open(READ);
    assert.equal(reader.data.button.openType, 'getRealnameAuthInfo');
    await phoned.tap(reader, 'onAuth', { detail: { auth_token: authToken } });
    assert.deepEqual({ ...reader.data.person }, { name: '张三', lastFour: '002X' });
    await phoned.tap(reader, 'onAuth', { detail: { auth_token: 'sandbox:94002' } });
    assert.deepEqual([reader.data.person, reader.data.hint], [null, '微信支付中没有您的实名信息，请换一种方式认证']);

    assert.ok(phoned.sent.every((one) => one.call === call));
    assert.ok(!JSON.stringify([...phoned.storage]).includes(NUMBER), 'no number is kept on the phone');
  });
}

/** A phone whose back end says what the test wants, and remembers what it was asked. */
const alone = (t, answer, options) =>
  phone({ folder: placed(t, 'miniprogram'), way: 'server', send: async () => answer(), ...options });
const matched = () => ({ matched: true, verdict: 'match' });

test('the form is looked at before the user is sent anywhere', async (t) => {
  const phoned = alone(t, matched);
  const page = phoned.open(CHECK);
  for (const [realName, credId, hint] of [
    ['', NUMBER, '请填写姓名'],
    ['  ', NUMBER, '请填写姓名'],
    ['张三', '', '身份证号应为 18 位'],
    ['张三', NUMBER.slice(0, 15), '身份证号应为 18 位'],
    ['张三', `${NUMBER.slice(0, 16)}XX`, '身份证号只含数字，末位可为 X'],
    ['张三', '110105194913310023', '身份证号中的出生日期有误'],
    ['张三', '110105194912310021', '身份证号有误，请核对'],
  ]) {
    page.setData({ realName, credId });
    await phoned.tap(page, 'onCheck');
    assert.deepEqual([page.data.hint, phoned.jumps.length, phoned.sent.length], [hint, 0, 0]);
  }
});

test('a user who does not agree is told so, and can try again', async (t) => {
  const phoned = alone(t, matched);
  const page = phoned.open(CHECK);
  page.setData({ realName: '张三', credId: NUMBER });
  phoned.declines = true;
  await phoned.tap(page, 'onCheck');
  assert.equal(page.data.hint, '需要您在微信的页面上同意');
  phoned.declines = false;
  const wentBack = phoned.tap(page, 'onCheck');
  phoned.comeBack(back(undefined), page);
  await wentBack;
  assert.equal(page.data.hint, '需要您在微信的页面上同意');
  assert.equal(phoned.sent.length, 0);
  // Not in a tap.
  await page.onCheck();
  assert.equal(page.data.hint, '暂时无法打开微信的页面，请稍后再试');

  const agreed = phoned.tap(page, 'onCheck');
  phoned.comeBack(back('a code'), page);
  await agreed;
  assert.deepEqual(phoned.sent, [
    { call: 'request', name: 'check', data: { code: 'a code', realName: '张三', credId: NUMBER } },
  ]);
  // A second return with the same code, as phones have them, is none.
  const again = phoned.tap(page, 'onCheck');
  phoned.comeBack(back('a code'), page);
  await again;
  assert.deepEqual([phoned.sent.length, page.data.hint], [1, '需要您在微信的页面上同意']);
});

test('a code that a cold start brings is used once, without asking again', async (t) => {
  const phoned = alone(t, matched, { enterOptions: back('a code of a cold start') });
  const page = phoned.open(CHECK);
  assert.equal(page.data.agreed, true);
  page.setData({ realName: '张三', credId: '1' });
  await phoned.tap(page, 'onCheck');
  assert.deepEqual([page.data.hint, phoned.sent.length], ['身份证号应为 18 位', 0]);
  page.setData({ credId: NUMBER });
  await phoned.tap(page, 'onCheck');
  assert.deepEqual([page.data.hint, phoned.jumps.length], ['核验通过', 0]);
  assert.equal(phoned.sent[0].data.code, 'a code of a cold start');
  assert.equal(page.data.agreed, false);
  void phoned.tap(page, 'onCheck');
  assert.equal(phoned.jumps.length, 1);

  // The next start repeats what the user came in with.
  const restarted = alone(t, matched, { enterOptions: back('a code of a cold start'), storage: phoned.storage });
  assert.equal(restarted.open(CHECK).data.agreed, false);
});

test('what the back end and the button can say has a hint, whatever it is', async (t) => {
  let answer;
  const phoned = alone(t, () => answer());
  const page = phoned.open(READ);
  for (const [answered, hint] of [
    [() => ({ code: 'NO_SESSION' }), '请先登录'],
    [() => ({ code: 'INVALID_ARGUMENT', action: 'fix_request', field: 'realName' }), '请核对填写的内容'],
    [() => ({ code: 'INVALID_ARGUMENT', action: 'fix_request', field: 'authToken' }), '授权已失效，请重新授权'],
    [() => ({ code: 'TIMEOUT', action: 'retry' }), '授权已失效，请重新授权'],
    [() => ({ code: 'CONFIGURATION', action: 'fix_request' }), '服务暂不可用，请稍后再试'],
    [() => ({ code: 'INTERNAL' }), '服务暂不可用，请稍后再试'],
    [() => '<html>a gateway</html>', '服务暂不可用，请稍后再试'],
    [() => null, '网络不可用，请重试'],
    [() => { throw new Error('no network'); }, '网络不可用，请重试'],
  ]) {
    answer = answered;
    await phoned.tap(page, 'onAuth', { detail: { auth_token: 'a token' } });
    assert.deepEqual([page.data.hint, page.data.person, page.data.busy], [hint, null, false]);
  }
  const asked = phoned.sent.length;
  for (const [detail, hint] of [
    [{ errMsg: 'getRealnameAuthInfo:fail user deny' }, '您没有授权'],
    [{ errMsg: 'openRealnameAuth:fail:access denied' }, '暂时无法授权，请换一种方式认证'],
    [{}, '暂时无法授权，请换一种方式认证'],
  ]) {
    await phoned.tap(page, 'onAuth', { detail });
    assert.equal(page.data.hint, hint);
  }
  assert.equal(phoned.sent.length, asked);
});

/** Every file of the examples, but for what was installed there. */
function files(folder = examples) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === 'node_modules') return [];
    const there = path.join(folder, entry.name);
    return entry.isDirectory() ? files(there) : [there];
  });
}

test('the mini program has every page that it names, and its pages have what they are bound to', (t) => {
  const folder = path.join(examples, 'miniprogram');
  const { pages, tabBar } = JSON.parse(fs.readFileSync(path.join(folder, 'app.json'), 'utf8'));
  assert.deepEqual(pages, [CHECK, READ, FACE]);
  for (const { pagePath } of tabBar.list) assert.ok(pages.includes(pagePath));
  const phoned = alone(t, matched);
  for (const name of pages) {
    for (const ending of ['js', 'json', 'wxml', 'wxss']) assert.ok(fs.existsSync(path.join(folder, `${name}.${ending}`)));
    const wxml = fs.readFileSync(path.join(folder, `${name}.wxml`), 'utf8');
    const open = [];
    for (const [, closing, tag, closed] of wxml.matchAll(/<(\/?)([\w-]+)(?:\s+[\w:-]+="[^"]*")*\s*(\/?)>/g)) {
      if (closing) assert.equal(open.pop(), tag);
      else if (!closed) open.push(tag);
    }
    assert.deepEqual(open, []);
    assert.equal(wxml.match(/</g).length, [...wxml.matchAll(/<\/?[\w-]+(?:\s+[\w:-]+="[^"]*")*\s*\/?>/g)].length);
    const page = phoned.open(name);
    const handlers = [...wxml.matchAll(/\s(?:bind|catch):?\w+="(\w+)"/g)].map(([, handler]) => handler);
    assert.ok(handlers.length > 0);
    for (const handler of handlers) assert.equal(typeof page[handler], 'function', handler);
    const bound = [...wxml.matchAll(/\{\{\s*(\w+)/g)].map(([, word]) => word);
    assert.deepEqual(bound.filter((word) => !(word in page.data)), []);
  }
});

test('every example says what it needs, in its package.json and in its README', () => {
  const all = files();
  for (const file of all.filter((file) => file.endsWith('.json'))) JSON.parse(fs.readFileSync(file, 'utf8'));
  const { devDependencies } = JSON.parse(fs.readFileSync(path.join(root, 'js-tests/tests/package.json'), 'utf8'));
  const { version } = JSON.parse(fs.readFileSync(path.join(installed, 'package.json'), 'utf8'));
  const own = `^${version.replace(/\d+$/, '0')}`;
  const pinned = { ...devDependencies, 'wechat-realname': own, 'wx-server-sdk': '^4.0.2' };
  const manifests = all.filter((file) => path.basename(file) === 'package.json');
  assert.equal(manifests.length, 11);
  for (const file of manifests) {
    const { private: unpublished, dependencies } = JSON.parse(fs.readFileSync(file, 'utf8'));
    assert.equal(unpublished, true);
    for (const [name, range] of Object.entries(dependencies)) assert.equal(range, pinned[name], `${name} in ${file}`);
  }
  const folders = fs.readdirSync(examples, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  assert.equal(folders.length, 10);
  for (const { name } of folders) {
    const readme = fs.readFileSync(path.join(examples, name, 'README.md'), 'utf8');
    assert.ok(readme.split('\n').length <= 41 && readme.includes('\n## 中文\n'), name);
    for (const [, target] of readme.matchAll(/\]\((\.[^)#]*)/g)) {
      assert.ok(fs.existsSync(path.join(examples, name, target)), target);
    }
    const isCode = (file) => /\.(m?js|rs)$/.test(file) && path.basename(file) !== 'try.mjs';
    for (const file of files(path.join(examples, name)).filter(isCode)) {
      const code = fs.readFileSync(file, 'utf8');
      const taken = [...code.matchAll(/^const \{ (.*) \} = process\.env;$/gm)].flatMap(([, list]) => list.split(', '));
      const named = [...code.matchAll(/process\.env\.(\w+)|\bvar\("(\w+)"\)/g)].map(([, one, other]) => one ?? other);
      const names = new Set([...taken.map((word) => word.match(/^\w+/)[0]), ...named]);
      for (const variable of names) assert.ok(readme.includes(`\`${variable}\``), `${name}: ${variable}`);
    }
  }
});
