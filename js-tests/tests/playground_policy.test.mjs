// What the playground says of itself: nothing leaves it, by any way that its policy covers, and it takes none of the others.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import test from 'node:test';

import { PANELS, browser, open, playground } from './fixtures/playground.mjs';
import { installed, row } from './support.mjs';

/** Ways out of a page, as a script in it would try them. Each gets another server's address. */
const WAYS = {
  fetch: (to) => fetch(to).catch(() => undefined),
  xhr: (to) => {
    const request = new XMLHttpRequest();
    request.open('POST', to);
    request.send('canary');
  },
  websocket: (to) => new WebSocket(to.replace('http', 'ws')),
  events: (to) => new EventSource(to),
  beacon: (to) => navigator.sendBeacon(to, 'canary'),
  image: (to) => Object.assign(new Image(), { src: to }),
  media: (to) => document.body.append(Object.assign(document.createElement('video'), { src: to })),
  css: (to) => (document.body.style.backgroundImage = `url(${to})`),
  font: (to) => new FontFace('canary', `url(${to})`).load().catch(() => undefined),
  frame: (to) => document.body.append(Object.assign(document.createElement('iframe'), { src: to })),
  object: (to) => document.body.append(Object.assign(document.createElement('object'), { data: to })),
  stylesheet: (to) => document.head.append(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: to })),
  prefetch: (to) => document.head.append(Object.assign(document.createElement('link'), { rel: 'prefetch', href: to })),
  modulepreload: (to) => document.head.append(Object.assign(document.createElement('link'), { rel: 'modulepreload', href: to })),
  icon: (to) => document.head.append(Object.assign(document.createElement('link'), { rel: 'icon', href: to })),
  form: (to) => {
    const form = Object.assign(document.createElement('form'), { action: to, method: 'post' });
    document.body.append(form);
    form.submit();
  },
  ping: (to) => {
    const link = Object.assign(document.createElement('a'), { href: '#codes', ping: to });
    document.body.append(link);
    link.click();
  },
  worker: (to) => new Worker(URL.createObjectURL(new Blob([`fetch('${to}')`]))),
  'speculation rules': (to) => {
    const rules = JSON.stringify({ prefetch: [{ source: 'list', urls: [to] }] });
    document.head.append(Object.assign(document.createElement('script'), { type: 'speculationrules', textContent: rules }));
  },
};

test('no way that the policy covers leads out of the page', { timeout: 120_000 }, async (t) => {
  row(t, 'Chromium', 'the playground’s policy');
  const asked = [];
  const server = http.createServer(({ method, url }, outgoing) => {
    asked.push(`${method} ${url}`);
    outgoing.writeHead(200, { 'access-control-allow-origin': '*' }).end();
  });
  server.on('upgrade', ({ url }, socket) => socket.destroy(asked.push(`UPGRADE ${url}`) && undefined));
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  t.after(() => server.close());
  const launched = await browser(t);
  const { url } = await playground(t);
  const { page } = await open(t, launched, url);
  // The trap works: without the policy, a page of this very server is asked for.
  await fetch(`http://127.0.0.1:${server.address().port}/works`);
  assert.deepEqual(asked.splice(0), ['GET /works']);
  for (const [at, [name, way]] of Object.entries(WAYS).entries()) {
    const to = `http://127.0.0.1:${server.address().port}/canary-${at}`;
    await page.evaluate(`try { (${way})(${JSON.stringify(to)}); } catch {}`);
    await page.waitForTimeout(120);
    assert.deepEqual(asked, [], name);
  }
  await page.waitForTimeout(500);
  assert.deepEqual(asked, []);
  assert.equal(page.url().replace(/#.*/, ''), url);
});

test('the ways that no policy covers are not taken: no link leads out, and no code goes there', { timeout: 60_000 }, async (t) => {
  const launched = await browser(t);
  const { url } = await playground(t);
  const { page, go, done } = await open(t, launched, url);
  for (const panel of PANELS) await (await go(panel)).locator('.sample').first().click();
  const links = await page.locator('a').evaluateAll((all) => all.map((one) => one.getAttribute('href')));
  assert.ok(links.length > 3);
  assert.deepEqual(
    links.filter((href) => !/^#\w+$/.test(href)),
    [],
  );
  const dist = path.join(installed, 'dist');
  const own = fs.readdirSync(path.join(dist, 'playground')).map((name) => path.join(dist, 'playground', name));
  const imported = ['browser', 'browser_main', 'credit_code', 'error', 'explain', 'id_card'].map((name) => path.join(dist, `${name}.mjs`));
  // Of samples and generated code, what is text for others is not the page's own.
  const out = /RTCPeerConnection|window\.open|location\.(href|assign|replace)|\blocation\s*=[^=]|https?-equiv.*refresh|sendBeacon|XMLHttpRequest|WebSocket|EventSource|\bfetch\(|indexedDB|(local|session)Storage|document\.cookie|innerHTML|\beval\(/;
  for (const file of [...own, ...imported]) {
    // The footer's text names some; and wasm-bindgen's loader, which nobody calls here, could load a module by its address.
    const code = fs.readFileSync(file, 'utf8').replace(/^\s*'page\.foot':\n.*$|module_or_path=fetch\(module_or_path\)/m, '');
    assert.equal(code.match(out)?.[0], undefined, file);
  }
  await done();
});
