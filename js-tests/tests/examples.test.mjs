// The back ends of examples/ as they stand, each in a process of its own, asked as its front end would.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { promisify } from 'node:util';

import { startSandbox } from 'wechat-realname/sandbox';
import { backEnds, environment, examples, overheard, placed, SESSION_SECRET, started } from './fixtures/examples.mjs';
import { NUMBER, freePort, row } from './support.mjs';

const run = promisify(execFile);
const person = { realName: '张三', credentialId: NUMBER };

async function opened(t, options) {
  const sandbox = await startSandbox(options);
  t.after(() => sandbox.close());
  return sandbox;
}

for (const [name, start] of Object.entries(backEnds)) {
  test(`${name}: checks and reads a person, and tells the front end no more than it needs`, async (t) => {
    const sandbox = await opened(t);
    const { ask, said, post, headers } = await start(t, name, sandbox);
    const secrets = [NUMBER, sandbox.appSecret, sandbox.accessToken, SESSION_SECRET];
    const texts = [];
    /** A user who agrees; all that is said later must be without their code and token. */
    const agreed = () => {
      const consent = sandbox.addPerson(person);
      secrets.push(consent.code, consent.authToken);
      return consent;
    };
    const answerTo = async (route, fields, openid) => {
      const { answer, text, status } = await ask(route, fields, openid);
      texts.push(text);
      return status === undefined ? answer : { ...answer, status };
    };
    const http = (status) => (post ? { status } : {});

    for (const [realName, credId, matched, verdict] of [
      ['张三', NUMBER, true, 'match'],
      ['李四', NUMBER, false, 'name_mismatch'],
      ['张三', '440524188001010014', false, 'id_mismatch'],
    ]) {
      const { openid, code } = agreed();
      assert.deepEqual(await answerTo('check', { code, realName, credId }, openid), { matched, verdict, ...http(200) });
    }
    const reader = agreed();
    const read = await answerTo('read', { authToken: reader.authToken }, reader.openid);
    assert.deepEqual(read, { name: '张三', lastFour: '002X', ...http(200) });

    // Refusals of WeChat's.
    const { openid } = agreed();
    const fields = { realName: '张三', credId: NUMBER };
    const refused = (action) => ({ code: 'REJECTED', action, ...http(502) });
    assert.deepEqual(await answerTo('check', { ...fields, code: 'sandbox:80113' }, openid), refused('ask_user_again'));
    assert.deepEqual(await answerTo('read', { authToken: 'sandbox:94004' }, openid), refused('stop'));
    assert.match(said(), /80113[^]*94004/, 'its operator can see why');

    // Whose openid it is, WeChat or the session says: another one in the body changes nothing.
    const [one, other] = [agreed(), agreed()];
    const spoofed = { ...fields, code: one.code, openid: one.openid, OPENID: one.openid, userInfo: { openId: one.openid } };
    assert.deepEqual(await answerTo('check', spoofed, other.openid), refused('ask_user_again'));
    const stranger = { code: 'NO_SESSION', ...http(401) };
    assert.deepEqual(await answerTo('check', { ...spoofed, code: agreed().code }), stranger);
    assert.deepEqual(await answerTo('read', { authToken: agreed().authToken }), stranger);

    // What can never be right.
    const wrong = (field) => ({ code: 'INVALID_ARGUMENT', action: 'fix_request', field, ...http(400) });
    assert.deepEqual(await answerTo('check', { ...fields, realName: '', code: agreed().code }, openid), wrong('realName'));
    assert.deepEqual(await answerTo('check', { ...fields, credId: 7, code: agreed().code }, openid), wrong('credId'));
    assert.deepEqual(await answerTo('read', {}, openid), wrong('authToken'));

    if (post) {
      const own = await headers(openid);
      // V8 quotes what it cannot parse in its message.
      for (const body of [`x${NUMBER}`, `{"credId": ${NUMBER}}`, '', `["${'x'.repeat(9000)}"]`]) {
        const { text, status } = await post('check', body, own);
        texts.push(text);
        assert.ok([400, 413].includes(status), `${status} for a body that is no request`);
        assert.match(JSON.parse(text).code, /^(BAD_REQUEST|INVALID_ARGUMENT)$/);
      }
      for (const body of ['null', '[]', '7']) assert.equal((await post('read', body, own)).status, 400);
      assert.equal((await post('else', '{}', own)).status, 404);
    }
    const everything = [said(), ...texts].join('\n');
    for (const secret of secrets) assert.ok(!everything.includes(secret), 'nothing secret is said');
    assert.ok(!said().includes('张三') && !said().includes('李四'), 'no name is logged');
  });
}

for (const name of ['express', 'koa', 'hono']) {
  test(`${name}: a session that was tampered with, or is over, is none`, async (t) => {
    const sandbox = await opened(t);
    const { post, headers } = await backEnds[name](t, name, sandbox);
    const { openid, authToken } = sandbox.addPerson(person);
    const { authorization } = await headers(openid);
    const flipped = (text) => (text.endsWith('A') ? 'B' : 'A');
    const lastWeek = Date.now() - 8 * 24 * 3600 * 1000;
    const past = t.mock.method(Date, 'now', () => lastWeek);
    const over = await headers(openid);
    past.mock.restore();
    for (const forged of [
      over.authorization,
      authorization.replace(/(?<=Bearer ....)./, flipped),
      authorization.replace(/.(?=....$)/, flipped),
      authorization.slice(0, -1),
      openid,
      `Bearer ${openid}`,
      'Bearer ',
    ]) {
      const { status, answer } = await post('read', JSON.stringify({ authToken }), { authorization: forged });
      assert.deepEqual([status, answer], [401, { code: 'NO_SESSION' }]);
    }
    assert.equal((await post('read', JSON.stringify({ authToken }), { authorization })).status, 200);
  });
}

test('express and koa have one and the same session', () => {
  const [one, other] = ['express', 'koa'].map((name) => fs.readFileSync(path.join(examples, name, 'session.mjs'), 'utf8'));
  assert.equal(one, other);
});

test('cloudbase-http-function and cloud-run are started as their hosts start them', async (t) => {
  const file = path.join(examples, 'cloudbase-http-function/scf_bootstrap');
  assert.equal(fs.readFileSync(file, 'utf8'), '#!/bin/bash\nexec node index.js\n');
  const docker = fs.readFileSync(path.join(examples, 'cloud-run/Dockerfile'), 'utf8');
  const made = placed(t, 'cloud-run');
  for (const [, copied] of docker.matchAll(/^COPY (\S+) /gm)) assert.ok(fs.existsSync(path.join(made, copied)), copied);
  const [, program, script] = docker.match(/^CMD \["(\w+)", "([\w.]+)"\]$/m);
  assert.equal(program, 'node');
  // Windows knows neither the permission to execute nor SIGTERM.
  if (process.platform === 'win32') return t.diagnostic('left out on Windows: scf_bootstrap’s mode, cloud-run’s end');
  assert.equal(fs.statSync(file).mode & 0o111, 0o111);
  const { child } = await started(t, made, [script], environment(await opened(t)));
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});

test('native: checks and reads a person, and names nobody', async (t) => {
  row(t, 'Rust, natively', 'examples/native');
  const program = process.env.NATIVE_EXAMPLE;
  assert.ok(program, 'NATIVE_EXAMPLE must name what `cargo build --example native --features os-entropy` made');
  const sandbox = await opened(t);
  const { openid, code, authToken } = sandbox.addPerson(person);
  const env = environment(sandbox);
  Object.assign(env, { OPENID: openid, CODE: code, AUTH_TOKEN: authToken, REAL_NAME: '张三', CRED_ID: NUMBER });
  assert.equal((await run(program, ['check'], { env })).stdout, 'matched: true, Match\n');
  assert.equal((await run(program, ['read'], { env })).stdout, '张*, …002X\n');
  for (const [word, changed, expected] of [
    ['check', { CODE: 'sandbox:80113' }, /80113/],
    ['check', {}, /80113/], // the code is spent
    ['read', { AUTH_TOKEN: 'sandbox:94004' }, /94004/],
    ['read', { AUTH_TOKEN: 'sandbox:html-502' }, /502/],
    ['read', { AUTH_TOKEN: undefined }, /no AUTH_TOKEN/],
    ['read', { WECHAT_BASE_URL: 'https://example.com' }, /baseUrl/],
    ['check', { WECHAT_BASE_URL: 'http://127.0.0.1:1' }, /network/],
    ['else', {}, /usage/],
  ]) {
    const { code, stdout, stderr } = await run(program, [word], { env: { ...env, ...changed } }).catch((error) => error);
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, expected);
    for (const secret of [NUMBER, '张三', authToken, sandbox.appSecret, sandbox.accessToken]) assert.ok(!stderr.includes(secret));
  }
});

test('platform: a client sees a trial mini program become a full one', async (t) => {
  const sandbox = await opened(t, { forms: '2026' });
  const made = placed(t, 'platform');
  const [[appId, { company }]] = Object.entries(JSON.parse(fs.readFileSync(path.join(made, 'clients.json'), 'utf8')));
  const password = 'canary of a client';
  fs.writeFileSync(path.join(made, 'clients.json'), JSON.stringify({ [appId]: { password, company } }));
  const { componentAppId, componentAppSecret, token, encodingAesKey } = sandbox.platform;
  const env = { ...environment(sandbox), COMPONENT_APP_ID: componentAppId, COMPONENT_APP_SECRET: componentAppSecret };
  const platform = { ...env, PUSH_TOKEN: token, ENCODING_AES_KEY: encodingAesKey };
  const { url, said } = await started(t, made, ['server.mjs'], platform);

  const basic = (words) => ({ authorization: `Basic ${Buffer.from(words).toString('base64')}` });
  const own = basic(`${appId}:${password}`);
  const visit = (route, headers, method = 'GET') => fetch(`${url}${route}`, { method, headers, redirect: 'manual' });
  for (const headers of [{}, basic(appId), basic(`${appId}:wrong`), basic(`wx0:${password}`), basic('__proto__:')]) {
    assert.equal((await visit('/', headers)).status, 401);
  }
  const page = async () => (await visit('/', own)).text();
  assert.match(await page(), /等待授权/);

  sandbox.pushTo(`${url}/push`);
  sandbox.addTrial({ appId, enterpriseName: company.enterpriseName, code: company.code });
  assert.equal((await sandbox.push({ kind: 'ticket' })).body, 'success');
  assert.equal((await sandbox.push({ kind: 'authorized', appId })).body, 'success');
  await sandbox.settle();
  const waiting = await page();
  assert.match(waiting, /等待法定代表人确认/);
  assert.match(waiting, /<a class="link" href="https:/);
  assert.doesNotMatch(waiting, /重新发起<\/button>/);

  // A button that is not there, pressed all the same; and pressed from another site.
  const calls = () => sandbox.requests.filter(({ path }) => path.endsWith('/verifybetaweapp')).length;
  const press = (site) => visit('/verify', { ...own, 'sec-fetch-site': site }, 'POST');
  assert.equal((await press('same-origin')).status, 303);
  assert.equal((await press('cross-site')).status, 403);
  assert.equal(calls(), 1);

  // It fails, and the push does not say whose it was.
  await sandbox.verification(appId, 'legal_person_checks_id');
  assert.equal((await sandbox.push({ kind: 'beta', status: 103, omitAppId: true })).body, 'success');
  assert.match(await page(), /尚未转正[^]*法定代表人姓名不一致[^]*重新发起<\/button>/);
  // It is WeChat that knows the task as under way: the refusal is seen, too.
  assert.equal((await press('same-origin')).status, 303);
  assert.equal(calls(), 2);
  assert.match(await page(), /等待法定代表人确认/);

  // The owner takes the consent back.
  assert.equal((await sandbox.push({ kind: 'unauthorized', appId })).body, 'success');
  for (const secret of [password, componentAppSecret, token, encodingAesKey, company.enterpriseName, company.code]) {
    assert.ok(!said().includes(secret), 'nothing secret is said');
  }
});

test('platform: try.mjs goes from the consent to the end', async (t) => {
  const made = placed(t, 'platform');
  const PORT = String(await freePort());
  const child = spawn(process.execPath, ['try.mjs'], { cwd: made, env: { ...process.env, PORT }, stdio: 'pipe' });
  const said = overheard(t, child);
  const [[appId, { password }]] = Object.entries(JSON.parse(fs.readFileSync(path.join(made, 'clients.json'), 'utf8')));
  const headers = { authorization: `Basic ${Buffer.from(`${appId}:${password}`).toString('base64')}` };
  let steps = 0;
  for (const state of ['等待授权', '等待法定代表人确认', '等待法定代表人确认', '等待法定代表人确认', '等待管理员确认', '已转正']) {
    steps += 1;
    while ((said().match(/Enter/g) ?? []).length < steps && child.exitCode === null) await once(child.stdout, 'data');
    assert.match(await (await fetch(`http://127.0.0.1:${PORT}/`, { headers })).text(), new RegExp(state));
    child.stdin.write('\n');
  }
  await once(child, 'exit');
});

test('try.mjs: any example runs without WeChat, and the lines that it prints work', async (t) => {
  const made = placed(t, 'express');
  fs.copyFileSync(path.join(examples, 'try.mjs'), path.join(made, '../try.mjs'));
  const words = ['../try.mjs', process.execPath, 'server.mjs'];
  const child = spawn(process.execPath, words, { cwd: made, env: { ...process.env, PORT: '0' }, stdio: 'pipe' });
  const said = overheard(t, child);
  while (!/listening on \d+/.test(said())) await once(child.stdout, 'data');
  const [, port] = said().match(/listening on (\d+)/);
  const lines = [...said().matchAll(/^curl -H '(.*?): (.*?)' -H '(.*?): (.*?)' -d '(.*)' localhost:0\/([\w-]+)$/gm)];
  const answers = [];
  for (const [, name, value, other, its, body, route] of lines) {
    const init = { method: 'POST', headers: { [name]: value, [other]: its }, body };
    answers.push(await (await fetch(`http://127.0.0.1:${port}/${route}`, init)).json());
  }
  const [check, read, { verifyId }, finish] = answers;
  assert.deepEqual([check, read], [{ matched: true, verdict: 'match' }, { name: '张三', lastFour: '002X' }]);
  assert.equal(typeof verifyId, 'string');
  assert.deepEqual(finish, { passed: true, verdict: 'passed' });
  child.kill();
  await once(child, 'exit');
  assert.ok(!fs.existsSync(path.join(made, 'apiclient_cert.pem')), 'the certificate it lent is taken back');
});
