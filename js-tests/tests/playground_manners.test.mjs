// How the playground behaves under somebody's hands: clearing, mistakes, a phone, other colours, a file that misses its field.
import assert from 'node:assert/strict';
import test from 'node:test';

import { PANELS, browser, open, playground, serious, tooWide } from './fixtures/playground.mjs';
import { row } from './support.mjs';

const LIMIT = { timeout: 180_000 };

/** All text and values on the page, seen or not. */
const everything = (page) =>
  page.evaluate(() => {
    const values = [...document.querySelectorAll('input, textarea')].map((one) => `${one.value} ${one.getAttribute('value') ?? ''}`);
    return `${document.documentElement.outerHTML} ${document.body.textContent} ${values.join(' ')} ${location.href}`;
  });

test('the playground’s manners', LIMIT, async (t) => {
  const launched = await browser(t);
  const { url } = await playground(t);

  await t.test('after clearing, nothing is left of it, and undoing brings nothing back', async (t) => {
    row(t, 'Chromium', 'the playground’s manners');
    const { page, go, done } = await open(t, launched, url);
    const clear = (panel) => panel.getByRole('button', { name: /^Clear/ });
    const merchant = await go('merchant');
    const keyLine = (await page.evaluate(async () => (await import('./samples.mjs')).merchant.privateKey)).split('\n')[3];
    await merchant.locator('.sample').click();
    await merchant.locator('[data-name=privateKey]').press('End');
    await page.keyboard.type('x');
    assert.ok((await everything(page)).includes(keyLine));
    await clear(merchant).click();
    assert.equal(await page.evaluate(() => document.activeElement.dataset.name), 'mchId');
    await page.waitForFunction(() => /wiped/.test(document.getElementById('said').textContent));
    await merchant.locator('[data-name=privateKey]').focus();
    for (let at = 0; at < 3; at++) await page.keyboard.press('Control+z');
    assert.ok(!(await everything(page)).includes(keyLine));

    const sign = await go('sign');
    await sign.locator('.sample').click();
    for (const name of ['authToken', 'accessToken']) await sign.locator(`[data-name=${name}]`).fill('canary-token');
    await sign.locator('.button.main').click();
    assert.match(await sign.locator('.result').innerText(), /canary-token/);
    await clear(sign).click();
    assert.ok(!(await everything(page)).includes('canary-token'));

    const reply = await go('reply');
    await reply.locator('.sample').click();
    await reply.getByRole('switch').check();
    await clear(reply).click();

    const push = await go('push');
    await push.locator('.sample').first().click();
    await push.getByRole('switch').check();
    await push.getByRole('checkbox', { name: 'replay window' }).check();
    await clear(push).click();
    assert.equal(await push.getByRole('checkbox', { name: 'replay window' }).isChecked(), false);
    const left = await everything(page);
    for (const secret of ['张三', 'SandboxPushToken', 'SandboxEncodingAesKey', 'Vhqyp5OWPoq03JSny']) assert.ok(!left.includes(secret), secret);
    assert.ok(await (await go('timeline')).getByRole('button', { name: 'Take the opened push' }).isDisabled());

    const face = await go('face');
    await face.locator('.sample').click();
    await face.getByRole('switch').check();
    for (const one of await clear(face).all()) await one.click();
    assert.deepEqual(await face.locator('.result').allInnerTexts(), ['', '']);
    const medical = await go('medical');
    await medical.locator('.sample').click();
    await medical.getByRole('switch').check();
    await clear(medical).click();
    const gone = await everything(page);
    for (const secret of ['张三', '5byg5LiJ', '310101199801011234', 'MzEwMTAx', '3c241f7f', 'SandboxMedicalKey', 'cOdjqVcspoc', '13800000138'])
      assert.ok(!gone.includes(secret), secret);

    const numbers = await go('numbers');
    await numbers.locator('.sample').click();
    for (const one of await clear(numbers).all()) await one.click();
    assert.deepEqual(await numbers.locator('.result').allInnerTexts(), ['', '']);
    assert.ok(!(await everything(page)).includes('91350100M000100Y43'));
    await done();
  });

  await t.test('a mistake is said at its field, in the language that is shown, until it is mended or cleared', async (t) => {
    const { page, go, done } = await open(t, launched, url, { width: 390 });
    const merchant = await go('merchant');
    await merchant.locator('.button.main').click();
    const field = merchant.locator('[data-name=mchId]');
    const described = async () => {
      const ids = (await field.getAttribute('aria-describedby')).split(' ');
      return Promise.all(ids.map((id) => page.locator(`[id="${id}"]`).innerText()));
    };
    assert.match((await described()).join(' '), /digits only.*is missing/);
    await page.click('#language');
    assert.match((await described()).join(' '), /没有填写/);
    assert.equal(await page.locator('.field-error').count(), 1);
    assert.ok(await merchant.locator('.field-error').isVisible());
    await merchant.getByRole('button', { name: '清除' }).click();
    assert.equal(await page.locator('.field-error, [aria-invalid]').count(), 0);
    assert.equal((await described()).length, 1);
    await done();
  });

  await t.test('on a phone, what comes out is brought into view; another panel is read from its beginning', async (t) => {
    const { page, go, done } = await open(t, launched, url, { width: 390, reducedMotion: 'reduce' });
    for (const panel of ['merchant', 'sign', 'medical', 'push', 'timeline']) {
      await page.evaluate(() => scrollTo(0, 0));
      const shown = await go(panel);
      await shown.locator('.sample').first().click();
      const { y } = await shown.locator('.result').boundingBox();
      assert.ok(y >= 0 && y < 720, `${panel}: ${y}`);
    }
    await done();
    const wide = await open(t, launched, url, { reducedMotion: 'reduce' });
    await (await wide.go('push')).locator('.sample').first().click();
    await wide.page.evaluate(() => scrollTo(0, 1000));
    const { y } = await (await wide.go('codes')).locator('h2').boundingBox();
    assert.ok(y >= 0 && y < 300, `${y}`);
    await wide.done();
  });

  await t.test('a file that misses its field is no reason to leave the page', async (t) => {
    const { page, done } = await open(t, launched, url);
    const kept = await page.evaluate(() => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(['canary'], 'apiclient_key.pem'));
      return ['dragover', 'drop'].map((name) =>
        document.querySelector('h1').dispatchEvent(new DragEvent(name, { dataTransfer, bubbles: true, cancelable: true })),
      );
    });
    assert.deepEqual(kept, [false, false]);
    await done();
  });

  await t.test('what is announced, is announced once, and the results are no second live region', async (t) => {
    const { page, go, done } = await open(t, launched, url);
    await page.evaluate(() => {
      globalThis.heard = [];
      const note = () => document.getElementById('said').textContent && globalThis.heard.push(document.getElementById('said').textContent);
      new MutationObserver(note).observe(document.getElementById('said'), { childList: true });
    });
    await (await go('merchant')).locator('.sample').click();
    await page.waitForTimeout(300);
    assert.equal((await page.evaluate(() => globalThis.heard)).length, 1);
    assert.equal(await page.locator('[aria-live]:not(#said), [role=alert], [role=status]:not(#said)').count(), 0);
    await done();
  });

  await t.test('forced colours, twice as large, and 320 px', async (t) => {
    for (const view of [{ forcedColors: 'active' }, { width: 640, deviceScaleFactor: 2 }, { width: 320 }]) {
      const { page, go, done } = await open(t, launched, url, view);
      for (const panel of PANELS) {
        const shown = await go(panel);
        await shown.locator('.sample').first().click();
        assert.equal(await tooWide(page), 0, `${panel}: ${JSON.stringify(view)}`);
        const cut = await page.locator('[role=tab], .panel:not([hidden]) :is(.button, h2, label):visible').evaluateAll((all) => all.filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== 'inline').map((one) => one.textContent));
        assert.deepEqual(cut, [], `${panel}: ${JSON.stringify(view)}`);
      }
      assert.deepEqual(await serious(page), []);
      await done();
    }
  });
});
