// The sandbox under control: latency, faults, clock and reset; over HTTP from any language; and not from a page of the web.
import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';
import test from 'node:test';

import { createClient, openMerchant } from 'wechat-realname';
import { startSandbox } from 'wechat-realname/sandbox';
import { NUMBER, failure, sandboxed } from './support.mjs';

/** The sandbox's control over HTTP: what it says to a request. */
function controlOf({ baseUrl }) {
  return async (method, path, body) => {
    const init = { method, ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }) };
    const reply = await fetch(`${baseUrl}/sandbox${path}`, init);
    const text = await reply.text();
    const isJson = reply.headers.get('content-type') === 'application/json';
    return { status: reply.status, headers: reply.headers, body: isJson ? JSON.parse(text) : text };
  };
}

/** A request with headers that fetch would not send. */
function asked({ baseUrl }, path, headers, method = 'GET') {
  const { port } = new URL(baseUrl);
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (reply) => {
      reply.resume();
      reply.on('end', () => resolve(reply));
    });
    request.on('error', reject);
    request.end();
  });
}

const took = async (work) => {
  const began = Date.now();
  const result = await work();
  return { ms: Date.now() - began, result };
};

test('answers take as long as they were told to, and closing waits for none of them', async (t) => {
  const { sandbox, client } = await sandboxed(t);
  await client.getCategory();
  sandbox.setLatency(300);
  assert.ok((await took(() => client.getCategory())).ms >= 300);
  assert.ok(sandbox.requests.at(-1).durationMs >= 299);
  sandbox.setLatency({ min: 50, max: 60 });
  assert.ok((await took(() => client.getCategory())).ms >= 50);
  // The control does not wait.
  sandbox.setLatency(60_000);
  const { ms, result } = await took(() => controlOf(sandbox)('GET', '/latency'));
  assert.deepEqual([ms < 5000, result.body], [true, { min: 60_000, max: 60_000 }]);
  const pending = failure(client.getCategory());
  while (sandbox.requests.length < 4) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.ok((await took(() => sandbox.close())).ms < 5000);
  assert.equal((await pending).code, 'NETWORK');
  for (const latency of [-1, NaN, '5', null, 600_001, { min: 2, max: 1 }, { min: 1 }, undefined]) {
    assert.throws(() => sandbox.setLatency(latency), { code: 'INVALID_ARGUMENT', field: 'latency' });
  }
  await assert.rejects(startSandbox({ latency: -1 }), { code: 'CONFIGURATION', field: 'latency' });
});

test('the next two calls fail, then it works', async (t) => {
  const { sandbox, client } = await sandboxed(t, { timeoutMs: 400, retries: 0 });
  sandbox.fault({ interface: 'getCategory', outcome: -1, times: 2 });
  assert.deepEqual(sandbox.faults(), [{ interface: 'getCategory', outcome: '-1', times: 2 }]);
  for (let call = 0; call < 2; call++) assert.equal((await failure(client.getCategory())).errcode, -1);
  await client.getCategory();
  const { why } = sandbox.requests.find(({ errcode }) => errcode === -1);
  assert.equal(why, 'the test set a fault with this errcode');
  assert.deepEqual(sandbox.faults(), []);

  const person = () => sandbox.addPerson({ realName: '张三', credentialId: NUMBER });
  const check = () => {
    const { openid, code } = person();
    return client.checkRealNameInfo({ openid, realName: '张三', credId: NUMBER, code });
  };
  sandbox.fault({ interface: '/intp/realname/checkrealnameinfo', outcome: 'reset', after: 1 });
  assert.equal((await check()).matched, true);
  assert.equal((await failure(check())).code, 'NETWORK');
  assert.equal((await check()).matched, true);
  sandbox.fault({ interface: 'checkrealnameinfo', outcome: 'V_OP_NM_UM' });
  assert.equal((await check()).verdict, 'name_mismatch');
  sandbox.fault({ interface: 'getRealNameInfo', outcome: 'junk' });
  assert.equal((await failure(client.getRealNameInfo({ authToken: person().authToken }))).code, 'DECRYPTION_FAILED');
  sandbox.fault({ outcome: 'html-502', times: 100 });
  assert.equal((await failure(check())).code, 'HTTP_STATUS');
  sandbox.clearFaults();
  assert.equal((await check()).matched, true);
  for (const [fault, field] of [
    [undefined, 'fault'],
    [{}, 'outcome'],
    [{ outcome: 'broken' }, 'outcome'],
    [{ outcome: -1, interface: 'nothing' }, 'interface'],
    [{ outcome: -1, times: 0 }, 'times'],
    [{ outcome: -1, times: '2' }, 'times'],
    [{ outcome: -1, after: -1 }, 'after'],
  ]) {
    assert.throws(() => sandbox.fault(fault), { code: 'INVALID_ARGUMENT', field }, field);
  }
});

test('the clock is set, and every answer’s Date goes by it', async (t) => {
  const { sandbox } = await sandboxed(t);
  const dateOf = async (path) => Date.parse((await fetch(`${sandbox.baseUrl}${path}`)).headers.get('date')) / 1000;
  assert.ok(Math.abs((await dateOf('/sandbox')) - Date.now() / 1000) < 5);
  sandbox.clock.set(1_700_000_000);
  for (const path of ['/sandbox', '/wxa/get_category?access_token=x', '/nothing']) {
    assert.ok(Math.abs((await dateOf(path)) - 1_700_000_000) < 5, path);
  }
  sandbox.clock.advance(-3600);
  assert.ok(Math.abs(sandbox.clock.now() - 1_699_996_400) < 5);
  for (const seconds of [-1, 1.5, 2 ** 32, '5', NaN]) {
    assert.throws(() => sandbox.clock.set(seconds), { code: 'INVALID_ARGUMENT', field: 'seconds' });
  }
  assert.throws(() => sandbox.clock.advance(2 ** 32), { field: 'seconds' });
});

test('a reset leaves the port, the token and nothing else', async (t) => {
  const { sandbox, client } = await sandboxed(t);
  const { authToken } = sandbox.addPerson({ realName: '张三', credentialId: NUMBER });
  const other = sandbox.addMiniProgram();
  const token = sandbox.issueAccessToken(other.appId);
  await client.getRealNameInfo({ authToken });
  sandbox.makePush({ kind: 'ticket' });
  sandbox.addTrial();
  sandbox.setEncodingAesKey('a'.repeat(43));
  sandbox.setOnly2026Form(true);
  sandbox.pushTo('http://127.0.0.1:9/');
  await sandbox.push({ kind: 'unknown' });
  sandbox.fault({ outcome: -1, times: 9 });
  sandbox.setLatency(60_000);
  sandbox.clock.advance(1_000_000);
  const { requests, pushes, baseUrl } = sandbox;
  assert.deepEqual([requests.length, pushes.length], [1, 1]);

  sandbox.reset();
  assert.deepEqual([sandbox.requests, sandbox.pushes, sandbox.faults()], [[], [], []]);
  assert.ok(Math.abs(sandbox.clock.now() - Date.now() / 1000) < 5);
  assert.equal((await failure(client.getRealNameInfo({ authToken }))).errcode, 94005);
  const stranger = createClient({ baseUrl, accessToken: token });
  assert.equal((await failure(stranger.getCategory())).errcode, 40001);
  await assert.rejects(sandbox.push({ kind: 'ticket' }), { field: 'url' });
  assert.throws(() => sandbox.issueAccessToken(other.appId), { code: 'INVALID_ARGUMENT', field: 'appId' });
  await client.getCategory();
});

test('mini programs, merchants and platforms beside the ready ones', async (t) => {
  const { sandbox, client } = await sandboxed(t);
  const { baseUrl } = sandbox;
  const { appId, appSecret } = sandbox.addMiniProgram();
  assert.match(`${appId} ${appSecret}`, /^wx[0-9a-f]{16} [0-9a-f]{32}$/);
  const other = createClient({ baseUrl, appId, appSecret, merchant: openMerchant(sandbox.merchant) });
  const { authToken } = sandbox.addPerson({ appId, realName: '张三', credentialId: NUMBER });
  assert.equal((await other.getRealNameInfo({ authToken })).realName, '张三');
  assert.equal((await failure(client.getRealNameInfo({ authToken }))).errcode, 94005);
  assert.match(sandbox.requests.at(-1).why, /another mini program/);
  const { mchId, certificate } = sandbox.merchant;
  sandbox.addMerchant({ mchId, certificate, appId: sandbox.appId });
  assert.equal((await failure(other.getRealNameInfo({ authToken }))).errcode, 94007);
  const { componentAppId, token, encodingAesKey } = sandbox.addPlatform({ token: 'canary' });
  assert.deepEqual([token, encodingAesKey.length], ['canary', 43]);

  // Each platform has a URL of its own, or that of all.
  const seen = [];
  const server = http.createServer((incoming, outgoing) => {
    seen.push(incoming.url.split('?')[0]);
    outgoing.end('success');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const url = (path) => `http://127.0.0.1:${server.address().port}${path}`;
  sandbox.pushTo(url('/all'));
  await sandbox.push({ kind: 'ticket', componentAppId });
  sandbox.pushTo(url('/own'), componentAppId);
  await sandbox.push({ kind: 'ticket', componentAppId });
  await sandbox.push({ kind: 'ticket' });
  assert.deepEqual(seen, ['/all', '/own', '/all']);
  assert.deepEqual(sandbox.pushes.map((push) => push.componentAppId).slice(1), [componentAppId, sandbox.platform.componentAppId]);
});

test('all of it over HTTP, by the same names', async (t) => {
  const { sandbox, client } = await sandboxed(t);
  const ask = controlOf(sandbox);
  const said = async (...words) => {
    const { status, body } = await ask(...words);
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  };
  const ready = await said('GET', '');
  for (const name of ['appId', 'accessToken', 'platform', 'medicalKeys']) assert.deepEqual(ready[name], sandbox[name]);
  assert.match(ready.merchant.certSerialNo, /^[0-9A-F]{40}$/);
  for (const link of ready.links) assert.notEqual((await fetch(link)).status, 404, link);
  assert.equal((await ask('GET', '/merchant/key.pem')).body, sandbox.merchant.privateKey);
  assert.equal((await ask('GET', '/merchant/certificate.pem')).body, sandbox.merchant.certificate);

  const mini = await said('POST', '/mini-programs', {});
  const person = { appId: mini.appId, openid: 'o1', realName: '张三', credentialId: NUMBER, weChatPay: null };
  const { authToken, code, openid } = await said('POST', '/people', person);
  assert.deepEqual([typeof code, openid], ['string', 'o1']);
  const { accessToken } = await said('POST', '/access-tokens', { appId: mini.appId });
  const other = createClient({ baseUrl: ready.baseUrl, accessToken, merchant: openMerchant(ready.merchant) });
  assert.equal((await other.getRealNameInfo({ authToken })).realName, '张三');
  await said('DELETE', '/access-tokens', { appId: mini.appId });
  assert.equal((await failure(other.getCategory())).errcode, 40001);
  await said('POST', '/merchants', { mchId: '1', certificate: ready.merchant.certificate, bound: false });

  await said('POST', '/clock', { set: 1_700_000_000 });
  assert.ok(Math.abs((await said('POST', '/clock', { advance: 100 })).now - 1_700_000_100) < 5);
  assert.deepEqual(await said('POST', '/latency', { ms: 5 }), { min: 5, max: 5 });
  assert.deepEqual(await said('POST', '/latency', { min: 1, max: 2 }), { min: 1, max: 2 });
  const fault = { interface: 'getCategory', outcome: '45009', times: 1 };
  assert.deepEqual(await said('POST', '/faults', fault), { faults: [fault] });
  assert.equal((await failure(client.getCategory())).errcode, 45009);
  await said('POST', '/faults', { outcome: '-1' });
  await said('DELETE', '/faults');
  assert.deepEqual(await said('GET', '/faults'), { faults: [] });

  const platform = await said('POST', '/platforms', { token: 'canary' });
  const { componentAppId } = platform;
  const { appId } = await said('POST', '/trials', { componentAppId, permissionSets: [81], legalPersonaName: '夏侯' });
  await said('POST', '/encoding-aes-key', { encodingAesKey: 'a'.repeat(43), componentAppId });
  await said('POST', '/forms', { only2026: true });
  const { query, body } = await said('POST', '/make-push', { kind: 'beta', componentAppId, appId, status: 101 });
  assert.ok(query.msg_signature && body.includes('<Encrypt>'));
  await said('POST', '/push-url', { url: 'http://127.0.0.1:9/' });
  const delivery = await said('POST', '/push', { kind: 'ticket', retries: 1 });
  assert.equal(delivery.status, 0);
  await said('POST', '/push-url', { url: null });
  assert.equal((await ask('POST', '/push', { kind: 'ticket' })).body.error.field, 'url');
  await said('POST', '/settle');
  assert.equal((await said('GET', '/pushes')).pushes.length, 2);
  await said('DELETE', '/pushes');
  assert.deepEqual((await said('GET', '/pushes')).pushes, []);
  const step = { appId, step: 'legal_person_checks_id' };
  assert.equal((await ask('POST', '/verifications', step)).body.error.field, 'step');
  const { requests } = await said('GET', '/requests');
  assert.deepEqual(requests.map((one) => one.interface), ['getRealNameInfo', 'getCategory', 'getCategory']);
  assert.doesNotMatch(JSON.stringify(requests), /张三|夏侯|canary/);
  await said('DELETE', '/requests');
  assert.equal(sandbox.requests.length, 0);
  assert.equal((await said('POST', '/reset')).appId, sandbox.appId);
  assert.deepEqual(await said('GET', '/latency'), { min: 0, max: 0 });
});

test('a verification over HTTP', async (t) => {
  const { sandbox } = await sandboxed(t);
  const ask = controlOf(sandbox);
  const { componentAppId: component_appid, componentAppSecret: component_appsecret } = sandbox.platform;
  const company = { enterpriseName: '测试公司', code: '91110105MA00000012', componentPhone: '13800000000' };
  const { appId, authorizationCode } = (await ask('POST', '/trials', company)).body;
  const post = async (target, body) => (await fetch(`${sandbox.baseUrl}${target}`, { method: 'POST', body: JSON.stringify(body) })).json();
  let component_verify_ticket;
  const server = http.createServer(async (incoming, outgoing) => {
    let body = '';
    for await (const chunk of incoming) body += chunk;
    const { openPushChannel } = await import('wechat-realname');
    const { token, encodingAesKey } = sandbox.platform;
    const { msg_signature: msgSignature, timestamp, nonce } = Object.fromEntries(new URL(incoming.url, 'http://x').searchParams);
    const event = openPushChannel({ token, encodingAesKey, appId: component_appid }).open({ msgSignature, timestamp, nonce, body });
    component_verify_ticket ??= event.componentVerifyTicket;
    outgoing.end('success');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  await ask('POST', '/push-url', { url: `http://127.0.0.1:${server.address().port}/` });
  assert.equal((await ask('POST', '/push', { kind: 'ticket' })).body.body, 'success');
  const component = await post('/cgi-bin/component/api_component_token', { component_appid, component_appsecret, component_verify_ticket });
  const target = `/cgi-bin/component/api_query_auth?component_access_token=${component.component_access_token}`;
  const { authorization_info: info } = await post(target, { component_appid, authorization_code: authorizationCode });
  const verify_info = { enterprise_name: company.enterpriseName, code: company.code, component_phone: company.componentPhone };
  const accepted = await post(`/wxa/verifybetaweapp?access_token=${info.authorizer_access_token}`, { verify_info, new_version: true });
  assert.equal(accepted.errcode, 0);
  for (const step of ['legal_person_checks_id', 'legal_person_checks_face']) {
    assert.equal((await ask('POST', '/verifications', { appId, step })).status, 200);
  }
  assert.equal((await ask('POST', '/verifications', { appId, step: 'register_answers', status: 101 })).status, 200);
  assert.deepEqual(sandbox.pushes.at(-1).status, 101);
});

test('what is asked wrongly over HTTP is told with the field', async (t) => {
  const { sandbox } = await sandboxed(t);
  const ask = controlOf(sandbox);
  for (const [method, path, body, status, field] of [
    ['POST', '/people', { realName: '夏侯' }, 400, 'credentialId'],
    ['POST', '/people', { real_name: '夏侯' }, 400, 'real_name'],
    ['POST', '/people', { '夏侯 canary': 1 }, 400, 'body'],
    ['POST', '/people', { openid: { a: [1] } }, 400, 'openid'],
    ['POST', '/people', '{"realName": "夏侯canary', 400, 'body'],
    ['POST', '/people', '[]', 400, 'body'],
    ['POST', '/people', { phone: '+canary' }, 400, 'phone'],
    ['POST', '/faces', {}, 400, 'verifyId'],
    ['POST', '/faces', { verifyId: 'canary', verifyRet: 'canary' }, 400, 'verifyRet'],
    ['POST', '/medical-keys', { key: 'canary' }, 400, 'keyVersion'],
    ['POST', '/medical-keys', { keyVersion: 1, key: 'canary' }, 400, 'key'],
    ['POST', '/merchants', {}, 400, 'mchId'],
    ['POST', '/clock', {}, 400, 'advance'],
    ['POST', '/clock', { advance: 1, set: 1 }, 400, 'advance'],
    ['POST', '/clock', { set: '1' }, 400, 'seconds'],
    ['POST', '/latency', {}, 400, 'latency'],
    ['POST', '/latency', { ms: 1, min: 1 }, 400, 'ms'],
    ['POST', '/faults', { outcome: 'canary' }, 400, 'outcome'],
    ['POST', '/push-url', {}, 400, 'url'],
    ['POST', '/push-url', { url: 'http://canary.example/' }, 400, 'url'],
    ['POST', '/push', { kind: 'canary' }, 400, 'kind'],
    ['POST', '/forms', {}, 400, 'only2026'],
    ['POST', '/encoding-aes-key', { encodingAesKey: 5 }, 400, 'encodingAesKey'],
    ['POST', '/verifications', { appId: 'wxcanary', step: 'x' }, 400, 'step'],
    ['POST', '/trials', { permissionSets: 'canary' }, 400, 'permissionSets'],
    ['PUT', '/people', {}, 405, 'method'],
    ['GET', '/people', undefined, 405, 'method'],
    ['GET', '/no/such/canary', undefined, 404, 'path'],
    ['GET', '/__proto__', undefined, 404, 'path'],
  ]) {
    const { status: got, body: said, headers } = await ask(method, path, body);
    assert.deepEqual([got, said.error.field], [status, field], `${method} ${path} ${JSON.stringify(said)}`);
    assert.doesNotMatch(JSON.stringify(said), /canary|夏侯/);
    assert.ok(said.error.code && said.error.message.length > 10);
    assert.equal(headers.get('allow') !== null, status === 405);
  }
});

test('a page of the web reaches nothing of it', async (t) => {
  const { sandbox } = await sandboxed(t);
  const { host } = new URL(sandbox.baseUrl);
  const port = host.split(':')[1];
  for (const path of ['/sandbox', '/sandbox/reset', '/cgi-bin/stable_token', '/nothing']) {
    for (const method of ['GET', 'POST']) {
      for (const headers of [
        { host: 'evil.example' },
        { host: `evil.example:${port}` },
        { host: `127.0.0.1.evil.example:${port}` },
        { host, origin: 'https://evil.example' },
        { host, origin: 'http://localhost.evil.example' },
        { host, origin: 'null' },
        { host, 'sec-fetch-site': 'cross-site' },
      ]) {
        const reply = await asked(sandbox, path, headers, method);
        assert.equal(reply.statusCode, 403, JSON.stringify(headers));
        assert.equal(reply.headers['access-control-allow-origin'], undefined);
      }
    }
  }
  // Of WeChat's paths the list has them, with the reason.
  assert.equal(sandbox.requests.length, 2 * 2 * 7);
  assert.match(sandbox.requests.at(-1).why, /another site/);
  for (const headers of [{ host }, { host: `localhost:${port}` }, { host: `[::1]:${port}` }, { host, origin: `http://localhost:3000` }]) {
    assert.equal((await asked(sandbox, '/sandbox', headers)).statusCode, 200, JSON.stringify(headers));
  }
});

test('the log has a line for each request and push, and nothing of anybody’s', async (t) => {
  const lines = [];
  const sandbox = await startSandbox({ log: (line) => lines.push(line) });
  t.after(() => sandbox.close());
  const merchant = openMerchant(sandbox.merchant);
  const client = createClient({ baseUrl: sandbox.baseUrl, accessToken: sandbox.accessToken, merchant, timeoutMs: 300 });
  const ask = controlOf(sandbox);
  const { authToken, openid, code } = (await ask('POST', '/people', { realName: '夏侯', credentialId: NUMBER })).body;
  await client.getRealNameInfo({ authToken });
  await client.checkRealNameInfo({ openid, realName: '夏侯', credId: NUMBER, code });
  await failure(client.getRealNameInfo({ authToken: 'canary' }));
  await failure(client.getRealNameInfo({ authToken: 'sandbox:timeout' }));
  await ask('POST', '/people', { realName: '夏侯' });
  await fetch(`${sandbox.baseUrl}/${encodeURIComponent('夏侯')}/${'canary'.repeat(10)}?access_token=canary`);
  await sandbox.push({ kind: 'ticket' }).catch(() => undefined);
  sandbox.pushTo('http://127.0.0.1:9/canary');
  await sandbox.push({ kind: 'ticket' });
  const shown = lines.map((line) => line.replace(/\d+ ms/, 'n ms').replace(/^\S+Z /, ''));
  assert.deepEqual(shown, [
    'POST /sandbox/people 200 n ms: done',
    'POST /cgi-bin/wxopen/getrealnameinfo 200 errcode 0 n ms: the signature is right, and the user agreed',
    "POST /intp/realname/checkrealnameinfo 200 errcode 0 n ms: name and ID number are the user's",
    'POST /cgi-bin/wxopen/getrealnameinfo 200 errcode 94005 n ms: this auth_token was never handed out',
    'POST /cgi-bin/wxopen/getrealnameinfo no answer n ms: a magic value asked for it: timeout',
    'POST /sandbox/people 400 n ms: credentialId: is missing: WeChat Pay knows a name and its number, or neither',
    'GET /…/… 404 n ms: the sandbox knows no interface at this path',
    'push component_verify_ticket attempt 1: no answer, not success, n ms: a ticket comes every 10 minutes',
  ]);
  for (const line of lines) assert.match(line, /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ /);
  const secrets = [sandbox.accessToken, sandbox.appSecret, NUMBER, authToken, code, openid, '夏侯', 'canary'];
  for (const secret of secrets) assert.ok(!lines.join('\n').includes(secret));
  await assert.rejects(startSandbox({ log: 'x' }), { code: 'CONFIGURATION', field: 'log' });
  await assert.rejects(startSandbox({ pushUrl: 'http://example.com' }), { code: 'CONFIGURATION', field: 'pushUrl' });
});

test('a log that throws stops nothing, and a port in use is told in words', async (t) => {
  const sandbox = await startSandbox({ log: () => { throw new Error('full'); } });
  t.after(() => sandbox.close());
  assert.equal((await fetch(`${sandbox.baseUrl}/sandbox`)).status, 200);
  const port = Number(new URL(sandbox.baseUrl).port);
  const error = await failure(startSandbox({ port }));
  assert.match(error.message, new RegExp(`^port: ${port} is in use by another program: stop that one, or take another one`));
});

test('a client that sends rubbish or leaves half way leaves the sandbox alone', async (t) => {
  const { sandbox, client } = await sandboxed(t);
  const { port } = new URL(sandbox.baseUrl);
  const socket = net.connect(port, '127.0.0.1');
  socket.write('POST /sandbox/people HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n{"real');
  await new Promise((resolve) => setTimeout(resolve, 50));
  socket.destroy();
  const large = 'x'.repeat(2 * 1024 * 1024);
  assert.equal((await fetch(`${sandbox.baseUrl}/sandbox/people`, { method: 'POST', body: large })).status, 413);
  await client.getCategory();
});
