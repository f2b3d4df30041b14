// The entry for edge runtimes in workerd: as the files are, bundled, and in a worker that was made when workerd could less.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import test from 'node:test';

import { build } from 'esbuild';
import { startSandbox } from 'wechat-realname/sandbox';
import { NUMBER, fixtures, folder, installed, keyFiles, row, vectors } from './support.mjs';
import { startWorker } from './workerd.mjs';

const LIMIT = { timeout: 60_000 };
const STABLE_TOKEN = '/cgi-bin/stable_token';
const dist = (name) => path.join(installed, 'dist', name);
const worker = path.join(fixtures, 'worker.mjs');

const asItIs = () => ({
  'worker.mjs': worker,
  'wechat-realname': dist('workerd.mjs'),
  'edge.mjs': dist('edge.mjs'),
  'error.mjs': dist('error.mjs'),
  'explain.mjs': dist('explain.mjs'),
  'core.wasm': dist('core.wasm'),
});

/** As wrangler does it, and as hosts that know `edge-light`. */
async function bundled(t, conditions = ['workerd', 'worker', 'browser'], module = 'core.wasm') {
  const outfile = path.join(folder(t), 'worker.mjs');
  await build({
    entryPoints: [worker],
    outfile,
    bundle: true,
    format: 'esm',
    conditions,
    external: ['*.wasm', '*.wasm?module', 'cloudflare:*'],
    logLevel: 'error',
  });
  return { 'worker.mjs': outfile, [module]: dist('core.wasm') };
}

const forms = {
  'modules as they are': { modules: asItIs },
  'bundled by esbuild': { modules: bundled },
  // Without anything of Node's, without FinalizationRegistry, and with promises that end in another request's context.
  'compatibility date 2024-01-01': { modules: asItIs, date: '2024-01-01' },
};

for (const [form, { modules, date }] of Object.entries(forms)) {
  const title = `workerd, ${form}`;
  const start = (t) => started(t, modules, date);

  test(`${title}: the round trip, with everything at module scope`, LIMIT, async (t) => {
    row(t, 'workerd', `round trip: ${form}`);
    const { sandbox, call, said } = await start(t);
    for (const client of ['withToken', 'withSecret']) {
      for (const realName of ['张三', '䶮', '阿依古丽·买买提']) {
        const { authToken } = sandbox.addPerson({ realName, credentialId: NUMBER });
        const answer = await call(`${client}/getRealNameInfo`, { authToken });
        assert.deepEqual(answer, { status: 200, body: { realName, credentialId: NUMBER } });
      }
      const refused = await call(`${client}/getRealNameInfo`, { authToken: 'sandbox:94003' });
      assert.deepEqual([refused.body.isOurs, refused.body.code, refused.body.errcode], [true, 'REJECTED', 94003]);
      const params = { openid: 'o', realName: '张三', credId: '1' };
      const checked = await call(`${client}/checkRealNameInfo`, { ...params, code: 'sandbox:V_OP_NA' });
      assert.equal(checked.body.verdict, 'not_authenticated');
      // A serial number is made up of randomness, which there is none of at module scope.
      const { openid } = sandbox.addPerson({ realName: '张三', credentialId: NUMBER });
      const { body: begun } = await call(`${client}/getVerifyId`, { openid, certName: '张三', certNo: NUMBER });
      sandbox.verifyFace(begun.verifyId);
      const { verifyId, outSeqNo, certHash } = begun;
      const shown = await call(`${client}/queryVerifyInfo`, { openid, verifyId, outSeqNo, certHash });
      assert.equal(shown.body.passed, true);
    }
    assert.equal(said(), '');
  });

  test(`${title}: twenty requests at once share one request for a token`, LIMIT, async (t) => {
    row(t, 'workerd', `one token for all: ${form}`);
    const { sandbox, gate, getCategories, said } = await start(t);
    const twentyAnswers = async (client) => new Set(await Promise.all(Array.from({ length: 20 }, () => getCategories(client))));
    gate.hold();
    const answers = twentyAnswers();
    await gate.held();
    setTimeout(gate.release, 300);
    assert.deepEqual(await answers, new Set([3]));
    assert.equal(gate.asked, 1);
    // Also where WeChat takes it back.
    sandbox.revokeAccessTokens();
    assert.deepEqual(await twentyAnswers(), new Set([3]));
    assert.equal(gate.asked, 2);
    // And where it gives none.
    assert.deepEqual(await twentyAnswers('withWrongSecret'), new Set([40125]));
    assert.equal(gate.asked, 3);
    assert.equal(said(), '');
  });

  test(`${title}: a request that goes away while it gets the token takes nobody with it`, LIMIT, async (t) => {
    row(t, 'workerd', `aborted requests: ${form}`);
    const { gate, url, getCategories } = await start(t);
    for (const [others, asked] of [[0, 2], [5, 4]]) {
      gate.hold();
      const goes = http.request(`${url}/withSecret/getCategory`, { method: 'POST' }).on('error', () => undefined).end('{}');
      await gate.held();
      const waiting = Array.from({ length: others }, () => getCategories());
      // They wait for the token of the first by then.
      await new Promise((resolve) => setTimeout(resolve, 200));
      // A reset: of a connection that merely ends, workerd does not hear before it answers.
      goes.socket.resetAndDestroy();
      await gate.dropped();
      gate.release();
      assert.deepEqual(await Promise.all(waiting), Array(others).fill(3));
      assert.equal(await getCategories(), 3);
      // Once more for what went away, whoever waited for it.
      assert.equal(gate.asked, asked);
      gate.forget();
    }
  });

  test(`${title}: pushes`, LIMIT, async (t) => {
    row(t, 'workerd', `pushes: ${form}`);
    const { sandbox, url, push, acted } = receiver(await start(t));
    const { query, body } = sandbox.makePush({ kind: 'ticket' });
    const response = await fetch(`${url}/push?${new URLSearchParams(query)}`, { method: 'POST', body });
    assert.deepEqual([response.status, await response.text()], [200, 'success']);
    assert.deepEqual(await push({ kind: 'beta' }), [200, 'success']);
    assert.deepEqual(await push({ kind: 'beta', fault: 'signature' }), [403, '']);
    assert.deepEqual(await push({ xml: 'x'.repeat(1_600_000) }), [403, '']);
    assert.deepEqual(await acted(), ['component_verify_ticket', 'notify_third_fastverifybetaapp']);
  });
}

test('workerd: a push that takes longer than its answer is acted upon to the end', LIMIT, async (t) => {
  row(t, 'workerd', 'work that goes on after the answer');
  const { push, acted } = receiver(await started(t, asItIs));
  // Answered after four seconds; then it lives on `ctx.waitUntil`.
  assert.deepEqual(await push({ kind: 'unauthorized' }), [200, 'success']);
  assert.deepEqual(await acted(), []);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  assert.deepEqual(await acted(), ['unauthorized']);
});

test('workerd: a request that goes away while a store is written leaves the key to others', LIMIT, async (t) => {
  row(t, 'workerd', 'aborted writes of a platform’s store');
  const { sandbox, url, call } = await started(t, asItIs);
  const cut = async (where, query, body) => {
    const goes = http.request(`${url}/${where}${query}`, { method: 'POST' }).on('error', () => undefined).end(body);
    await new Promise((resolve) => setTimeout(resolve, 300));
    goes.socket.resetAndDestroy();
  };
  const ticket = sandbox.makePush({ kind: 'ticket' });
  await cut('push', `?${new URLSearchParams(ticket.query)}`, ticket.body);
  const again = sandbox.makePush({ kind: 'ticket' });
  // Only once the one that was cut no longer holds its lease.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const taken = await fetch(`${url}/push?${new URLSearchParams(again.query)}`, { method: 'POST', body: again.body });
  assert.equal(taken.status, 200);

  const { appId, authorizationCode: code } = sandbox.addTrial();
  // The owner comes back and is pushed at the same time.
  const consents = await Promise.all([call('authorize', { code }), call('authorize', { code })]);
  assert.deepEqual(consents.map(({ status, body }) => [status, body.appId]), Array(2).fill([200, appId]));
  sandbox.clock.advance(7200);
  sandbox.revokeAccessTokens();
  await cut('platform', '', JSON.stringify({ appId }));
  const { status, body } = await call('platform', { appId });
  assert.deepEqual([status, body.code], [200, undefined]);
});

test('workerd: what a store of tokens is given is kept before the answer', LIMIT, async (t) => {
  row(t, 'workerd', 'a store of tokens');
  const { url, getCategories } = await started(t, asItIs);
  assert.equal(await getCategories('withStore'), 3);
  const keys = await (await fetch(`${url}/kept`)).json();
  assert.equal(keys.length, 1);
  assert.match(keys[0], /access_token$/);
});

test('workerd: without ctx, what takes longer than its answer is sent again', LIMIT, async (t) => {
  row(t, 'workerd', 'work that goes on after the answer, without ctx');
  const { sandbox, url } = await started(t, asItIs);
  sandbox.addTrial();
  sandbox.pushTo(`${url}/push-without-ctx`);
  assert.equal((await sandbox.push({ kind: 'unauthorized' })).status, 500);
  assert.deepEqual(await (await fetch(`${url}/said`)).json(), [['CONFIGURATION', 'host']]);
});

test('the entry for edge-light, with the module by the name that it has there', LIMIT, async (t) => {
  row(t, 'edge-light, in workerd', 'round trip');
  const { sandbox, call } = await started(t, () => bundled(t, ['edge-light', 'browser'], 'core.wasm?module'));
  const { authToken } = sandbox.addPerson({ realName: '䶮', credentialId: NUMBER });
  assert.equal((await call('withSecret/getRealNameInfo', { authToken })).body.realName, '䶮');
});

test('workerd: files under a password are refused with the reason', LIMIT, async (t) => {
  row(t, 'workerd', 'key files under a password are refused');
  const { call } = await started(t, asItIs);
  const { mchId, certificate, files } = JSON.parse(fs.readFileSync(keyFiles, 'utf8'));
  // `asks`: the option that needs what is not there.
  for (const [field, asks] of [['p12', 'p12'], ['privateKey', 'password']]) {
    const { file, password } = files.find((one) => one.field === field && one.password !== null && one.refused === null);
    const { body } = await call('openMerchant', { mchId, [field]: file, password, ...(field !== 'p12' && { certificate }) });
    assert.deepEqual([body.isOurs, body.code, body.field], [true, 'CONFIGURATION', asks]);
    assert.match(body.message, /files under a password are read .* only; make PEM of it: openssl/);
  }
});

test('workerd: the module computes, and an engine that is not there is refused', LIMIT, async (t) => {
  row(t, 'workerd', 'no node:crypto to compute with');
  const { call } = await started(t, asItIs);
  const [{ pkcs8: privateKey, certificate }] = vectors;
  const { body } = await call('openMerchant', { mchId: '1900006511', privateKey, certificate, engine: 'host' });
  assert.deepEqual([body.isOurs, body.code, body.field], [true, 'CONFIGURATION', 'engine']);
});

/** A worker, the sandbox that it calls, and the gate between them. */
async function started(t, modules, date) {
  const sandbox = await startSandbox();
  t.after(() => sandbox.close());
  const gate = await gateTo(t, sandbox);
  const { accessToken, appId, appSecret, merchant } = sandbox;
  const { token, encodingAesKey, componentAppId } = sandbox.platform;
  const { componentAppSecret } = sandbox.platform;
  const env = { baseUrl: gate.url, accessToken, appId, appSecret, ...merchant, token, encodingAesKey, componentAppId };
  env.componentAppSecret = componentAppSecret;
  const { url, said } = await startWorker(t, await modules(t), env, date);
  const call = async (where, params) => {
    const response = await fetch(`${url}/${where}`, { method: 'POST', body: JSON.stringify(params) });
    return { status: response.status, body: await response.json() };
  };
  /** How many there are, or the code of the refusal. */
  const getCategories = async (client = 'withSecret') => {
    const { status, body } = await call(`${client}/getCategory`, {});
    return status === 200 ? body.categories.length : (body.errcode ?? body.code);
  };
  return { sandbox, gate, url, said, call, getCategories };
}

/** What becomes of the pushes to a worker. */
function receiver({ sandbox, url }) {
  sandbox.addTrial();
  sandbox.pushTo(`${url}/push`);
  const push = async (order) => {
    const { status, body } = await sandbox.push(order);
    return [status, body];
  };
  return { sandbox, url, push, acted: async () => (await fetch(`${url}/acted`)).json() };
}

/** Stands before the sandbox, and can keep a request for a token waiting. */
async function gateTo(t, sandbox) {
  let opened = Promise.resolve();
  let open;
  let drop;
  const asked = { count: 0, tell: () => undefined };
  const server = http.createServer(async (incoming, outgoing) => {
    const { method, url } = incoming;
    const body = await text(incoming);
    if (url.startsWith(STABLE_TOKEN)) {
      asked.count += 1;
      asked.tell();
      outgoing.on('close', () => outgoing.writableEnded || drop?.());
      await opened;
    }
    const reply = await fetch(sandbox.baseUrl + url, { method, ...(method === 'POST' && { body }) });
    outgoing.writeHead(reply.status, { 'content-type': 'application/json' }).end(await reply.text());
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.closeAllConnections());
  t.after(() => server.close());
  let told;
  let dropped;
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    /** How often a token was asked for. */
    get asked() {
      return asked.count;
    },
    /** Keeps requests for a token waiting from now on, until `release`. */
    hold() {
      opened = new Promise((resolve) => (open = resolve));
      told = new Promise((resolve) => (asked.tell = resolve));
      dropped = new Promise((resolve) => (drop = resolve));
    },
    /** Until one waits. */
    held: () => told,
    /** Until one that waits is given up. */
    dropped: () => dropped,
    release: () => open(),
    /** Ends every token, so that the next call asks for one. */
    forget: () => sandbox.revokeAccessTokens(),
  };
}
