// What the tests share. `wechat-realname` is the built tarball, installed into this folder by `cargo xtask test`.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { createClient, createPlatform, openMerchant, openPushChannel } from 'wechat-realname';
import { startSandbox } from 'wechat-realname/sandbox';

/** The checkout. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/** The package as installed. */
export const installed = fileURLToPath(new URL('./node_modules/wechat-realname/', import.meta.url));

export const fixtures = fileURLToPath(new URL('./fixtures/', import.meta.url));

/** What openssl and iconv made. */
export const vectors = JSON.parse(fs.readFileSync(path.join(root, 'tests/vectors/openssl.json'), 'utf8'));

/** Every kind of key and certificate file, as openssl writes them. */
export const keyFiles = path.join(root, 'tests/vectors/key_files.json');

/** What fixtures/key_files.cjs says when it has opened them all. */
export const ALL_OPENED = '37 files opened\n';

export const NUMBER = '11010519491231002X';

const listed = JSON.parse(fs.readFileSync(new URL('./rows.json', import.meta.url), 'utf8'));

/**
 * This test is a row of the table that `cargo xtask test` prints in the end. How it went is a line of the file that `MATRIX`
 * names; rows.json has all rows, so that those that were not run are in the table too.
 */
export function row(t, runtime, what) {
  assert.ok(Object.values(listed).some(({ [runtime]: rows }) => rows?.includes(what)), `rows.json lacks ${runtime}: ${what}`);
  // Node calls a test that skips itself passed.
  let skipped = false;
  const { skip } = t;
  t.skip = (...reason) => {
    skipped = true;
    skip.apply(t, reason);
  };
  t.after(() => {
    const line = JSON.stringify({ runtime, what, ok: t.passed && !skipped });
    if (process.env.MATRIX) fs.appendFileSync(process.env.MATRIX, `${line}\n`);
  });
}

/** A sandbox with a client and its merchant, closed at the end of the test. */
export async function sandboxed(t, options = {}) {
  const sandbox = await startSandbox();
  t.after(() => sandbox.close());
  const { appId, accessToken, baseUrl, medicalKeys } = sandbox;
  const merchant = openMerchant(sandbox.merchant);
  const client = createClient({ appId, accessToken, merchant, medicalKeys, baseUrl, ...options });
  return { sandbox, merchant, client };
}

/** A mini program that authorised the sandbox's platform, and the platform's client for it. */
export async function onPlatform(sandbox, { trial, ...options } = {}) {
  const { componentAppId, componentAppSecret, token, encodingAesKey } = sandbox.platform;
  const platform = createPlatform({ componentAppId, componentAppSecret, baseUrl: sandbox.baseUrl });
  const channel = openPushChannel({ token, encodingAesKey, appId: componentAppId });
  const { query, body } = sandbox.makePush({ kind: 'ticket' });
  const { msg_signature: msgSignature, timestamp, nonce } = query;
  await platform.acceptTicket(channel.open({ msgSignature, timestamp, nonce, body }, { now: sandbox.clock.now() }));
  const { appId } = await platform.authorize(sandbox.addTrial(trial).authorizationCode);
  return { appId, client: platform.client(appId, options) };
}

/**
 * A copy of the package in a folder of its own, in which the exports of each WebAssembly instance are what `around` makes
 * of them. `restore` ends that.
 */
export function copyOfPackage(around) {
  const { Instance } = WebAssembly;
  WebAssembly.Instance = function (module, imports) {
    return { exports: around(new Instance(module, imports).exports) };
  };
  const made = fs.mkdtempSync(path.join(os.tmpdir(), 'wechat-realname-'));
  for (const name of ['index', 'error', 'extras']) {
    fs.copyFileSync(`${installed}dist/${name}.cjs`, path.join(made, `${name}.cjs`));
  }
  const restore = () => {
    WebAssembly.Instance = Instance;
    fs.rmSync(made, { recursive: true });
  };
  return { fresh: createRequire(import.meta.url)(path.join(made, 'index.cjs')), restore };
}

/** A new empty folder, removed at the end of the test. */
export function folder(t) {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), 'wechat-realname-'));
  t.after(() => fs.rmSync(made, { recursive: true, force: true }));
  return made;
}

/** An empty project with nothing but the tarball installed, as a user has it. */
export function project(t) {
  const made = folder(t);
  fs.writeFileSync(path.join(made, 'package.json'), '{ "private": true }\n');
  npm(['install', '--offline', '--no-audit', '--no-fund', '--silent', process.env.TARBALL], made);
  return made;
}

function npm(words, cwd) {
  execFileSync('npm', words, { cwd, stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' });
}

/** What a rejected promise was rejected with. */
export async function failure(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}

/** A port that nobody listens on, for servers that do not say where they listen. */
export async function freePort() {
  const server = net.createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}
