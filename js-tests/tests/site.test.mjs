// What the builder of the documentation (`cargo xtask docs`) promises: anchors as GitHub has them, and no link that leads
// nowhere.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { checkLinks } from '../tools/docs/links.mjs';
import { document } from '../tools/docs/markdown.mjs';
import { TEXTS } from '../tools/docs/page.mjs';
import { folder } from './support.mjs';

const asItIs = (address) => address;

test('headings have the anchors that GitHub gives them', () => {
  const markdown = `# One

## The \`code\`, and more: what's this?

## 第三方平台：推送（事件）

## A – B
## 第三方平台：推送（事件）
`;
  assert.deepEqual(
    document(markdown).sections.map(({ id }) => id),
    ['the-code-and-more-whats-this', '第三方平台推送事件', 'a--b', '第三方平台推送事件-1'],
  );
});

test('what comes from Markdown is text, and code has classes instead of styles', () => {
  const html = document('# <b>\n\n```js\nconst a = "<script>";\n```\n').html(asItIs, TEXTS.en);
  assert.match(html, /<h1 id="b">&lt;b&gt;<\/h1>/);
  assert.match(html, /<span class="hljs-keyword">const<\/span>/);
  assert.doesNotMatch(html, /<script|style=/);
  assert.throws(() => document('# a\n\n```cobol\n```\n').html(asItIs, TEXTS.en), /no highlighting for `cobol`/);
  assert.throws(() => document('no heading'), /heading of level 1/);
});

test('a picture leads where a link would, and has its text', () => {
  const html = document('# a\n\n![Bars: “ours” 1 ms.](../a.svg)\n').html((address) => `resolved/${address}`, TEXTS.en);
  assert.match(html, /<img src="resolved\/..\/a.svg" alt="Bars: “ours” 1 ms.">/);
});

test('every link that leads nowhere is found', (t) => {
  const site = folder(t);
  fs.mkdirSync(path.join(site, 'en'));
  const page = (name, body) => fs.writeFileSync(path.join(site, name), `<!DOCTYPE html><body>${body}`);
  const link = (to) => `<a href="${to}"></a>`;
  const links = ['en/a.html#b', '#%E6%A0%87%E9%A2%98', 'https://a.example/'];
  page('index.html', `<h1 id="标题">x</h1>${links.map(link).join('')}`);
  page('en/a.html', '<a id="b" href="../index.html"></a><code>&lt;a href="none.html"></code>');
  const good = checkLinks(site);
  assert.deepEqual(good, { pages: 2, links: 3, external: ['https://a.example/'], problems: [] });

  const bad = ['b.html', 'a.html#c', '#c', '..', '../../x.html', '/en/a.html', 'file:///a.html'];
  page('en/a.html', `<a id="b"></a>${bad.map(link).join('')}<script src="https://b.example/x.js"></script>`);
  const found = checkLinks(site).problems.map((problem) => problem.split(': ')[1]);
  assert.deepEqual(found, [...bad, 'https://b.example/x.js']);
});
