// The browser entry in a real Chromium, imported by a plain page.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import test from 'node:test';

import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { startSandbox } from 'wechat-realname/sandbox';
import { folder, installed, vectors } from './support.mjs';

// `cargo xtask test` looks for the browser; without one it says so and leaves this file out.
const LIMIT = { timeout: 120_000 };

test('a plain page signs, builds and opens, and has no client', LIMIT, (t) =>
  inBrowser(t, path.join(installed, 'dist/browser.mjs')));

test('a page bundled by esbuild does the same', LIMIT, async (t) => {
  const outfile = path.join(folder(t), 'bundle.mjs');
  const stdin = { contents: "export * from 'wechat-realname';", resolveDir: path.dirname(path.dirname(installed)) };
  await build({ stdin, bundle: true, platform: 'browser', format: 'esm', outfile, minify: true });
  await inBrowser(t, outfile);
});

/** Serves one script as `/package.mjs` and lets a page use it. */
async function inBrowser(t, script) {
  const server = http.createServer((incoming, outgoing) => {
    if (incoming.url === '/package.mjs') {
      outgoing.writeHead(200, { 'content-type': 'text/javascript' });
      return fs.createReadStream(script).pipe(outgoing);
    }
    const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'none'";
    outgoing.writeHead(200, { 'content-type': 'text/html', 'content-security-policy': policy });
    outgoing.end('<!doctype html><title>wechat-realname</title>');
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  t.after(() => server.closeAllConnections());
  t.after(() => server.close());
  const browser = await chromium.launch({
    executablePath: process.env.CHROME,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update'],
  });
  t.after(() => browser.close());
  const page = await browser.newPage();
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const sandbox = await startSandbox();
  t.after(() => sandbox.close());
  const { appId } = sandbox.addTrial();
  const pushed = { platform: sandbox.platform, ...sandbox.makePush({ kind: 'beta', appId }) };
  const seen = await page.evaluate(async ({ vectors, pushed }) => {
    const { RealNameError, betaVerification, createClient, createPlatform, createPushHandler, openMerchant, openPushChannel, operations } =
      await import('/package.mjs');
    const { token, encodingAesKey, componentAppId } = pushed.platform;
    const channel = openPushChannel({ token, encodingAesKey, appId: componentAppId });
    const { msg_signature: msgSignature, timestamp, nonce } = pushed.query;
    const { state } = betaVerification(channel.open({ msgSignature, timestamp, nonce, body: pushed.body }));
    const stubs = [createPlatform, createPushHandler].map((stub) => {
      try {
        return stub({});
      } catch (error) {
        return error.code;
      }
    });
    const results = vectors.map(({ pkcs8, certificate, timestamp, people }) => {
      const merchant = openMerchant({ mchId: '1900006511', privateKey: pkcs8, certificate });
      const context = { accessToken: 'token', merchant, now: timestamp };
      const call = operations.getRealNameInfo({ authToken: 't' }, context);
      const opened = people.map(({ encryted_real_name, encryted_credential_id }) => {
        const body = JSON.stringify({ encryted_real_name, encryted_credential_id });
        return call.interpret({ status: 200, body });
      });
      return { sign: merchant.sign(timestamp), sent: JSON.parse(call.request.body).sign, opened };
    });
    try {
      createClient({ accessToken: 'token' });
    } catch (error) {
      return { results, state, stubs, stub: [error instanceof RealNameError, error.code, error.message] };
    }
  }, { vectors, pushed });
  assert.deepEqual([seen.state, seen.stubs], ['succeeded', ['CONFIGURATION', 'CONFIGURATION']]);
  for (const [index, { sign, people }] of vectors.entries()) {
    assert.deepEqual(seen.results[index], {
      sign,
      sent: sign,
      opened: people.map(({ name, number }) => ({ realName: name, credentialId: number })),
    });
  }
  assert.deepEqual(seen.stub.slice(0, 2), [true, 'CONFIGURATION']);
  assert.match(seen.stub[2], /front end/);
  assert.deepEqual(complaints, []);
}
