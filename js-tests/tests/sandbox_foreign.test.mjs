// The sandbox with clients that nobody here wrote: curl, openssl and iconv, and an SDK of WeChat's interfaces.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import path from 'node:path';
import test from 'node:test';
import { promisify } from 'node:util';

import easywechat from 'node-easywechat';
import { startSandbox } from 'wechat-realname/sandbox';
import { blocks } from './documents.mjs';
import { NUMBER, fixtures, folder, row } from './support.mjs';

const { CacheInterface, MiniApp, OpenPlatform, ServerRequest } = easywechat;

const run = promisify(execFile);
const there = (program) => {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** Its own keeps tokens in files that outlive the sandbox. */
class InMemory extends CacheInterface {
  kept = new Map();
  get = async (key) => this.kept.get(key);
  set = async (key, value) => Boolean(this.kept.set(key, value));
  has = async (key) => this.kept.has(key);
  delete = async (key) => this.kept.delete(key);
}

/** An application of the SDK that calls the sandbox. */
function application(Application, { baseUrl }, config) {
  const app = new Application({ ...config, http: { baseURL: `${baseUrl}/` } });
  return app.setCache(new InMemory());
}

test('curl, openssl and iconv, as in WeChat’s document', async (t) => {
  row(t, 'curl, openssl, iconv', 'a real name from the sandbox');
  // The document's commands are those of Linux: base64 elsewhere has no -w.
  if (process.platform !== 'linux' || !['curl', 'iconv'].every(there)) return t.skip('no Linux, curl or iconv here');
  const sandbox = await startSandbox();
  t.after(() => sandbox.close());
  const { stdout } = await run('sh', [path.join(fixtures, 'sandbox.sh'), sandbox.baseUrl, folder(t)]);
  assert.equal(stdout, `欧阳震华\n${NUMBER}\n`);
  const { interface: name, errcode, why } = sandbox.requests.at(-1);
  assert.deepEqual([name, errcode, why], ['getRealNameInfo', 0, 'the signature is right, and the user agreed']);
});

test('curl, with the lines of the guide', async (t) => {
  if (!there('curl')) return t.skip('no curl here');
  const sandbox = await startSandbox();
  t.after(() => sandbox.close());
  const lines = blocks('docs/en/testing.md', 'sh').find((block) => block.includes('/sandbox/people')).trim().split('\n');
  const shell = (line) => run('sh', ['-c', line.replace('http://127.0.0.1:8090', sandbox.baseUrl)], { cwd: folder(t) });
  const answers = [];
  for (const line of lines) answers.push((await shell(`${line} --silent --fail --noproxy '*'`)).stdout);
  const [ready, , person, faults, clock, requests] = answers.map((answer) => (answer === '' ? '' : JSON.parse(answer)));
  assert.deepEqual([ready.appId, typeof person.authToken, faults.faults.length], [sandbox.appId, 'string', 1]);
  assert.ok(clock.now > Date.now() / 1000 + 86_000 && requests.requests.length === 0);
  assert.deepEqual(sandbox.faults(), []);
});

test('node-easywechat: a mini program’s tokens, old and stable', async (t) => {
  row(t, 'node-easywechat 3', 'tokens of a mini program');
  const sandbox = await startSandbox();
  t.after(() => sandbox.close());
  const other = sandbox.addMiniProgram();
  for (const { appId, appSecret } of [sandbox, other]) {
    for (const stable of [true, false]) {
      const config = { app_id: appId, secret: appSecret, use_stable_access_token: stable };
      const app = application(MiniApp, sandbox, config);
      const reply = await app.getClient().get('/wxa/get_category');
      assert.equal(reply.toObject().category_list.length, 3);
    }
  }
  assert.deepEqual(
    sandbox.requests.map((one) => one.interface),
    [1, 2].flatMap(() => ['getStableAccessToken', 'getCategory', 'getAccessToken', 'getCategory']),
  );
  const wrong = application(MiniApp, sandbox, { app_id: sandbox.appId, secret: 'canary' });
  await assert.rejects(wrong.getAccessToken().refresh(), /40125/);
});

test('node-easywechat: a platform from the ticket to a verification', async (t) => {
  row(t, 'node-easywechat 3', 'a platform, from the ticket to a verification');
  const sandbox = await startSandbox();
  t.after(() => sandbox.close());
  const { componentAppId, componentAppSecret, token, encodingAesKey } = sandbox.addPlatform();
  const config = { app_id: componentAppId, secret: componentAppSecret, token, aes_key: encodingAesKey };
  const app = application(OpenPlatform, sandbox, config);
  const events = [];
  const receiver = http.createServer(async (incoming, outgoing) => {
    app.setRequest(await ServerRequest.createFromIncomingMessage(incoming));
    // One that has served a request would check the next one by the first one's query.
    const server = app.setServer(null).getServer();
    server.with((message, next) => {
      events.push(message.toObject());
      return next(message);
    });
    const reply = await server.serve();
    outgoing.end(reply.getBody().toString());
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  t.after(() => receiver.close());
  sandbox.pushTo(`http://127.0.0.1:${receiver.address().port}/`, componentAppId);
  assert.deepEqual((await sandbox.push({ kind: 'ticket', componentAppId })).body, 'success');

  const company = { enterpriseName: '测试公司', code: '91110105MA00000012', componentPhone: '13800000000' };
  const { appId, authorizationCode } = sandbox.addTrial({ ...company, componentAppId, permissionSets: [1, 81] });
  const authorization = await app.getAuthorization(authorizationCode);
  assert.equal(authorization.getAppId(), appId);
  const renewed = await app.refreshAuthorizerToken(appId, authorization.getRefreshToken());
  const mini = app.getMiniAppWithAccessToken(appId, renewed.authorizer_access_token);
  const verify_info = { enterprise_name: company.enterpriseName, code: company.code, component_phone: company.componentPhone };
  const reply = await mini.getClient().postJson('/wxa/verifybetaweapp', { verify_info, new_version: true });
  assert.equal(reply.toObject().errcode, 0);
  await sandbox.verification(appId, 'ends_with', 3);
  const { status, InfoType, appid } = events.at(-1);
  assert.deepEqual([String(status), InfoType, appid], ['3', 'notify_third_fastverifybetaapp', appId]);
  assert.deepEqual(sandbox.pushes.at(-1).answered, { status: 200, body: 'success' });
});
