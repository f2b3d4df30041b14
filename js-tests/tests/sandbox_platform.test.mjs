// The sandbox's third-party platform as its users meet it. Pushes are opened with node:crypto alone.
import assert from 'node:assert/strict';
import { createDecipheriv, createHash } from 'node:crypto';
import http from 'node:http';
import test from 'node:test';

import { startSandbox } from 'wechat-realname/sandbox';
import { NUMBER } from './support.mjs';

const TRIAL = {
  enterpriseName: '测试公司',
  code: '91110105MA00000012',
  legalPersonaWechat: 'zhang',
  legalPersonaName: '张三',
  legalPersonaIdcard: NUMBER,
};

const VERIFY = {
  verify_info: {
    enterprise_name: TRIAL.enterpriseName,
    code: TRIAL.code,
    code_type: 1,
    legal_persona_wechat: TRIAL.legalPersonaWechat,
    legal_persona_name: TRIAL.legalPersonaName,
    legal_persona_idcard: NUMBER,
    component_phone: '13900000000',
  },
};

/** The event in a push whose signature is right. */
function opened({ token, encodingAesKey }, { query, body }) {
  const encrypted = /<Encrypt><!\[CDATA\[(.*)\]\]>/.exec(body)[1];
  const parts = [token, query.timestamp, query.nonce, encrypted].sort();
  assert.equal(createHash('sha1').update(parts.join('')).digest('hex'), query.msg_signature);
  const key = Buffer.from(`${encodingAesKey}=`, 'base64');
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  const plain = Buffer.concat([decipher.update(encrypted, 'base64'), decipher.final()]);
  return plain.toString('utf8', 20, 20 + plain.readUInt32BE(16));
}

/** A sandbox whose pushes go to a receiver that answers as `receiver.mode` says. */
async function received(t, options = {}) {
  const sandbox = await startSandbox({ pushTimeoutMs: 200, ...options });
  const receiver = { mode: 'take', events: [], open: new Set() };
  const server = http.createServer(async (incoming, outgoing) => {
    let body = '';
    for await (const chunk of incoming) body += chunk;
    const query = Object.fromEntries(new URL(incoming.url, 'http://localhost').searchParams);
    assert.deepEqual([incoming.headers['content-type'], query.own], ['text/xml', 'kept']);
    receiver.events.push(opened(sandbox.platform, { query, body }));
    if (receiver.mode === 'take') outgoing.end('success');
    if (receiver.mode === 'refuse') outgoing.writeHead(500).end('no');
  });
  server.on('connection', (socket) => {
    receiver.open.add(socket);
    socket.once('close', () => receiver.open.delete(socket));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  sandbox.pushTo(`http://localhost:${server.address().port}/events?own=kept`);
  t.after(async () => {
    await sandbox.close();
    await new Promise((resolve) => server.close(resolve));
  });
  const post = async (target, body) => {
    const reply = await fetch(`${sandbox.baseUrl}${target}`, { method: 'POST', body: JSON.stringify(body) });
    return reply.json();
  };
  return { sandbox, receiver, post };
}

/** From a ticket to a token for a trial mini program. */
async function authorized({ sandbox, receiver, post }) {
  const { componentAppId, componentAppSecret } = sandbox.platform;
  assert.equal((await sandbox.push({ kind: 'ticket' })).body, 'success');
  const component = await post('/cgi-bin/component/api_component_token', {
    component_appid: componentAppId,
    component_appsecret: componentAppSecret,
    component_verify_ticket: /ticket@@@[^\]]+/.exec(receiver.events.at(-1))[0],
  });
  const { appId, authorizationCode } = sandbox.addTrial({ ...TRIAL, permissionSets: [1, 81] });
  const { authorization_info: info } = await post(
    `/cgi-bin/component/api_query_auth?component_access_token=${component.component_access_token}`,
    { component_appid: componentAppId, authorization_code: authorizationCode },
  );
  assert.deepEqual(
    info.func_info.map((one) => one.funcscope_category.id),
    [1, 81],
  );
  return { appId, verify: () => post(`/wxa/verifybetaweapp?access_token=${info.authorizer_access_token}`, VERIFY) };
}

test('a verification from the ticket to its success', async (t) => {
  const { sandbox, ...rest } = await received(t);
  const { appId, verify } = await authorized({ sandbox, ...rest });
  assert.deepEqual(await verify(), { errcode: 0, errmsg: 'ok' });
  await sandbox.settle();
  for (const step of ['legal_person_checks_id', 'legal_person_checks_face', 'legal_person_confirms']) {
    await sandbox.verification(appId, step);
  }
  await sandbox.verification(appId, 'administrator_confirms');
  assert.equal((await verify()).errcode, 91021);
  const [, ...pushes] = sandbox.pushes;
  assert.deepEqual(
    pushes.map(({ status, attempt, answered }) => [status, attempt, answered.body]),
    [89251, 89252, 0].map((status) => [status, 1, 'success']),
  );
  assert.doesNotMatch(JSON.stringify([sandbox.pushes, sandbox.requests]), /zhang|张三|测试公司|139/);
});

test('a timeout is pushed three times to a receiver that never answers', async (t) => {
  const { sandbox, receiver, ...rest } = await received(t);
  const { verify } = await authorized({ sandbox, receiver, ...rest });
  await verify();
  await sandbox.settle();
  receiver.mode = 'hang';
  sandbox.clock.advance(24 * 3600);
  await sandbox.settle();
  assert.deepEqual(
    sandbox.pushes.slice(2).map(({ status, attempt, answered }) => [status, attempt, answered]),
    [1, 2, 3].map((attempt) => [100001, attempt, undefined]),
  );
  assert.equal(new Set(receiver.events.slice(2)).size, 1, 'the same event');
  await sandbox.settle();
  assert.equal(sandbox.pushes.length, 5);
});

test('a push that somebody orders', async (t) => {
  const { sandbox, receiver } = await received(t);
  receiver.mode = 'refuse';
  const { status, body, durationMs } = await sandbox.push({ kind: 'unknown', retries: 1 });
  assert.deepEqual([status, body, durationMs < 200], [500, 'no', true]);
  assert.equal(receiver.events.length, 2);
  const made = sandbox.makePush({ xml: `<xml>${'x'.repeat(1e6)}</xml>` });
  assert.equal(opened(sandbox.platform, made).length, 1_000_011);
  assert.throws(() => opened(sandbox.platform, sandbox.makePush({ xml: 'x', fault: 'signature' })));
  sandbox.pushTo(undefined);
  await assert.rejects(sandbox.push({ kind: 'ticket' }), { code: 'CONFIGURATION', field: 'url' });
});

test('what cannot be is refused, with the field', async (t) => {
  const { sandbox } = await received(t);
  for (const url of ['x', 'http://example.com/', 'http://127.0.0.1.example.com/', 'ftp://localhost/', 5]) {
    assert.throws(() => sandbox.pushTo(url), { code: 'CONFIGURATION', field: 'url' });
  }
  for (const options of [{ forms: '2025' }, { pushTimeoutMs: 0 }, { pushTimeoutMs: 'x' }]) {
    await assert.rejects(startSandbox(options), { code: 'CONFIGURATION', field: Object.keys(options)[0] });
  }
  const { appId } = sandbox.addTrial();
  for (const [refused, field] of [
    [() => sandbox.makePush({}), 'kind'],
    [() => sandbox.makePush({ kind: 'x' }), 'kind'],
    [() => sandbox.makePush({ kind: 'ticket', fault: 'x' }), 'fault'],
    [() => sandbox.makePush(null), 'order'],
    [() => sandbox.addTrial(null), 'trial'],
    [() => sandbox.addTrial({ code: 'x' }), 'code'],
    [() => sandbox.addTrial({ permissionSets: '81' }), 'permissionSets'],
    [() => sandbox.addTrial({ permissionSets: [-1] }), 'permissionSets'],
    [() => sandbox.setEncodingAesKey(7), 'encodingAesKey'],
    [() => sandbox.setEncodingAesKey('x'), 'encodingAesKey'],
  ]) {
    assert.throws(refused, { name: 'RealNameError', code: 'INVALID_ARGUMENT', field });
  }
  for (const [given, field] of [
    [[appId, 'x'], 'step'],
    [[appId, 7], 'step'],
    [[appId, 'ends_with'], 'status'],
    [[appId, 'ends_with', '6'], 'status'],
    [[appId, 'administrator_confirms'], 'step'],
    [['wx0', 'administrator_confirms'], 'appId'],
  ]) {
    await assert.rejects(sandbox.verification(...given), { code: 'INVALID_ARGUMENT', field });
  }
});

test('closing ends a push under way, and its repetitions', async (t) => {
  const { sandbox, receiver } = await received(t, { pushTimeoutMs: 60_000 });
  receiver.mode = 'hang';
  const pending = sandbox.push({ kind: 'ticket', retries: 5 });
  while (receiver.events.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await sandbox.close();
  assert.equal((await pending).status, 0);
  while (receiver.open.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(receiver.events.length, 1);
});
