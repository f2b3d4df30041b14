// The playground's page as a whole: its policy, the keyboard, mistakes, and input that would like to be markup.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import test from 'node:test';

import { PANELS, browser, open, playground, serious, tooWide } from './fixtures/playground.mjs';
import { folder, installed, keyFiles, root, row } from './support.mjs';

const LIMIT = { timeout: 240_000 };
const HOSTILE = '<img src=x onerror="globalThis.canary=1">"\'`${canary}</textarea><script>globalThis.canary=1</script>';

/** Another server, which nobody is to ask for anything. */
async function trap(t) {
  const asked = [];
  const server = http.createServer(({ method, url }, outgoing) => {
    asked.push(`${method} ${url}`);
    outgoing.writeHead(200, { 'access-control-allow-origin': '*' }).end();
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  t.after(() => server.close());
  return { address: `http://127.0.0.1:${server.address().port}/`, asked };
}

test('the page', LIMIT, async (t) => {
  const launched = await browser(t);
  const { url } = await playground(t);

  await t.test('asks for nothing but its own files, and cannot', async (t) => {
    row(t, 'Chromium', 'the playground as a whole');
    const { page, requests, complaints } = await open(t, launched, url);
    assert.ok(requests.length > 20 && requests.every((one) => one.startsWith(`GET ${url}`) || one.startsWith('GET data:')));
    const before = requests.length;
    const { address, asked } = await trap(t);
    const tries = await page.evaluate(
      async ([own, other]) => {
        const failed = (work) =>
          Promise.resolve()
            .then(work)
            .then(
              () => 'done',
              (error) => error?.name ?? error?.type,
            );
        const xhr = () =>
          new Promise((resolve, reject) => {
            const request = new XMLHttpRequest();
            request.onload = resolve;
            request.onerror = reject;
            request.open('GET', own);
            request.send();
          });
        const loaded = (tag, attributes) =>
          new Promise((resolve, reject) => {
            document.body.append(Object.assign(document.createElement(tag), { onload: resolve, onerror: reject, ...attributes }));
          });
        navigator.sendBeacon(other, 'canary');
        document.body.append(Object.assign(document.createElement('iframe'), { src: other }));
        return [
          await failed(() => fetch(own)),
          await failed(() => fetch(other)),
          await failed(xhr),
          await failed(() => import(`${other}canary.mjs`)),
          await failed(() => new Function('return 1')()),
          await failed(() => loaded('img', { src: `${other}canary.png` })),
          await failed(() => loaded('script', { src: `${other}canary.js` })),
        ];
      },
      [url, address],
    );
    assert.deepEqual(tries, ['TypeError', 'TypeError', 'error', 'TypeError', 'EvalError', 'error', 'error']);
    await page.waitForTimeout(300);
    assert.deepEqual(asked, []);
    assert.ok(complaints.some((one) => /Content Security Policy/.test(one)));
    // Of its own server, too, nothing came of it but the policy's complaints.
    const left = requests.slice(before).filter((one) => !one.startsWith('GET data:'));
    for (const one of left)
      assert.ok(
        complaints.some((said) => said.includes(one.split(' ')[1])),
        one,
      );
  });

  await t.test('copies exactly what is shown; without leave it is chosen at least', async (t) => {
    const { page, go, copyable, done } = await open(t, launched, url, { permissions: ['clipboard-read', 'clipboard-write'] });
    const sign = await go('sign');
    await sign.locator('.sample').click();
    await sign.locator('[data-name=body] button').click();
    await page.locator('.toast').waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await copyable('body'));
    await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
    await sign.locator('[data-name=signature] button').click();
    assert.equal(await page.evaluate(() => String(getSelection())), await copyable('signature'));
    await done();
  });

  await t.test('the keyboard alone: skip link, tabs, a form, a link', async (t) => {
    const { page, done } = await open(t, launched, url, { hash: '#sign' });
    const focused = () => page.evaluate(() => document.activeElement.id);
    await page.keyboard.press('Tab');
    assert.equal(await focused(), 'skip');
    assert.ok((await page.locator('#skip').boundingBox()).y >= 0, 'it is seen');
    await page.keyboard.press('Enter');
    assert.equal(await focused(), 'panel-sign');
    for (let at = 0; at < 2; at++) await page.keyboard.press('Shift+Tab');
    await page.locator('#tab-sign').focus();
    for (const [key, panel] of [
      ['ArrowDown', 'reply'],
      ['ArrowUp', 'sign'],
      ['Home', 'merchant'],
      ['ArrowLeft', 'miniprogram'],
      ['ArrowRight', 'merchant'],
      ['End', 'miniprogram'],
    ]) {
      await page.keyboard.press(key);
      assert.deepEqual([await focused(), new URL(page.url()).hash], [`tab-${panel}`, `#${panel}`]);
      assert.ok(await page.locator(`#panel-${panel}`).isVisible());
      assert.equal(await page.locator('[role=tabpanel]:visible').count(), 1);
    }
    assert.equal(await page.locator('[role=tab][tabindex="0"]').count(), 1, 'one stop of the Tab key');
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
    assert.equal(outline, 'solid');
    await page.keyboard.press('Home');
    // From the tab into its panel: the button with the test data, and all that is in the form.
    await page.keyboard.press('Tab');
    if ((await focused()) === 'panel-merchant') await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.locator('#panel-merchant .findings').waitFor();
    await page.waitForFunction(() => /B C 3 5/.test(document.getElementById('said').textContent));
    await page.locator('#panel-merchant .next a').first().focus();
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement.id === 'panel-sign');
    assert.ok(await page.locator('#panel-sign').isVisible());
    await done();
  });

  await t.test('language and theme: switched by hand, in the middle of things', async (t) => {
    const { page, go, done } = await open(t, launched, url, { locale: 'en-US' });
    const reply = await go('reply');
    await reply.locator('.sample').click();
    await page.click('#language');
    assert.equal(await page.getAttribute('html', 'lang'), 'zh');
    assert.match(await reply.innerText(), /已解开/);
    assert.match(await page.title(), /解开 getrealnameinfo 的返回/);
    assert.match(await reply.locator('textarea').inputValue(), /encryted_real_name/, 'what was typed stays');
    await page.click('#theme');
    assert.equal(await page.getAttribute('html', 'data-theme'), 'dark');
    assert.equal(await page.getAttribute('#theme', 'aria-pressed'), 'true');
    // No panel has a word of the other language left where it should have followed.
    for (const panel of PANELS) {
      const shown = await go(panel);
      assert.match(await shown.locator('h2').innerText(), /\p{Script=Han}/u);
    }
    await page.click('#language');
    assert.match(await (await go('reply')).innerText(), /Opened/);
    await done();
  });

  await t.test('what is wrong is said in both languages, at its field', async (t) => {
    const { page, go, done } = await open(t, launched, url, { locale: 'zh-CN' });
    const merchant = await go('merchant');
    await merchant.locator('.button.main').click();
    assert.match(await merchant.locator('.result').innerText(), /参数不对[^]*INVALID_ARGUMENT/);
    assert.equal(await page.evaluate(() => document.activeElement.dataset.name), 'mchId');
    await merchant.locator('.sample').click();
    await merchant
      .locator('[data-name=privateKey]')
      .fill(fs.readFileSync(path.join(root, 'src/sandbox/merchant_certificate.pem'), 'utf8'));
    await merchant.locator('.button.main').click();
    assert.match(await merchant.locator('.result').innerText(), /这是证书，不是私钥/);
    assert.equal(await merchant.locator('[data-name=privateKey]').getAttribute('aria-invalid'), 'true');
    assert.deepEqual(await serious(page), []);

    const { key, certificate } = JSON.parse(fs.readFileSync(keyFiles, 'utf8'));
    const decoded = (text) => Buffer.from(text, 'base64').toString();
    await merchant.locator('[data-name=privateKey]').fill(decoded(key));
    await merchant.locator('.button.main').click();
    assert.match(await merchant.locator('.result').innerText(), /不是一套[^]*私钥与证书不是一对/);
    await merchant.locator('[data-name=certificate]').fill(decoded(certificate));
    await merchant.locator('.button.main').click();
    assert.match(await merchant.locator('.findings .warning').innerText(), /CN 不是这个商户号/);
    // Another merchant's key does not open the reply, and the causes are listed.
    const sample = await page.evaluate(async () => JSON.stringify((await import('./samples.mjs')).reply));
    const reply = await go('reply');
    await reply.locator('textarea').fill(sample.replaceAll('encryted_', 'encrypted_'));
    await reply.locator('.button.main').click();
    assert.match(await reply.locator('.result').innerText(), /没有解开[^]*私钥（privateKey）是另一个商户号的/);
    await page.click('#language');
    assert.match(await reply.locator('.result').innerText(), /did not open[^]*privateKey belongs to another merchant/);
    await reply.locator('textarea').fill('{"errcode":94004,"errmsg":"no real name rid: 1-2-3"}');
    await reply.locator('.button.main').click();
    assert.match(await reply.locator('.result').innerText(), /WeChat refused[^]*94004[^]*1-2-3/);

    const push = await go('push');
    await push.locator('.sample').first().click();
    await push.getByRole('checkbox', { name: 'replay window' }).check();
    await push.locator('.button.main').click();
    assert.match(await push.locator('.result').innerText(), /outside the window[^]*REPLAYED/);
    await push.locator('.sample').first().click();
    await push.locator('[data-name=token]').fill('canary');
    await push.locator('.button.main').click();
    assert.match(await push.locator('.result').innerText(), /signature is wrong[^]*消息校验Token/);
    assert.doesNotMatch(await push.locator('.result').innerText(), /^(false|undefined)$/m);
    await push.locator('.sample').first().click();
    await push.locator('[data-name=encodingAesKey]').fill('canary');
    await push.locator('.button.main').click();
    assert.equal(await push.locator('[data-name=encodingAesKey]').getAttribute('aria-invalid'), 'true');
    await push.locator('[data-name=url]').fill('https://platform.example/?signature=1&timestamp=2');
    await push.locator('.button.main').click();
    assert.match(await push.locator('.result').innerText(), /lacks msg_signature, nonce/);
    assert.deepEqual(await serious(page), []);
    await done();
  });

  await t.test('files: PEM, DER, p12 and too large; and clearing wipes', async (t) => {
    const { page, go, copyable, done } = await open(t, launched, url);
    const merchant = await go('merchant');
    const der = (file) => Buffer.from(fs.readFileSync(file, 'utf8').replace(/-----[^-]+-----|\s/g, ''), 'base64');
    const [key, certificate] = await merchant.locator('input[type=file]').all();
    await merchant.locator('[data-name=mchId]').fill('1900000109');
    await key.setInputFiles({ name: 'key.der', mimeType: '', buffer: der(path.join(root, 'src/sandbox/merchant_key.pem')) });
    await certificate.setInputFiles(path.join(root, 'src/sandbox/merchant_certificate.pem'));
    await page.waitForFunction(() => document.querySelectorAll('.file-name')[1].textContent.includes('pem'));
    await merchant.locator('.button.main').click();
    assert.match(await copyable('serial'), /^[0-9A-F]{40}$/);
    await merchant.getByRole('button', { name: 'Clear' }).click();
    const left = await merchant
      .locator('input:not([type=file]), textarea')
      .evaluateAll((all) => all.map((one) => one.value).join(''));
    assert.equal(left, '');
    assert.equal(await merchant.locator('.result').innerText(), '');
    assert.match(await (await go('sign')).innerText(), /There is no key yet/);
    await page.locator('#panel-sign .button.main').click();
    assert.match(await page.locator('#panel-sign .result').innerText(), /CONFIGURATION|INVALID_ARGUMENT/);

    await go('merchant');
    await merchant.locator('[data-name=mchId]').fill('1900000109');
    // The beginning of any p12: version 3, and data that say no more.
    const p12 = Buffer.from('3021020103301c06092a864886f70d010701a00f040d30000000000000000000000000', 'hex');
    await key.setInputFiles({ name: 'apiclient_cert.p12', mimeType: '', buffer: p12 });
    await page.waitForFunction(() => document.querySelector('.file-name').textContent.includes('p12'));
    await merchant.locator('.button.main').click();
    assert.match(await merchant.locator('.result').innerText(), /openssl pkcs12 -legacy -nodes -in apiclient_cert\.p12/);
    // Dropped onto the field.
    await merchant
      .locator('.files')
      .first()
      .evaluate(
        (place, text) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([text], 'dropped.pem'));
          place.dispatchEvent(new DragEvent('dragover', { dataTransfer, bubbles: true, cancelable: true }));
          place.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
        },
        fs.readFileSync(path.join(root, 'src/sandbox/merchant_key.pem'), 'utf8'),
      );
    await page.waitForFunction(() => document.querySelector('.file-name').textContent.includes('dropped.pem'));
    await merchant.locator('[data-name=certSerialNo]').fill('5ab7c1e2093f48d6a15b7c3e90d24f6818a7bc35');
    await certificate.setInputFiles([]);
    await merchant.locator('.button.main').click();
    assert.match(await copyable('serial'), /^5AB7C1E2/);
    assert.equal(await merchant.locator('.findings .not_checked').count(), 4);
    await key.setInputFiles({ name: 'large.pem', mimeType: '', buffer: Buffer.alloc(70_000) });
    await page.waitForFunction(() => /64 KiB/.test(document.querySelector('.file-name').textContent));
    await done();
  });

  await t.test('what would like to be markup stays text, in every field of every panel', async (t) => {
    for (const width of [1280, 390]) {
      const { page, go, done } = await open(t, launched, url, { width });
      for (const panel of PANELS) {
        const shown = await go(panel);
        const sample = shown.locator('.sample').first();
        if (panel !== 'miniprogram') await sample.click();
        for (const one of await shown
          .locator('input:not([type=file]):not([type=checkbox]):not([type=datetime-local]), textarea')
          .all()) {
          if (await one.isVisible()) await one.fill(HOSTILE);
        }
        for (const submit of await shown.locator('.button.main').all()) await submit.click();
        await page.waitForTimeout(200);
        assert.equal(await page.locator('.panel img, .panel script').count(), 0, panel);
        assert.equal(await tooWide(page), 0, `${panel} at ${width}`);
      }
      // In what came out of a signature, a reply and a file's name.
      const sign = await go('sign');
      await sign.locator('.sample').click();
      await sign.locator('[data-name=authToken]').fill(HOSTILE);
      await sign.locator('.button.main').click();
      assert.ok(
        (await sign.locator('.result').innerText()).includes('<img src=x') || (await sign.locator('.note.bad').count()) === 1,
      );
      const reply = await go('reply');
      await reply.locator('textarea').fill(JSON.stringify({ errcode: 94003, errmsg: `${HOSTILE} rid: ${HOSTILE}` }));
      await reply.locator('.button.main').click();
      assert.match(await reply.locator('.result').innerText(), /<img src=x onerror=/);
      const merchant = await go('merchant');
      await merchant
        .locator('input[type=file]')
        .first()
        .setInputFiles({ name: '<img src=x onerror=alert(1)>.pem', mimeType: '', buffer: Buffer.from(HOSTILE) });
      await page.waitForTimeout(100);
      assert.equal(await page.locator('.panel img, .panel script').count(), 0);
      assert.equal(await page.evaluate('globalThis.canary'), undefined);
      await done();
    }
  });

  await t.test('the timeline: each kind of evidence, and times that are none', async (t) => {
    const { go, done } = await open(t, launched, url);
    const timeline = await go('timeline');
    const steps = async (kind, number, seenAt = '', now = '') => {
      await timeline.locator('select').selectOption(kind);
      for (const [name, value] of Object.entries({ evidence: number, seenAt, now }))
        await timeline.locator(`[data-name=${name}]`).fill(value);
      await timeline.locator('.button.main').click();
      return (await timeline.locator('.steps li').evaluateAll((all) => all.map((one) => one.className))).join(' ');
    };
    assert.equal(await steps('reply', ''), 'done current open open');
    assert.equal(await steps('push', '0'), 'done done done done');
    assert.equal(await steps('push', '100001'), 'done failed open failed');
    assert.equal(await steps('push', ''), 'unknown unknown unknown unknown');
    assert.equal(await steps('errcode', '89249'), 'done unknown unknown open');
    assert.equal(await steps('errcode', '1001'), 'failed open open open');
    // A day and an hour later nobody has confirmed.
    assert.equal(await steps('push', '89251', '2026-11-01T08:00:00', '2026-11-01T20:00:00'), 'done current open open');
    assert.match(await timeline.locator('.window').innerText(), /12 h 0 min/);
    assert.equal(await steps('push', '89251', '2026-11-01T08:00:00', '2026-11-02T09:00:00'), 'done unknown unknown failed');
    assert.match(await timeline.locator('.facts').innerText(), /May be called again\s+yes/);
    for (const wrong of [
      ['errcode', ''],
      ['push', '1.5'],
      ['push', 'canary'],
      ['push', '99999999999'],
      ['push', '89251', '9999-12-31T00:00:00'],
    ]) {
      assert.equal(await steps(...wrong), '', wrong.join());
      assert.equal(await timeline.locator('.field-error, .note.bad').first().isVisible(), true, wrong.join());
    }
    await done();
  });

  await t.test('deep links; an address that is none', async (t) => {
    for (const [hash, panel] of [
      ['#codes', 'codes'],
      ['#push', 'push'],
      ['', 'merchant'],
      ['#canary<img>', 'merchant'],
      ['#__proto__', 'merchant'],
    ]) {
      const { page } = await open(t, launched, url, { hash });
      assert.ok(await page.locator(`#panel-${panel}`).isVisible(), hash);
    }
  });

  await t.test('less motion, and print', async (t) => {
    const { page, go, done } = await open(t, launched, url, { reducedMotion: 'reduce', colorScheme: 'dark' });
    await (await go('merchant')).locator('.sample').click();
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.locator('.side').isVisible(), false);
    assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor), 'rgb(255, 255, 255)');
    assert.ok((await page.pdf()).length > 1000);
    await done();
  });
});

test('where it cannot start, it says why, in both languages', LIMIT, async (t) => {
  const launched = await browser(t);
  const { url } = await playground(t);
  const trouble = async (prepare, at = url) => {
    const context = await launched.newContext();
    t.after(() => context.close());
    const page = await context.newPage();
    await prepare(page);
    await page.goto(at);
    await page.waitForSelector('.trouble');
    return page.innerText('.trouble');
  };
  const both = (text) => /\p{Script=Han}/u.test(text) && /[a-z]{5}/.test(text);
  const without = await trouble((page) => page.addInitScript(() => delete globalThis.WebAssembly));
  assert.ok(both(without) && /WebAssembly/.test(without));
  const missing = await trouble((page) => page.route('**/package/browser_main.mjs', (route) => route.abort()));
  assert.ok(both(missing));
  const broken = await trouble((page) => page.route('**/main.mjs', (route) => route.abort()));
  assert.ok(both(broken) && /Reload/.test(broken));
  const old = await trouble((page) =>
    page.route('**/tabs.mjs', (route) => route.fulfill({ contentType: 'text/javascript', body: 'export const = ;' })),
  );
  assert.ok(both(old) && /current Chrome/.test(old));
  const made = folder(t);
  fs.cpSync(path.join(installed, 'dist/playground'), made, { recursive: true });
  const asFile = await trouble(async () => undefined, `file://${path.join(made, 'index.html')}`);
  assert.match(asFile, /npx wechat-realname playground/);
});
