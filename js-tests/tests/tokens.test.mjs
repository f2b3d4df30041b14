// Access tokens that the client gets by itself: how often it asks, how long it keeps them, what it does when they fail.
import assert from 'node:assert/strict';
import test from 'node:test';

import { createClient } from 'wechat-realname';
import { startSandbox } from 'wechat-realname/sandbox';
import { NUMBER, failure } from './support.mjs';

const PATH = '/cgi-bin/stable_token';
const CATEGORIES = '{"errcode":0,"category_list":[]}';
const SECRET = { appId: 'wx0123456789abcdef', appSecret: 'secret' };

async function sandboxed(t) {
  const sandbox = await startSandbox();
  t.after(() => sandbox.close());
  const { baseUrl, appId, appSecret } = sandbox;
  const tokenRequests = () => sandbox.requests.filter(({ path }) => path === PATH).length;
  return { sandbox, options: { baseUrl, appId, appSecret }, tokenRequests };
}

/** A WeChat of a few lines, as a `fetch`: every token is another, and `category` says what each call gets. */
function wechat({ token = () => ({}), category = () => CATEGORIES } = {}) {
  const count = { token: 0, category: 0 };
  const fetch = async (url) => {
    const { pathname, searchParams } = new URL(url);
    if (pathname === PATH) {
      count.token += 1;
      const reply = { access_token: `token-${count.token}`, expires_in: 7200, ...(await token(count.token)) };
      return new Response(JSON.stringify(reply));
    }
    count.category += 1;
    return new Response(await category(searchParams.get('access_token')));
  };
  return { fetch, count };
}

/** Moves this machine's clock, as far as `Date` shows it. */
function clock(t) {
  const { now } = Date;
  t.after(() => Object.assign(Date, { now }));
  return { advance: (seconds) => Object.assign(Date, { now: ((before) => () => before() + seconds * 1000)(Date.now) }) };
}

test('1,000 first calls at once ask for one token', async (t) => {
  const { options, tokenRequests } = await sandboxed(t);
  const client = createClient({ ...options, timeoutMs: 60_000 });
  const answers = await Promise.all(Array.from({ length: 1000 }, () => client.getCategory()));
  assert.ok(answers.every(({ categories }) => categories.length === 3));
  assert.equal(tokenRequests(), 1);
});

test('a token revoked while 200 calls are under way is replaced once, and all 200 have their result', async (t) => {
  const { sandbox, options, tokenRequests } = await sandboxed(t);
  let hold = Promise.resolve();
  let held = 0;
  let allHeld;
  const fetch = async (url, init) => {
    if (!url.includes(PATH) && (held += 1) === 200) allHeld?.();
    await hold;
    return globalThis.fetch(url, init);
  };
  const client = createClient({ ...options, fetch, timeoutMs: 60_000 });
  await client.getCategory();
  assert.equal(tokenRequests(), 1);

  // All of them are on their way with the token that is then revoked.
  held = 0;
  let release;
  hold = new Promise((resolve) => (release = resolve));
  const ready = new Promise((resolve) => (allHeld = resolve));
  const calls = Array.from({ length: 200 }, () => client.getCategory());
  await ready;
  sandbox.revokeAccessTokens();
  release();
  assert.equal((await Promise.all(calls)).length, 200);
  assert.equal(tokenRequests(), 2);

  // In the midst of them, wherever each may be; those with a one-time code too: a refused call has not used it.
  const people = Array.from({ length: 100 }, () => sandbox.addPerson({ realName: '张三', credentialId: NUMBER }));
  const mixed = [
    ...people.map(({ openid, code }) => client.checkRealNameInfo({ openid, code, realName: '张三', credId: NUMBER })),
    ...people.map(() => client.getCategory()),
  ];
  await Promise.race(mixed);
  sandbox.revokeAccessTokens();
  const answers = await Promise.all(mixed);
  assert.ok(answers.slice(0, 100).every(({ matched }) => matched));
  assert.equal(tokenRequests(), 3);
});

test('where every token is refused, a call is made twice, and that is all', async () => {
  const { fetch, count } = wechat({ category: () => '{"errcode":40001,"errmsg":"invalid credential"}' });
  const told = [];
  const client = createClient({ ...SECRET, fetch, onExchange: (exchange) => told.push(exchange) });
  for (let call = 1; call <= 3; call++) {
    const { code, errcode, action, operation } = await failure(client.getCategory());
    assert.deepEqual([code, errcode, action, operation], ['REJECTED', 40001, 'refresh_token', 'getCategory']);
    assert.equal(count.category, 2 * call);
  }
  // At most one token a second, one for each refusal but those of the second attempts.
  assert.ok(count.token <= 7, `${count.token} requests for tokens`);
  const attempts = told.filter(({ operation }) => operation === 'getCategory').map(({ attempt }) => attempt);
  assert.deepEqual(attempts, [1, 2, 1, 2, 1, 2]);

  const before = { ...count };
  const started = performance.now();
  const errors = await Promise.all(Array.from({ length: 100 }, () => failure(client.getCategory())));
  assert.ok(errors.every(({ errcode }) => errcode === 40001));
  assert.equal(count.category - before.category, 200);
  assert.ok(count.token - before.token <= 2 + (performance.now() - started) / 1000);
});

test('WeChat may confirm a token that it has refused: the call is made once more', async () => {
  let refusals = 1;
  const { fetch, count } = wechat({
    token: () => ({ access_token: 'the-same' }),
    category: () => (refusals-- > 0 ? '{"errcode":42001}' : CATEGORIES),
  });
  const client = createClient({ ...SECRET, fetch });
  assert.deepEqual(await client.getCategory(), { categories: [] });
  assert.deepEqual(count, { token: 2, category: 2 });
  refusals = Infinity;
  assert.equal((await failure(client.getCategory())).errcode, 42001);
  assert.deepEqual(count, { token: 3, category: 4 });
});

for (const [name, said] of Object.entries({ one: 1, none: 0, negative: -1 })) {
  test(`a lifetime of ${name} makes no hot loop`, async () => {
    const { fetch, count } = wechat({ token: () => ({ expires_in: said }) });
    const client = createClient({ ...SECRET, fetch });
    // Whoever waits for the same request has the token of it.
    await Promise.all(Array.from({ length: 100 }, () => client.getCategory()));
    assert.deepEqual(count, { token: 1, category: 100 });
    const started = performance.now();
    await client.getCategory();
    await client.getCategory();
    // One second after the other, and never on a token that is over.
    assert.deepEqual(count, { token: 3, category: 102 });
    assert.ok(performance.now() - started > 1900);
    const asked = count.token;
    await new Promise((resolve) => setTimeout(resolve, 1200));
    assert.equal(count.token, asked, 'it asks only when it is called');
  });
}

test('a lifetime longer than WeChat’s own is believed for a day', async (t) => {
  const { advance } = clock(t);
  const { fetch, count } = wechat({ token: () => ({ expires_in: 2_592_000 }) });
  const client = createClient({ ...SECRET, fetch });
  for (let call = 0; call < 3; call++) await client.getCategory();
  advance(86_398);
  await client.getCategory();
  assert.deepEqual(count, { token: 1, category: 4 });
  advance(3);
  await client.getCategory();
  assert.equal(count.token, 2);
});

test('requests for tokens are a second apart, whatever the replies are', async () => {
  for (const reply of [
    () => new Response('{}'),
    () => new Response('<html>'),
    () => ({ status: 200, arrayBuffer: async () => new ArrayBuffer(2 ** 21) }),
    () => ({ status: NaN, arrayBuffer: async () => new ArrayBuffer(2) }),
    () => Promise.reject(new Error('cut')),
  ]) {
    const times = [];
    const fetch = async () => {
      times.push(performance.now());
      return reply();
    };
    const client = createClient({ ...SECRET, fetch, retries: 0 });
    for (let call = 0; call < 2; call++) assert.equal((await failure(client.getCategory())).operation, 'getStableAccessToken');
    assert.ok(times.length === 2 && times[1] - times[0] > 990);
  }
});

test('requests for tokens are a second apart, made again or made anew', async () => {
  const times = [];
  const fetch = async () => {
    times.push(performance.now());
    return new Response('<html>', { status: 503 });
  };
  const client = createClient({ ...SECRET, fetch, retries: 1 });
  for (let call = 0; call < 2; call++) assert.equal((await failure(client.getCategory())).status, 503);
  assert.equal(times.length, 4);
  for (const [index, time] of times.slice(1).entries()) assert.ok(time - times[index] > 990, `${time - times[index]} ms`);
});

for (const [name, said] of Object.entries({ text: '7200', missing: undefined, fraction: 0.5, null: null, huge: 1e300 })) {
  test(`a lifetime that is no whole number (${name}) is a typed error, and no hot loop`, async () => {
    const { fetch, count } = wechat({ token: () => ({ expires_in: said }) });
    const client = createClient({ ...SECRET, fetch });
    for (const error of await Promise.all(Array.from({ length: 100 }, () => failure(client.getCategory())))) {
      assert.deepEqual([error.code, error.operation], ['MALFORMED_RESPONSE', 'getStableAccessToken']);
    }
    assert.deepEqual(count, { token: 1, category: 0 });
    const started = performance.now();
    await failure(client.getCategory());
    assert.ok(performance.now() - started > 900);
    assert.deepEqual(count, { token: 2, category: 0 });
  });
}

test('a token is used until five minutes before its end', async (t) => {
  const { advance } = clock(t);
  const { fetch, count } = wechat();
  const client = createClient({ ...SECRET, fetch });
  await client.getCategory();
  advance(6898);
  await client.getCategory();
  assert.equal(count.token, 1);
  advance(3);
  await client.getCategory();
  assert.equal(count.token, 2);
  // A clock that was set back by days: what is kept seems to be good for ever.
  advance(-400_000);
  await client.getCategory();
  assert.equal(count.token, 3);
});

test('whoever gives up takes the token from nobody', async () => {
  const { fetch, count } = wechat({ token: () => new Promise((resolve) => setTimeout(resolve, 150, {})) });
  const client = createClient({ ...SECRET, fetch });
  const controller = new AbortController();
  const first = failure(client.getCategory({ signal: controller.signal }));
  const others = Array.from({ length: 10 }, () => client.getCategory());
  controller.abort();
  assert.equal((await first).code, 'ABORTED');
  assert.equal((await Promise.all(others)).length, 10);
  assert.deepEqual(count, { token: 1, category: 10 });

  // A call that waits for a request which another one began has its own time for another.
  let answers = false;
  const hanging = wechat({ token: () => (answers ? {} : new Promise(() => {})) });
  const impatient = createClient({ ...SECRET, fetch: hanging.fetch, timeoutMs: 1400 });
  const early = failure(impatient.getCategory());
  await new Promise((resolve) => setTimeout(resolve, 1300));
  const joined = impatient.getCategory();
  answers = true;
  assert.equal((await early).code, 'TIMEOUT');
  assert.deepEqual(await joined, { categories: [] });
  assert.deepEqual(hanging.count, { token: 2, category: 1 });

  // Nobody is left to ask for those whose own time is up too.
  const dead = wechat({ token: () => new Promise(() => {}) });
  const gone = createClient({ ...SECRET, fetch: dead.fetch, timeoutMs: 100, retries: 0 });
  const endings = await Promise.all(Array.from({ length: 6 }, () => failure(gone.getCategory())));
  assert.ok(endings.every(({ code }) => code === 'TIMEOUT'));
  await new Promise((resolve) => setTimeout(resolve, 2500));
  assert.equal(dead.count.token, 1);

  const slow = wechat({ token: () => new Promise((resolve) => setTimeout(resolve, 5000, {})) });
  const late = await failure(createClient({ ...SECRET, fetch: slow.fetch, timeoutMs: 50 }).getCategory());
  assert.deepEqual([late.code, late.message], ['TIMEOUT', 'no access token within 50 ms']);
});

test('what keeps WeChat from giving a token says what to do', async (t) => {
  const { options } = await sandboxed(t);
  for (const [errcode, action, said, after] of [
    [40001, 'fix_request', /AppSecret/],
    [40002, 'fix_request', /grant_type/],
    [40013, 'fix_request', /appId/],
    [40125, 'fix_request', /AppSecret in its console/],
    [40164, 'fix_request', /IP白名单.*\(the address is 203\.0\.113\.7\)/],
    [40243, 'fix_request', /frozen.*unfreezes it/],
    [41002, 'fix_request', /appId/],
    [41004, 'fix_request', /appSecret/],
    [45009, 'wait', /daily quota.*clear_quota/, [1, 86_400]],
    [45011, 'wait', /too fast/, [60, 60]],
    [50004, 'contact_wechat', /may not get/],
    [50007, 'contact_wechat', /frozen/],
    [89501, 'wait', /administrator/],
    [89503, 'wait', /administrator/],
    [89506, 'wait', /24 hours/, [86_400, 86_400]],
    [89507, 'wait', /an hour/, [3600, 3600]],
  ]) {
    const error = await failure(createClient({ ...options, appSecret: `sandbox:${errcode}` }).getCategory());
    assert.deepEqual([error.operation, error.code, error.errcode, error.action], ['getStableAccessToken', 'REJECTED', errcode, action]);
    assert.match(error.message, said);
    assert.equal(error.ip, errcode === 40164 ? '203.0.113.7' : undefined);
    const [least, most] = after ?? [];
    if (after) assert.ok(error.retryAfterSeconds >= least && error.retryAfterSeconds <= most);
    else assert.equal(error.retryAfterSeconds, undefined);
  }
  const wrong = await failure(createClient({ ...options, appSecret: 'another' }).getCategory());
  assert.equal(wrong.errcode, 40125);
});

test('a client gets its tokens in one way', () => {
  const token = { accessToken: 'token' };
  for (const [field, options] of [
    ['appSecret', { ...token, ...SECRET }],
    ['auth', { ...token, auth: 'cloud-run' }],
    ['auth', { ...SECRET, auth: 'cloud-run' }],
    ['auth', { auth: 'cloudrun' }],
    ['appId', { appSecret: 'secret' }],
    ['appId', { ...SECRET, appId: '' }],
    ['appSecret', { ...SECRET, appSecret: ['secret'] }],
    ['appSecret', { ...SECRET, appSecret: 'secret\n' }],
    ['appId', { ...SECRET, appId: 'x'.repeat(70_000) }],
    ['fromAppId', { auth: 'cloud-run', fromAppId: 'a&b' }],
    ['fromAppId', { auth: 'cloud-run', fromAppId: 7 }],
    ['tokenFile', { auth: 'cloudbase-access-token', tokenFile: Symbol('x') }],
    ['tokenStore', { ...SECRET, tokenStore: 0 }],
    ['tokenStore', { ...SECRET, tokenStore: null }],
    ['onExchange', { ...SECRET, onExchange: 5 }],
    ['accessToken', { accessToken: 'a b' }],
    ['fromAppId', { ...SECRET, fromAppId: 'wx2' }],
    ['fromAppId', { auth: 'cloudbase-access-token', fromAppId: 'wx2' }],
    ['tokenFile', { auth: 'cloud-run', tokenFile: '/token' }],
    ['accessToken', { appId: 'wx1' }],
    ['tokenStore', { ...token, tokenStore: new Map() }],
    ['tokenStore', { ...SECRET, tokenStore: {} }],
    ['tokenStore', { ...SECRET, tokenStore: 'redis://' }],
  ]) {
    assert.throws(() => createClient(options), { code: 'CONFIGURATION', field }, field);
  }
  // An app id beside a token does no harm.
  createClient({ ...token, appId: 'wx1' });
});

const KEY = `wechat-realname:${SECRET.appId}:access_token`;
const seconds = () => Math.floor(Date.now() / 1000);

test('a store hands the token to the next process, for as long as it is used', async () => {
  const { fetch, count } = wechat();
  const ttls = [];
  const kept = new Map();
  const tokenStore = {
    get: async (key) => kept.get(key),
    set: async (key, value, ttl) => {
      ttls.push(ttl);
      kept.set(key, value);
    },
    delete: async () => true,
  };
  await createClient({ ...SECRET, fetch, tokenStore }).getCategory();
  await createClient({ ...SECRET, fetch, tokenStore }).getCategory();
  assert.deepEqual(count, { token: 1, category: 2 });
  const { token, freshUntil } = JSON.parse(kept.get(KEY));
  assert.equal(token, 'token-1');
  assert.ok(Math.abs(freshUntil - seconds() - 6900) <= 2 && Math.abs(ttls[0] - 6_900_000) <= 2000);
  // Another mini program has another token.
  await createClient({ ...SECRET, appId: 'wx2', fetch, tokenStore }).getCategory();
  assert.equal(count.token, 2);
});

test('after a refusal WeChat itself is asked, whatever the store has', async () => {
  for (const stored of [
    { token: 'refused', freshUntil: seconds() + 6950 },
    { token: 'refused-too', freshUntil: seconds() + 6950 },
    { token: 'over', freshUntil: seconds() - 1 },
  ]) {
    const { fetch, count } = wechat({ category: (token) => (token.startsWith('refused') ? '{"errcode":40001}' : CATEGORIES) });
    const kept = { token: 'refused', freshUntil: seconds() + 6900 };
    const sets = [];
    const tokenStore = {
      get: async () => JSON.stringify(count.category === 0 ? kept : stored),
      set: async (_, value) => sets.push(JSON.parse(value).token),
      delete: async () => true,
    };
    const client = createClient({ ...SECRET, fetch, tokenStore });
    await client.getCategory();
    assert.deepEqual(count, { token: 1, category: 2 });
    assert.deepEqual(sets, ['token-1']);
  }
});

test('whatever a store holds or does, no call fails, and it is told once', async (t) => {
  const cut = Object.assign(new Error('redis://user:canary@host'), { code: 'ECONNREFUSED' });
  const never = () => new Promise(() => {});
  const fails = {
    'throws at once': () => { throw cut; },
    rejects: () => Promise.reject(cut),
    'never answers': never,
  };
  const codes = { 'throws at once': 'ECONNREFUSED', rejects: 'ECONNREFUSED', 'never answers': 'ETIMEDOUT' };
  for (const [name, fail] of Object.entries(fails)) {
    let working = false;
    const kept = new Map();
    const tokenStore = {
      get: (key) => (working ? kept.get(key) : fail()),
      set: (key, value) => (working ? kept.set(key, value) : fail()),
      delete: () => fail(),
    };
    const told = [];
    let refused = '';
    const { fetch, count } = wechat({ category: (token) => (token === refused ? '{"errcode":40001}' : CATEGORIES) });
    const client = createClient({ ...SECRET, fetch, tokenStore, onExchange: (exchange) => told.push(exchange) });
    const started = performance.now();
    await Promise.all(Array.from({ length: 50 }, () => client.getCategory()));
    assert.ok(performance.now() - started < 900, name);
    const again = performance.now();
    await client.getCategory();
    assert.ok(performance.now() - again < 200, `${name}: the token in memory needs no store`);
    refused = 'token-1';
    await client.getCategory();
    assert.equal(count.token, 2);
    const failures = () => told.filter(({ operation }) => operation === 'tokenStore');
    assert.deepEqual(failures().map(({ durationMs, ...rest }) => rest), [
      { operation: 'tokenStore', method: 'get', url: KEY, attempt: 1, code: 'CONFIGURATION', cause: { name: 'Error', code: codes[name] } },
    ]);
    assert.doesNotMatch(JSON.stringify(told), /canary|token-\d/);
    if (name === 'never answers') continue;
    // Once it works again it is used again, and its next failure is another one.
    working = true;
    refused = 'token-2';
    await client.getCategory();
    assert.equal(JSON.parse(kept.get(KEY)).token, 'token-3');
    working = false;
    refused = 'token-3';
    await client.getCategory();
    assert.equal(failures().length, 2);
  }

  // A store that is full can be read: every token that it does not take is the same outage.
  const { advance } = clock(t);
  const told = [];
  const tokenStore = { get: async () => undefined, set: () => Promise.reject(cut), delete: async () => true };
  const { fetch, count } = wechat();
  const full = createClient({ ...SECRET, fetch, tokenStore, onExchange: (exchange) => told.push(exchange) });
  for (let round = 1; round <= 3; round++) {
    await full.getCategory();
    assert.equal(count.token, round);
    advance(7000);
  }
  assert.deepEqual(told.filter(({ operation }) => operation === 'tokenStore').map(({ method }) => method), ['set']);

  const far = seconds() + 3600;
  for (const spoilt of [
    'not JSON', '7', 'null', '[]', '{}', '{"token":7,"freshUntil":9999999999}', 7, true, {}, Symbol('x'), new Map(),
    { token: 'x' }, { token: 'x'.repeat(70_000), freshUntil: far }, { token: 'x'.repeat(2049), freshUntil: far }, { token: 'x', freshUntil: `${far}` }, { token: 'x', freshUntil: far * 1000 }, { token: 'x', freshUntil: NaN },
    { token: 'x', freshUntil: -1 }, { token: 'a&b=c', freshUntil: far }, { token: '', freshUntil: far },
    { token: { toString: () => 'x' }, freshUntil: far }, JSON.stringify({ token: 'x\n', freshUntil: far }),
    new Proxy({}, { get: () => { throw cut; } }), { get token() { throw cut; } }, JSON.stringify({ token: 'x'.repeat(100_000), freshUntil: Infinity }),
  ]) {
    const { fetch, count } = wechat({ category: (token) => (token === 'token-1' ? CATEGORIES : '{"errcode":40001}') });
    const tokenStore = { get: async () => spoilt, set: async () => false, delete: async () => true };
    await createClient({ ...SECRET, fetch, tokenStore }).getCategory();
    assert.deepEqual(count, { token: 1, category: 1 });
  }
});
