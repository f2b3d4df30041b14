// Each panel of the playground, in both languages, both widths and both themes: what it shows is what openssl, the sandbox and
// the package itself say.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { parse } from 'acorn';
import * as wechatRealname from 'wechat-realname';
import { startSandbox } from 'wechat-realname/sandbox';
import { PANELS, VIEWS, browser, open, playground, screenshot, serious, tooWide } from './fixtures/playground.mjs';
import { phone } from './fixtures/examples_phone.mjs';
import { back } from './fixtures/phone.mjs';
import { NUMBER, folder, installed, root, row } from './support.mjs';

const LIMIT = { timeout: 240_000 };
const keyFile = path.join(root, 'src/sandbox/merchant_key.pem');
const shell = (command, cwd) => execFileSync('sh', ['-c', command], { cwd, encoding: 'utf8' });

test('each panel with the test data', LIMIT, async (t) => {
  const launched = await browser(t);
  const { url } = await playground(t);
  for (const view of VIEWS) {
    const { lang, width, colorScheme } = view;
    await t.test(`${lang}, ${width} px, ${colorScheme}`, async (t) => {
      row(t, 'Chromium', 'the playground, panel by panel');
      const opened = await open(t, launched, url, view);
      const { page, go } = opened;
      assert.equal(await page.getAttribute('html', 'lang'), lang);
      assert.equal(await page.getAttribute('html', 'data-theme'), colorScheme);
      for (const panel of PANELS) {
        const shown = await go(panel);
        await shown.locator('.sample').first().click();
        await checks[panel](opened, shown, lang);
        assert.equal(await tooWide(page), 0, `${panel} is too wide`);
        assert.doesNotMatch(await shown.innerText(), /^(undefined|null|NaN|false)$|\[object /m, panel);
        assert.deepEqual(await serious(page), [], panel);
        await screenshot(page, `${panel}-${lang}-${width}-${colorScheme}`);
      }
      await opened.done();
    });
  }
});

const checks = {
  async merchant({ copyable }, shown, lang) {
    const [, serial] = shell(`openssl x509 -noout -serial -in ${path.join(root, 'src/sandbox/merchant_certificate.pem')}`)
      .trim()
      .split('=');
    assert.equal(await copyable('serial'), serial);
    assert.equal(await shown.locator('.findings .passed').count(), 4);
    assert.match(await shown.innerText(), lang === 'zh' ? /证书就是签发给这个商户号的/ : /issued to this number/);
  },

  async sign({ copyable }, _shown, _lang) {
    const signature = await copyable('signature');
    const made = fs.mkdtempSync(path.join(root, 'target/playground-'));
    try {
      fs.copyFileSync(keyFile, path.join(made, 'apiclient_key.pem'));
      // The command as the page shows it, and openssl without the page.
      assert.equal(shell(await copyable('openssl'), made), signature);
      const own = `printf '%s' '${await copyable('signed')}' | openssl dgst -sha256 -binary -sign apiclient_key.pem | base64 -w 0`;
      assert.equal(shell(own, made), signature);
      // curl, as the shell would start it.
      const curl = (await copyable('curl')).replace(/^curl/, 'printf "%s\\n"');
      const words = shell(curl, made).trimEnd().split('\n');
      assert.equal(`POST ${words.find((word) => word.startsWith('https:'))}`, await copyable('address'));
      const body = await copyable('body');
      assert.equal(words.at(-1), body);
      const { sign, timestamp, cert_serialno: serial, auth_token: token } = JSON.parse(body);
      assert.deepEqual([sign, token], [signature, 'AUTH_TOKEN']);
      assert.equal(`cert_serialno=${serial}&timestamp=${timestamp}`, await copyable('signed'));
    } finally {
      fs.rmSync(made, { recursive: true });
    }
  },

  async reply({ page }, shown) {
    assert.match(await shown.locator('.person').innerText(), /\*三[^]*\*{17}X/);
    assert.ok(!(await page.innerText('body')).includes(NUMBER));
    await shown.getByRole('switch').check();
    assert.match(await shown.locator('.person').innerText(), new RegExp(`张三[^]*${NUMBER}`));
    await shown.getByRole('switch').uncheck();
    assert.ok(!(await page.innerText('body')).includes(NUMBER));
  },

  async face({ page, copyable }, shown, lang) {
    assert.equal(await copyable('certHash'), '3c241f7ff324977aeb91f173bb2a7b06569e6fd784d5573db34a636d8671108b');
    assert.match(await shown.locator('.note.good').innerText(), lang === 'zh' ? /相同/ : /same/);
    const [number, encoded] = ['310101199801011234', 'MzEwMTAxMTk5ODAxMDExMjM0'];
    assert.ok(!(await page.innerText('body')).includes(encoded));
    await shown.getByRole('switch').check();
    // What it says that it hashes is what it hashes.
    const string = `cert_type=SURFTlRJVFlfQ0FSRA==&cert_name=5byg5LiJ&cert_no=${encoded}`;
    assert.equal(await shown.locator('.person .secret').last().innerText(), string);
    assert.equal(createHash('sha256').update(string).digest('hex'), await copyable('certHash'));
    await shown.getByRole('switch').uncheck();
    // Another hash: the reason, where the core can tell.
    const [make, ask] = await shown.locator('.button.main').all();
    const compared = async (certName, certNo, expected) => {
      const fields = Object.entries({ certName, certNo, expected });
      for (const [name, value] of fields) await shown.locator(`[data-name=${name}]`).fill(value);
      await make.click();
      return shown.locator('#face-result .note').last().innerText();
    };
    const hash = (name, number) => {
      const b64 = (text) => Buffer.from(text).toString('base64');
      const string = `cert_type=${b64('IDENTITY_CARD')}&cert_name=${b64(name)}&cert_no=${b64(number)}`;
      return createHash('sha256').update(string).digest('hex');
    };
    const say = (zh, en) => (lang === 'zh' ? zh : en);
    assert.match(await compared('买买提·吐尔逊', NUMBER, hash('买买提·吐尔逊', NUMBER)), say(/相同/, /same/));
    assert.match(await compared('买买提·吐尔逊', NUMBER, hash('买买提•吐尔逊', NUMBER)), say(/间隔点是“•”/, /dot in your name is “•”/));
    assert.match(await compared('张三', NUMBER, hash('张三', NUMBER.toLowerCase())), say(/大小写不同/, /capital/));
    assert.match(await compared('张三', number, hash('张三', number).toUpperCase()), say(/要小写的十六进制/, /wants small hex digits/));
    assert.match(await compared('张三', number, hash('canary', number)), /GBK[^]*npx wechat-realname cert-hash/);
    // Every number has its verdict and the catalogue's words.
    const { codes } = wechatRealname.returnCodes().find(({ of }) => of === 'verify_ret');
    for (const code of [...codes.filter((one) => one < 10006 || one === 90001 || one === 90002), 4711]) {
      await shown.locator('[data-name=verifyRet]').fill(String(code));
      await ask.click();
      const said = await shown.locator('#face-verdict').innerText();
      const { meaning, remedy } = wechatRealname.explain('verify_ret', code);
      assert.ok(said.includes(meaning[lang]), String(code));
      if (code !== 4711) assert.ok(said.includes(remedy[lang]), String(code));
      assert.equal(await shown.locator('#face-verdict .note.good').count(), code === 10000 ? 1 : 0);
      assert.match(said, new RegExp(`passed\\s+${code === 10000 ? say('是', 'yes') : say('否', 'no')}`));
    }
    await shown.locator('.sample').click();
  },

  async medical({ page, copyable }, shown, lang) {
    assert.match(await shown.locator('.person').innerText(), /\*三[^]*\*{17}X[^]*\*{10}8[^]*86[^]*key_version\s+0/);
    assert.ok(!(await page.innerText('body')).includes(NUMBER));
    await shown.getByRole('switch').check();
    assert.match(await shown.locator('.person').innerText(), new RegExp(`张三[^]*${NUMBER}[^]*13800000138`));
    assert.match(await shown.locator('.person').innerText(), lang === 'zh' ? /1 · 居民身份证/ : /1 · ID card/);
    await shown.getByRole('switch').uncheck();
    await shown.locator('summary').click();
    const made = fs.mkdtempSync(path.join(root, 'target/playground-'));
    try {
      const { key, reply, patient } = (await import(path.join(installed, 'dist/playground/samples.mjs'))).medical;
      fs.writeFileSync(path.join(made, 'ciphertext.txt'), reply.cipher_real_name);
      fs.writeFileSync(path.join(made, 'medical_key.txt'), key);
      const opened = JSON.parse(shell(await copyable('decrypt-medical'), made));
      assert.deepEqual([opened.real_name, opened.id_card_no, opened.phone], [patient.realName, patient.idCardNo, patient.phone]);
    } finally {
      fs.rmSync(made, { recursive: true });
    }
    await shown.locator('summary').click();
  },

  async push(_opened, shown, lang) {
    const text = await shown.locator('.result').innerText();
    assert.match(text, /notify_third_fastverifybetaapp/);
    assert.match(text, lang === 'zh' ? /按这条推送自己的时间/ : /by the push’s own time/);
    assert.match(text, /\*三/);
    assert.ok(!text.includes('张三'));
    await shown.getByRole('switch').check();
    assert.match(await shown.locator('.result').innerText(), /张三/);
    await shown.getByRole('switch').uncheck();
  },

  async timeline({ page }, shown, lang) {
    const steps = shown.locator('.steps li');
    assert.deepEqual(await steps.evaluateAll((all) => all.map((one) => one.className)), ['done', 'done', 'current', 'open']);
    assert.match(await shown.locator('[aria-current=step]').innerText(), lang === 'zh' ? /管理员/ : /Administrator/);
    assert.match(await shown.locator('.window [role=img]').getAttribute('aria-label'), /21/);
    // What was opened in the panel before.
    await shown.locator('form .button:not(.main)').click();
    assert.match(await shown.locator('.facts').innerText(), /succeeded/);
    await page.locator('#panel-timeline .sample').first().click();
  },

  async codes({ page }, shown, lang) {
    const found = wechatRealname.returnCodes().filter(({ codes }) => codes.includes(1005));
    const cards = await shown.locator('.code').allInnerTexts();
    assert.ok(cards.length >= found.length && found.length >= 2);
    for (const { of } of found) {
      const { meaning, remedy } = wechatRealname.explain(of, 1005);
      assert.ok(
        cards.some((card) => card.includes(meaning[lang]) && card.includes(remedy[lang])),
        of,
      );
    }
    // Every interface has all its codes, and a number that nobody knows is said to be one.
    for (const { of, codes } of wechatRealname.returnCodes()) {
      await shown.locator('select').selectOption(of);
      await shown.locator('input').fill('');
      const explained = codes.map((code) => `${code} ${wechatRealname.explain(of, code).meaning[lang]}`);
      const read = (expected) => {
        const cards = [...document.querySelectorAll('.code')];
        const texts = cards.map(
          (one) => `${one.querySelector('.number').textContent} ${one.querySelector('.meaning').textContent}`,
        );
        return texts.join('\n') === expected;
      };
      await page.waitForFunction(read, explained.join('\n'), { timeout: 5000 });
    }
    await shown.locator('input').fill('999999');
    await shown.locator('.note.warn').waitFor();
    await shown.locator('input').fill('94003');
    await shown.locator('select').selectOption('');
    await page.waitForFunction(() => document.querySelector('.code .number')?.textContent === '94003');
  },

  async numbers({ page }, shown, lang) {
    const [card, code] = await shown.locator('.result').allInnerTexts();
    assert.match(card, /1949-12-31/);
    assert.match(card, lang === 'zh' ? /女/ : /female/);
    assert.match(code, lang === 'zh' ? /统一社会信用代码/ : /unified social credit code/);
    await shown.locator('[data-name=idCard]').fill('110105194912310021');
    await page.keyboard.press('Enter');
    assert.match(await shown.locator('.note.bad').innerText(), lang === 'zh' ? /校验码不对/ : /check character is wrong/);
    // The same person's number on a card of the first generation.
    await shown.locator('[data-name=idCard]').fill('110105 491231 002');
    await page.keyboard.press('Enter');
    assert.match(await shown.locator('.note.warn').innerText(), new RegExp(`${NUMBER}[^]*1949-12-31`));
    for (const [number, said] of [
      ['D2143569-X', /code_type\s+2/],
      ['91350100M000100Y44', /./],
      ['canary', /./],
    ]) {
      const { valid, reason } = wechatRealname.checkCreditCode(number);
      await shown.locator('[data-name=creditCode]').fill(number);
      await page.keyboard.press('Enter');
      const text = await shown.locator('.result').nth(1).innerText();
      assert.match(text, said);
      if (!valid)
        assert.match(
          text,
          {
            zh: { length: /长度不对/, characters: /有不该有的字符/, check_character: /校验码不对/ },
            en: { length: /length is wrong/, characters: /do not belong/, check_character: /check character is wrong/ },
          }[lang][reason],
        );
    }
  },

  async miniprogram({ page }, shown) {
    const [what, way] = await shown.locator('select').all();
    for (const chosen of ['plain', 'package']) {
      await way.selectOption(chosen);
      for (const route of ['check', 'read']) {
        await what.selectOption(route);
        const files = await shown
          .locator('.copyable')
          .evaluateAll((all) => all.map((one) => [one.dataset.name, one.querySelector('code').textContent]));
        await runs(page, Object.fromEntries(files), route, chosen);
      }
    }
  },
};

/** The generated files: they are parsed, and played on a phone that is made up. */
async function runs(page, files, route, way) {
  const [name] = Object.keys(files).filter((file) => file.endsWith('.wxml'));
  const handler = await page.evaluate((wxml) => {
    const tree = new DOMParser().parseFromString(`<root xmlns:model="m">${wxml}</root>`, 'text/xml');
    if (tree.querySelector('parsererror')) return 'not well-formed';
    const button = tree.querySelector('button');
    return button.getAttribute('bindtap') ?? button.getAttribute('bindgetrealnameauthinfo');
  }, files[name]);
  const made = fs.mkdtempSync(path.join(root, 'target/playground-'));
  try {
    for (const [file, content] of Object.entries({ 'app.js': 'App({ globalData: {} });', ...files })) {
      if (file.endsWith('.js')) parse(content, { ecmaVersion: 2018, sourceType: 'script' });
      fs.mkdirSync(path.dirname(path.join(made, file)), { recursive: true });
      fs.writeFileSync(path.join(made, file), content);
    }
    fs.mkdirSync(path.join(made, 'node_modules'));
    fs.symlinkSync(installed.replace(/\/$/, ''), path.join(made, 'node_modules/wechat-realname'), 'junction');
    const sent = [];
    const send = async (to, data) => {
      sent.push([to, { ...data }]);
      return { matched: true };
    };
    const phoned = phone({ folder: made, way: 'server', send });
    const opened = phoned.open(`pages/${route}/${route}`);
    const code = `canary-code-${way}`;
    if (route === 'read') {
      if (way === 'package') assert.deepEqual([...opened.data.button.categoryId], [99, 904]);
      else assert.match(files[name], /category-id="\{\{\[99, 904\]\}\}"/);
      await phoned.tap(opened, handler, { detail: { errMsg: 'getRealnameAuthInfo:fail user cancel' } });
      assert.equal(opened.data.hint, '您没有授权');
      await phoned.tap(opened, handler, { detail: { auth_token: code } });
      assert.deepEqual([opened.data.hint, sent], ['授权成功', [['read', { authToken: code }]]]);
    } else {
      await phoned.tap(opened, handler);
      assert.equal(opened.data.hint, '请填写姓名');
      opened.setData({ realName: '夏侯惇', credId: NUMBER });
      const asked = phoned.tap(opened, handler);
      assert.deepEqual(phoned.jumps, [{ appId: 'wx308bd2aeb83d3345', path: 'subPages/city/wxpay-auth/main' }]);
      phoned.comeBack(back(code), opened);
      await asked;
      await new Promise((soon) => setTimeout(soon, 5));
      assert.deepEqual([opened.data.hint, sent], ['核验通过', [['check', { code, realName: '夏侯惇', credId: NUMBER }]]]);
    }
  } finally {
    fs.rmSync(made, { recursive: true });
  }
}

test('the samples are the sandbox’s, and open with the package', async (t) => {
  const samples = await import(path.join(installed, 'dist/playground/samples.mjs'));
  assert.equal(samples.merchant.privateKey, fs.readFileSync(keyFile, 'utf8'));
  const merchant = wechatRealname.openMerchant(samples.merchant);
  t.after(() => merchant.close());
  const { encryted_real_name: realName, encryted_credential_id: credentialId } = samples.reply;
  assert.deepEqual({ ...merchant.open({ realName, credentialId }) }, samples.person);
  const { key, reply, patient } = samples.medical;
  const sandbox = await startSandbox();
  t.after(() => sandbox.close());
  assert.equal(key, sandbox.medicalKeys[0]);
  const context = { accessToken: 'none', appId: reply.app_id, medicalKeys: { [reply.key_version]: key } };
  const call = wechatRealname.operations.getMedicalRealName({ openid: reply.open_id, wxmedAuthcode: 'none' }, context);
  assert.deepEqual({ ...call.interpret({ status: 200, body: JSON.stringify(reply) }) }, patient);
  // Both with openssl as well, by the commands that the page shows.
  const made = folder(t);
  fs.writeFileSync(path.join(made, 'ciphertext.txt'), realName);
  const decrypt = `openssl base64 -d -A -in ciphertext.txt | openssl pkeyutl -decrypt -inkey ${keyFile} | iconv -f gbk -t utf-8`;
  assert.equal(shell(decrypt, made), samples.person.realName);
});

test('every text is there in both languages, and the core still says what is translated', async () => {
  const load = async (name) => (await import(path.join(installed, 'dist/playground', name))).default;
  const [zh, en] = [await load('texts_zh.mjs'), await load('texts_en.mjs')];
  assert.deepEqual(Object.keys(zh), Object.keys(en));
  for (const [key, value] of Object.entries(zh)) {
    assert.equal(typeof value, typeof en[key], key);
    if (/^(error|finding|step|numbers)\./.test(key) && typeof value === 'string') assert.match(value, /\p{Script=Han}/u, key);
  }
  const { reasons } = await import(path.join(installed, 'dist/playground/reasons_zh.mjs'));
  const files = (at) =>
    fs
      .readdirSync(at, { withFileTypes: true })
      .flatMap((one) => (one.isDirectory() ? files(path.join(at, one.name)) : [path.join(at, one.name)]));
  const sources = [...files(path.join(root, 'src')), ...files(path.join(root, 'pkg-template/src'))].filter((file) =>
    /\.(rs|ts)$/.test(file),
  );
  const said = sources.map((file) => fs.readFileSync(file, 'utf8').replace(/\\\n\s*/g, '')).join('\n');
  assert.deepEqual(
    Object.keys(reasons).filter((reason) => !said.includes(reason)),
    [],
  );
});
