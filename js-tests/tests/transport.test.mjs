// How calls travel: what is made again and how often, which hosts are trusted, and what a container of WeChat Cloud Run needs.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { createClient, createPlatform, operations } from 'wechat-realname';
import { NUMBER, failure, folder, sandboxed } from './support.mjs';

const CATEGORIES = '{"errcode":0,"category_list":[]}';
const reset = () => Promise.reject(Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNRESET' } }));
const reply = (body, status = 200) => async () => new Response(body, { status });

/** A client whose `fetch` does one thing after the other, the last for ever; and what was seen of it. */
function scripted(steps, options = {}) {
  const told = [];
  const times = [];
  const fetch = (...words) => {
    times.push(performance.now());
    return steps[Math.min(times.length, steps.length) - 1](...words);
  };
  const client = createClient({ accessToken: 'token', fetch, onExchange: (exchange) => told.push(exchange), ...options });
  return { client, told, times };
}

const FAILURES = { NETWORK: reset, HTTP_STATUS: reply('<html>', 503), REJECTED: reply('{"errcode":-1,"errmsg":"system error"}') };

for (const [code, fails] of Object.entries(FAILURES)) {
  test(`what uses nothing up is made again after ${code}, with longer and longer pauses`, async () => {
    const { client, told, times } = scripted([fails, fails, reply(CATEGORIES)]);
    assert.deepEqual(await client.getCategory(), { categories: [] });
    assert.deepEqual(
      told.map((exchange) => [exchange.operation, exchange.attempt, exchange.code]),
      [
        ['getCategory', 1, code],
        ['getCategory', 2, code],
        ['getCategory', 3, undefined],
      ],
    );
    const [first, second] = [times[1] - times[0], times[2] - times[1]];
    assert.ok(first >= 248 && first < 700 && second >= 498 && second < 1300, `pauses of ${first} and ${second} ms`);
    if (code === 'NETWORK') assert.deepEqual(told[0].cause, { name: 'Error', code: 'ECONNRESET' });

    const hopeless = scripted([fails]);
    assert.equal((await failure(hopeless.client.getCategory())).code, code);
    assert.equal(hopeless.times.length, 3);
    const impatient = scripted([fails], { retries: 0 });
    assert.equal((await failure(impatient.client.getCategory())).code, code);
    assert.equal(impatient.times.length, 1);
  });

  test(`what may have used up a code is never made again after ${code}`, async (t) => {
    const { merchant } = await sandboxed(t);
    const { client, times } = scripted([fails], { retries: 10, merchant });
    const calls = [
      () => client.checkRealNameInfo({ openid: 'o', realName: '张三', credId: NUMBER, code: 'c' }),
      () => client.getRealNameInfo({ authToken: 'a' }),
      () => client.verifyBetaMiniprogram({ enterpriseName: '公司', code: '91110105MA00000012', componentPhone: '13811112222' }),
    ];
    for (const [index, call] of calls.entries()) {
      assert.equal((await failure(call())).code, code);
      assert.equal(times.length, index + 1);
    }
  });

  test(`requests for tokens are made again after ${code}`, async () => {
    const secret = { accessToken: undefined, appId: 'wx1', appSecret: 'secret' };
    const { client, told } = scripted([fails, reply('{"access_token":"t","expires_in":7200}'), reply(CATEGORIES)], secret);
    await client.getCategory();
    assert.deepEqual(
      told.map(({ operation, attempt }) => [operation, attempt]),
      [
        ['getStableAccessToken', 1],
        ['getStableAccessToken', 2],
        ['getCategory', 1],
      ],
    );
  });
}

test('what will fail again is not made again', async () => {
  for (const fails of [
    reply('<html>', 404),
    reply('', 302),
    reply('{"errcode":45009}'),
    reply('{"errcode":48001}'),
    reply('<html>'),
    async () => ({}),
  ]) {
    const { client, times } = scripted([fails]);
    await failure(client.getCategory());
    assert.equal(times.length, 1);
  }
});

test('a pause ends with the caller’s patience, and what is told is what failed', async () => {
  const { client, times } = scripted([reset], { timeoutMs: 240 });
  // No time for a second attempt: the connection is what failed, not the clock.
  assert.equal((await failure(client.getCategory())).code, 'NETWORK');
  assert.equal(times.length, 1);

  const patient = scripted([reset]);
  const controller = new AbortController();
  const call = failure(patient.client.getCategory({ signal: controller.signal }));
  setTimeout(() => controller.abort(), 100);
  const started = performance.now();
  assert.equal((await call).code, 'ABORTED');
  assert.ok(performance.now() - started < 200);
  await new Promise((resolve) => setTimeout(resolve, 600));
  assert.equal(patient.times.length, 1, 'nothing is sent behind the caller’s back');
});

test('settings of the transport that cannot work are refused at construction', () => {
  const good = { accessToken: 'token' };
  for (const retries of [-1, 11, 1.5, NaN, '2', null]) {
    assert.throws(() => createClient({ ...good, retries }), { code: 'CONFIGURATION', field: 'retries' });
  }
  for (const trustedHosts of ['gateway.example', [''], ['a b'], ['https://gateway.example'], ['*'], [7], ['a/b'], {}]) {
    assert.throws(() => createClient({ ...good, trustedHosts }), { code: 'CONFIGURATION', field: 'trustedHosts' });
    assert.throws(() => operations.getCategory({}, { ...good, trustedHosts, baseUrl: 'https://gateway.example' }), {
      code: 'CONFIGURATION',
      field: 'trustedHosts',
    });
  }
  const platform = { componentAppId: 'wx1', componentAppSecret: 's' };
  assert.throws(() => createPlatform({ ...platform, onExchange: 5 }), { code: 'CONFIGURATION', field: 'onExchange' });
  for (const baseUrl of [
    'https://user:canary@api.weixin.qq.com',
    'https://api.weixin.qq.com:8443',
    'https://api.weixin.qq.com?canary=1',
    'https://api.weixin.qq.com/#canary',
    'http://gateway.example',
    'https://gateway.example.evil.example',
  ]) {
    const refused = (error) => error.code === 'CONFIGURATION' && error.field === 'baseUrl' && !/canary/.test(error.stack);
    assert.throws(() => createClient({ ...good, baseUrl, trustedHosts: ['gateway.example'] }), refused, baseUrl);
    assert.throws(() => createPlatform({ ...platform, trustedHosts: ['gateway.example'], baseUrl }), refused, baseUrl);
  }
});

test('a host of one’s own is trusted by its name', async () => {
  const urls = [];
  const fetch = async (url) => {
    urls.push(url);
    return new Response(CATEGORIES);
  };
  const trustedHosts = ['gateway.example', '10.0.0.1:8443'];
  for (const baseUrl of ['https://Gateway.example/', 'https://10.0.0.1:8443', 'https://api2.weixin.qq.com']) {
    await createClient({ accessToken: 'token', fetch, baseUrl, trustedHosts }).getCategory();
  }
  const client = createClient({ accessToken: 'token', fetch, trustedHosts });
  // The list belongs to the caller, who may go on with it.
  trustedHosts.length = 0;
  await client.getCategory();
  assert.deepEqual(
    urls.map((url) => new URL(url).origin),
    ['https://gateway.example', 'https://10.0.0.1:8443', 'https://api2.weixin.qq.com', 'https://api.weixin.qq.com'],
  );
});

test('in WeChat Cloud Run a call has no token, or that of the mounted file', async (t) => {
  const { sandbox } = await sandboxed(t);
  const urls = [];
  /** The neighbour in the container: it adds the token and goes on to WeChat. */
  const neighbour = async (url, init) => {
    urls.push(url);
    const { pathname } = new URL(url);
    return globalThis.fetch(`${sandbox.baseUrl}${pathname}?access_token=${sandbox.accessToken}`, init);
  };
  assert.equal((await createClient({ auth: 'cloud-run', fetch: neighbour }).getCategory()).categories.length, 3);
  const { openid, code } = sandbox.addPerson({ realName: '张三', credentialId: NUMBER });
  const shared = createClient({ auth: 'cloud-run', fromAppId: sandbox.appId, fetch: neighbour });
  assert.ok((await shared.checkRealNameInfo({ openid, code, realName: '张三', credId: NUMBER })).matched);
  assert.deepEqual(urls, [
    'http://api.weixin.qq.com/wxa/get_category',
    `http://api.weixin.qq.com/intp/realname/checkrealnameinfo?from_appid=${sandbox.appId}`,
  ]);
  // There is no other token to try.
  const refused = scripted([reply('{"errcode":40001}')], { accessToken: undefined, auth: 'cloud-run' });
  assert.equal((await failure(refused.client.getCategory())).errcode, 40001);
  assert.equal(refused.times.length, 1);

  const tokenFile = path.join(folder(t), 'cloudbase_access_token');
  fs.writeFileSync(tokenFile, 'canary-first\n');
  const seen = [];
  const told = [];
  const mounted = createClient({
    auth: 'cloudbase-access-token',
    tokenFile,
    onExchange: (exchange) => told.push(exchange),
    fetch: async (url) => {
      seen.push(url);
      // WeChat's side renews the file whenever it likes.
      fs.writeFileSync(tokenFile, 'canary-second');
      return new Response(url.endsWith('first') ? '{"errcode":42001}' : CATEGORIES);
    },
  });
  await mounted.getCategory();
  const url = 'https://api.weixin.qq.com/wxa/get_category?cloudbase_access_token=canary-';
  assert.deepEqual(seen, [`${url}first`, `${url}second`]);
  assert.doesNotMatch(JSON.stringify(told), /canary/);
  assert.match(told[0].url, /\?cloudbase_access_token=\*\*\*$/);

  fs.rmSync(tokenFile);
  const gone = await failure(mounted.getCategory());
  assert.deepEqual([gone.code, gone.field, gone.cause.code], ['CONFIGURATION', 'tokenFile', 'ENOENT']);
  assert.match((await failure(createClient({ auth: 'cloudbase-access-token' }).getCategory())).message, /云调用令牌/);

  const context = { auth: 'cloud-run', fromAppId: 'wx1' };
  assert.equal(operations.getCategory({}, context).request.url, 'http://api.weixin.qq.com/wxa/get_category?from_appid=wx1');
  assert.throws(() => operations.getCategory({}, { auth: 'x' }), { code: 'INVALID_ARGUMENT', field: 'auth' });
});
