// The sandbox as its users meet it; what it answers is tested with the client.
import assert from 'node:assert/strict';
import test from 'node:test';

import { RealNameError, createClient } from 'wechat-realname';
import { startSandbox } from 'wechat-realname/sandbox';
import { NUMBER, failure, sandboxed } from './support.mjs';

test('a port that cannot be had is a typed error', async (t) => {
  const { sandbox } = await sandboxed(t);
  const taken = Number(new URL(sandbox.baseUrl).port);
  for (const port of [taken, 65536, -1, 'abc', 1.5]) {
    const error = await failure(startSandbox({ port }));
    assert.ok(error instanceof RealNameError);
    assert.deepEqual([error.code, error.field], ['CONFIGURATION', 'port']);
  }
});

test('people and merchants that cannot be are refused, with the field', async (t) => {
  const { sandbox } = await sandboxed(t);
  for (const [person, field] of [
    [{ realName: '张三' }, 'credentialId'],
    [{ credentialId: NUMBER }, 'realName'],
    [{ realName: '张三', credentialId: '310101199801011234' }, 'credentialId'],
    [{ realName: 7 }, 'realName'],
  ]) {
    assert.throws(() => sandbox.addPerson(person), { name: 'RealNameError', code: 'INVALID_ARGUMENT', field });
  }
  assert.throws(() => sandbox.addMerchant({ mchId: '1', certificate: 'x' }), { field: 'certificate' });
  assert.throws(() => sandbox.addMerchant({ certificate: sandbox.merchant.certificate }), { field: 'mchId' });
  const circular = {};
  circular.self = circular;
  assert.throws(() => sandbox.addPerson({ openid: circular }), { code: 'INVALID_ARGUMENT', field: 'openid' });
  for (const seconds of ['5', NaN, undefined]) assert.throws(() => sandbox.clock.advance(seconds), { field: 'seconds' });
});

test('two sandboxes know nothing of each other', async (t) => {
  const [one, other] = [await sandboxed(t), await sandboxed(t)];
  const { authToken } = one.sandbox.addPerson({ realName: '张三', credentialId: NUMBER });
  assert.equal((await failure(other.client.getRealNameInfo({ authToken }))).errcode, 94005);
  const stranger = createClient({ accessToken: one.sandbox.accessToken, baseUrl: other.sandbox.baseUrl });
  assert.equal((await failure(stranger.getCategory())).errcode, 40001);
});

test('stable_token gives the same token until it nears its end', async (t) => {
  const { sandbox } = await sandboxed(t);
  const ask = async (given) => {
    const body = { grant_type: 'client_credential', appid: sandbox.appId, secret: sandbox.appSecret, ...given };
    const reply = await fetch(`${sandbox.baseUrl}/cgi-bin/stable_token`, { method: 'POST', body: JSON.stringify(body) });
    return reply.json();
  };
  const first = await ask();
  assert.deepEqual([first.access_token, first.expires_in > 7190], [sandbox.accessToken, true]);
  sandbox.clock.advance(6890);
  assert.equal((await ask()).access_token, first.access_token);
  sandbox.clock.advance(20);
  const second = await ask();
  assert.notEqual(second.access_token, first.access_token);
  // The old one is good to its own end.
  await createClient({ accessToken: first.access_token, baseUrl: sandbox.baseUrl }).getCategory();
  for (const [given, errcode] of [
    [{ grant_type: 'x' }, 40002],
    [{ appid: 'x' }, 40013],
    [{ secret: 'x' }, 40125],
  ]) {
    assert.equal((await ask(given)).errcode, errcode);
  }
});

test('what it was asked can be read, without anybody’s data', async (t) => {
  const { sandbox, client } = await sandboxed(t);
  await client.getCategory();
  await failure(client.getRealNameInfo({ authToken: 'sandbox:94004' }));
  const seen = sandbox.requests.map(({ time, durationMs, ...request }) => {
    assert.ok(Math.abs(time - sandbox.clock.now()) < 60 && Number.isInteger(durationMs) && durationMs < 5000);
    return request;
  });
  assert.deepEqual(seen, [
    {
      method: 'GET',
      path: '/wxa/get_category',
      interface: 'getCategory',
      status: 200,
      errcode: 0,
      why: 'the access token is good',
    },
    {
      method: 'POST',
      path: '/cgi-bin/wxopen/getrealnameinfo',
      interface: 'getRealNameInfo',
      status: 200,
      errcode: 94004,
      why: 'a magic value asked for this errcode',
    },
  ]);
});
