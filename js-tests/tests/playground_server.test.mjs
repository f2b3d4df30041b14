// `wechat-realname playground`: which files it serves, with which headers, and how it ends.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import test from 'node:test';

import { playground } from './fixtures/playground.mjs';
import { installed } from './support.mjs';

test('the server: these files alone, with the policy, and only GET and HEAD', async (t) => {
  const { url, child, ended, said } = await playground(t, '--json');
  assert.deepEqual(JSON.parse(said()), { url });
  const page = await fetch(url);
  const html = await page.text();
  const policy = page.headers.get('content-security-policy');
  const [, own] = html.match(/http-equiv="Content-Security-Policy"\s+content="([^"]*)"/);
  assert.equal(policy, `${own}; frame-ancestors 'none'`);
  for (const part of ["default-src 'none'", "connect-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "form-action 'none'"]) {
    assert.ok(policy.split('; ').includes(part), part);
  }
  assert.equal(page.headers.get('x-content-type-options'), 'nosniff');
  assert.equal(page.headers.get('referrer-policy'), 'no-referrer');
  assert.doesNotMatch(html, /<script(?![^>]*src=)|\son\w+=|style=/, 'nothing inline');

  const types = { html: 'text/html', css: 'text/css', js: 'text/javascript', mjs: 'text/javascript' };
  const names = fs.readdirSync(path.join(installed, 'dist/playground'));
  assert.ok(names.length > 20 && !names.includes('README.md'));
  for (const at of [...names, 'package/browser.mjs', 'package/browser_main.mjs', 'package/id_card.mjs']) {
    const answer = await fetch(`${url}${at}?v=1`);
    assert.equal(answer.status, 200, at);
    assert.equal(answer.headers.get('content-type').split(';')[0], types[at.split('.').at(-1)]);
    assert.equal(answer.headers.get('content-security-policy'), policy);
    const file = path.join(installed, 'dist', at.startsWith('package/') ? at.slice(8) : `playground/${at}`);
    assert.deepEqual(Buffer.from(await answer.arrayBuffer()), fs.readFileSync(file));
  }
  for (const at of [
    '/package/index.cjs',
    '/package/sandbox.cjs',
    '/package/cli.cjs',
    '/package/edge.mjs',
    '/package/core.wasm',
    '/package/',
    '/package.json',
    '/../index.cjs',
    '/package/../index.cjs',
    '/package/..%2findex.cjs',
    '/%2e%2e/%2e%2e/package.json',
    '/..\\index.cjs',
    '//etc/passwd',
    '/package/%00',
    '/%',
    '/README.md',
    '/constructor',
    '/__proto__',
    `/${'a'.repeat(8000)}`,
    'http://example.com/index.html',
    '*',
    '/index.html/',
  ]) {
    assert.equal((await raw(url, 'GET', at)).status, 404, at);
  }
  for (const method of ['POST', 'PUT', 'OPTIONS', 'DELETE', 'TRACE']) {
    const { status, headers } = await raw(url, method, '/');
    assert.deepEqual([status, headers.allow], [405, 'GET, HEAD'], method);
  }
  const head = await fetch(url, { method: 'HEAD' });
  assert.deepEqual([head.status, head.headers.get('content-length'), await head.text()], [200, String(Buffer.byteLength(html)), '']);
  assert.equal((await raw(url, 'HEAD', '/canary')).status, 404);

  // On this machine alone, and it ends when it is told to, whoever is still connected.
  const { port } = new URL(url);
  const kept = net.connect(Number(port), '127.0.0.1');
  kept.on('error', () => undefined);
  await new Promise((done) => kept.once('connect', done));
  child.kill('SIGTERM');
  assert.deepEqual((await ended).slice(0, 2), [0, null]);
});

test('the command: a port of one’s own, what is no port, one that is taken; Ctrl+C', async (t) => {
  const first = await playground(t);
  assert.match(first.said(), /http:/);
  const { port } = new URL(first.url);
  const second = await playground(t, '--port', port, '--json');
  assert.deepEqual((await second.ended)[0], 2);
  assert.equal(JSON.parse(second.said()).error.field, '--port');
  for (const wrong of ['canary', '-1', '65536', '80.5', '']) {
    const refused = await playground(t, '--port', wrong);
    assert.deepEqual([(await refused.ended)[0], refused.said()], [2, '']);
    assert.match(refused.complained(), /--port/);
    assert.doesNotMatch(refused.complained(), /canary|\n\s+at /);
  }
  first.child.kill('SIGINT');
  assert.deepEqual((await first.ended)[0], 0);
  const again = await playground(t, '--port', port);
  assert.equal(again.url, first.url);
});

function raw(url, method, at) {
  return new Promise((resolve, reject) => {
    const { port } = new URL(url);
    const request = http.request({ host: '127.0.0.1', port, method, path: at }, (answer) => {
      answer.resume();
      answer.once('end', () => resolve({ status: answer.statusCode, headers: answer.headers }));
    });
    request.once('error', reject).end();
  });
}
