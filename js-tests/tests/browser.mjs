// Pages in a real Chromium, and the round trip of what the package can do there.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';

import { chromium } from 'playwright-core';
import { startSandbox } from 'wechat-realname/sandbox';
import { vectors } from './support.mjs';

/** A page with one script. The empty icon keeps the browser from asking for one. */
export const PAGE =
  '<!doctype html><title>wechat-realname</title><link rel="icon" href="data:,"><script type="module" src="/main.mjs"></script>';

/** Serves a folder as strictly as the package can bear; the address of its page. */
export async function serve(t, made) {
  const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'none'; img-src data:";
  const server = http.createServer((incoming, outgoing) => {
    if (incoming.url === '/') {
      return outgoing.writeHead(200, { 'content-type': 'text/html', 'content-security-policy': policy }).end(PAGE);
    }
    outgoing.writeHead(200, { 'content-type': 'text/javascript' });
    fs.createReadStream(path.join(made, path.basename(incoming.url))).on('error', () => outgoing.destroy()).pipe(outgoing);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  t.after(() => server.closeAllConnections());
  t.after(() => server.close());
  return `http://127.0.0.1:${server.address().port}/`;
}

/** The round trip on a page that has put the package's exports into `globalThis.wechatRealname`, as fixtures/page.mjs does. */
export async function inBrowser(t, address) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROME,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update'],
  });
  t.after(() => browser.close());
  const page = await browser.newPage();
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  await page.goto(address);
  await page.waitForFunction('globalThis.wechatRealname').catch((error) => {
    throw new Error(complaints.join('\n'), { cause: error });
  });
  const sandbox = await startSandbox();
  t.after(() => sandbox.close());
  const { appId } = sandbox.addTrial();
  const pushed = { platform: sandbox.platform, ...sandbox.makePush({ kind: 'beta', appId }) };
  const seen = await page.evaluate(onPage, { vectors, pushed });
  assert.deepEqual([seen.state, seen.stubs], ['succeeded', ['CONFIGURATION', 'CONFIGURATION', 'CONFIGURATION']]);
  for (const [index, { sign, people }] of vectors.entries()) {
    assert.deepEqual(seen.results[index], {
      sign,
      sent: sign,
      opened: people.map(({ name, number }) => ({ realName: name, credentialId: number })),
      engine: 'wasm',
      inVain: ['CONFIGURATION', 'engine'],
    });
  }
  assert.match(seen.why, /front end/);
  assert.deepEqual(complaints, []);
}

/** Runs on the page: it signs, builds, opens, and has no client. */
function onPage({ vectors, pushed }) {
  const { RealNameError, betaVerification, openMerchant, openPushChannel, operations, ...stubs } = globalThis.wechatRealname;
  const { token, encodingAesKey, componentAppId } = pushed.platform;
  const channel = openPushChannel({ token, encodingAesKey, appId: componentAppId });
  const { msg_signature: msgSignature, timestamp, nonce } = pushed.query;
  const { state } = betaVerification(channel.open({ msgSignature, timestamp, nonce, body: pushed.body }));
  const refusals = ['createClient', 'createPlatform', 'createPushHandler'].map((name) => {
    try {
      return stubs[name]({});
    } catch (error) {
      return error instanceof RealNameError && error;
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
    const { engine } = merchant;
    let inVain;
    try {
      openMerchant({ mchId: '1900006511', privateKey: pkcs8, certificate, engine: 'host' });
    } catch ({ code, field }) {
      inVain = [code, field];
    }
    return { sign: merchant.sign(timestamp), sent: JSON.parse(call.request.body).sign, opened, engine, inVain };
  });
  return { results, state, stubs: refusals.map(({ code }) => code), why: refusals[0].message };
}
