// The browser entry in a real Chromium: as it is, bundled, and on Vite's server for developers.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { PAGE, inBrowser, serve } from './browser.mjs';
import { bundlers, viteDev } from './bundlers.mjs';
import { fixtures, folder, installed, row } from './support.mjs';

// `cargo xtask test` looks for the browser; without one it says so and leaves this file out.
const LIMIT = { timeout: 120_000 };

test('a plain page signs, builds and opens, and has no client', LIMIT, async (t) => {
  row(t, 'Chromium', 'a page that imports the package’s file');
  const made = folder(t);
  fs.cpSync(path.join(installed, 'dist'), made, { recursive: true });
  const script = fs.readFileSync(path.join(fixtures, 'page.mjs'), 'utf8');
  fs.writeFileSync(path.join(made, 'main.mjs'), script.replace("'wechat-realname'", "'./browser.mjs'"));
  await inBrowser(t, await serve(t, made));
});

for (const [name, bundle] of Object.entries(bundlers)) {
  test(`a page bundled by ${name} does the same`, LIMIT, async (t) => {
    row(t, name, 'a page');
    const made = folder(t);
    const outfile = path.join(made, 'main.mjs');
    await bundle({ entry: path.join(fixtures, 'page.mjs'), outfile, platform: 'browser', format: 'esm' });
    assert.deepEqual(fs.readdirSync(made), ['main.mjs']);
    // Of the client only the stub that says why, nothing of the sandbox, of Node’s, or of the second module.
    const text = fs.readFileSync(outfile, 'utf8');
    assert.match(text, /front end/);
    const size = (file) => fs.statSync(path.join(installed, 'dist', file)).size;
    // Some escape Chinese, which makes two of a text.
    const once = size('browser_main.mjs') + 2 * size('explain.mjs');
    assert.ok(text.length < once + 10_000, `${text.length} characters`);
    const servers = ['index', 'sandbox'].map((file) => fs.readFileSync(path.join(installed, `dist/${file}.cjs`), 'utf8')).join('');
    for (const word of ['node:', 'require(', 'performance.now', 'Buffer.from', 'setTimeout', 'startSandbox', './extras']) {
      assert.ok(servers.includes(word) && !text.includes(word), word);
    }
    await inBrowser(t, await serve(t, made));
  });
}

test('Vite’s server for developers, which bundles dependencies by itself', LIMIT, async (t) => {
  row(t, 'Vite 7', 'a page on its dev server');
  // A project as `npm create vite` makes it, with the package installed.
  const made = folder(t);
  fs.mkdirSync(path.join(made, 'node_modules'));
  fs.cpSync(installed, path.join(made, 'node_modules/wechat-realname'), { recursive: true });
  fs.writeFileSync(path.join(made, 'package.json'), '{ "private": true, "dependencies": { "wechat-realname": "*" } }\n');
  fs.writeFileSync(path.join(made, 'index.html'), PAGE);
  fs.copyFileSync(path.join(fixtures, 'page.mjs'), path.join(made, 'main.mjs'));
  await inBrowser(t, await viteDev(t, made));
  assert.ok(fs.existsSync(path.join(made, 'node_modules/.vite/deps/wechat-realname.js')));
});
