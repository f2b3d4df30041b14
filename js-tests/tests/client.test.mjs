// The client against the sandbox, over HTTP.
import assert from 'node:assert/strict';
import http from 'node:http';
import { Readable } from 'node:stream';
import test from 'node:test';

import { RealNameError, createClient, openMerchant } from 'wechat-realname';
import { NUMBER, failure, sandboxed, vectors } from './support.mjs';

/** Without a global fetch, as on Node 16, the client sends through node:http by itself. */
function through(t, transport) {
  if (transport === 'fetch') return;
  const { fetch } = globalThis;
  delete globalThis.fetch;
  t.after(() => Object.assign(globalThis, { fetch }));
}

for (const transport of ['fetch', 'node:http']) {
  test(`a name and a number are read, through ${transport}`, async (t) => {
    through(t, transport);
    const { sandbox, client } = await sandboxed(t);
    for (const realName of ['张三', '䶮', '郑伟', '阿依古丽·买买提', '刘㛃', '𬭎']) {
      const { authToken } = sandbox.addPerson({ realName, credentialId: NUMBER });
      assert.deepEqual(await client.getRealNameInfo({ authToken }), { realName, credentialId: NUMBER });
    }
    assert.equal((await client.getCategory()).categories[2].secondId, 904);
  });

  test(`what cannot be reached is NETWORK, through ${transport}`, async (t) => {
    through(t, transport);
    const closed = http.createServer();
    await new Promise((done) => closed.listen(0, '127.0.0.1', done));
    const baseUrl = `http://127.0.0.1:${closed.address().port}`;
    await new Promise((done) => closed.close(done));
    const client = createClient({ accessToken: 'canary-token', baseUrl });
    const error = await failure(client.getCategory());
    assert.deepEqual([error.code, error.action, error.cause.code], ['NETWORK', 'retry', 'ECONNREFUSED']);
    assert.doesNotMatch(JSON.stringify(error) + error.stack, /canary/);
  });

  test(`time limit, abort, size and broken replies, through ${transport}`, async (t) => {
    through(t, transport);
    const server = http.createServer((incoming, outgoing) => {
      const token = new URL(incoming.url, 'http://x').searchParams.get('access_token');
      if (token === 'endless') {
        outgoing.on('error', () => undefined);
        const more = () => {
          if (!outgoing.destroyed) outgoing.write(Buffer.alloc(65536), more);
        };
        more();
      } else if (token === 'half') {
        outgoing.writeHead(200, { 'content-length': '100' }).write('{"errcode"');
        setTimeout(() => outgoing.destroy(), 20);
      } else if (token === 'slow-body') {
        outgoing.writeHead(200).write('{');
      } else if (token === 'elsewhere') {
        outgoing.writeHead(302, { location: 'http://127.0.0.1:1/stolen' }).end();
      }
    });
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    t.after(() => server.closeAllConnections());
    t.after(() => server.close());
    const baseUrl = `http://127.0.0.1:${server.address().port}`;
    const call = (accessToken, options) =>
      failure(createClient({ accessToken, baseUrl, timeoutMs: 300, retries: 0 }).getCategory(options));

    assert.equal((await call('never')).code, 'TIMEOUT');
    assert.equal((await call('slow-body')).code, 'TIMEOUT');
    assert.equal((await call('half')).code, 'NETWORK');
    assert.equal((await call('endless')).code, 'MALFORMED_RESPONSE');
    const redirected = await call('elsewhere');
    assert.deepEqual([redirected.code, redirected.status], ['HTTP_STATUS', 302]);

    const controller = new AbortController();
    setTimeout(() => controller.abort(), 20);
    assert.equal((await call('never', { signal: controller.signal })).code, 'ABORTED');
    assert.equal((await call('never', { signal: controller.signal })).code, 'ABORTED');
  });
}

test('every verdict', async (t) => {
  const { sandbox, client } = await sandboxed(t);
  for (const [known, realName, credId, verdict] of [
    ['张三', '张三', NUMBER, 'match'],
    ['张三', '李四', NUMBER, 'name_mismatch'],
    ['张三', '张三', '440524188001010014', 'id_mismatch'],
    [undefined, '张三', NUMBER, 'not_authenticated'],
  ]) {
    const { openid, code } = sandbox.addPerson(known ? { realName: known, credentialId: NUMBER } : {});
    const outcome = await client.checkRealNameInfo({ openid, realName, credId, code });
    assert.deepEqual([outcome.verdict, outcome.matched], [verdict, verdict === 'match']);
  }
  const magic = { openid: 'o', realName: '张三', credId: NUMBER, code: 'sandbox:V_OP_NM_UM;V_OP_NA' };
  assert.deepEqual(await client.checkRealNameInfo(magic), {
    matched: false,
    verdict: 'unknown',
    verifyOpenid: ['V_OP_NM_UM', 'V_OP_NA'],
    verifyRealName: [],
  });
});

const GENERAL = {
  [-1]: 'retry',
  40001: 'refresh_token',
  40014: 'refresh_token',
  41001: 'refresh_token',
  42001: 'refresh_token',
  43002: 'fix_request',
  44002: 'fix_request',
  45009: 'wait',
  45011: 'wait',
  47001: 'fix_request',
  48001: 'apply_for_permission',
  50001: 'apply_for_permission',
  50002: 'contact_wechat',
  50007: 'contact_wechat',
  85107: 'fix_request',
  85113: 'retry',
};
const CODES = {
  getCategory: GENERAL,
  checkRealNameInfo: {
    ...GENERAL,
    1005: 'fix_request',
    80111: 'ask_user_again',
    80112: 'ask_user_again',
    80113: 'ask_user_again',
  },
  getRealNameInfo: {
    ...GENERAL,
    94001: 'fix_request',
    94002: 'stop',
    94003: 'fix_request',
    94004: 'stop',
    94005: 'ask_user_again',
    94006: 'apply_for_permission',
    94007: 'fix_request',
    94008: 'fix_request',
    94009: 'fix_request',
    94010: 'fix_request',
  },
  getVerifyId: {
    ...GENERAL,
    40003: 'fix_request',
    84010: 'fix_request',
    84011: 'fix_request',
    84012: 'fix_request',
    84013: 'fix_request',
    84014: 'fix_request',
    84015: 'fix_request',
    84016: 'fix_request',
    84019: 'fix_request',
  },
  queryVerifyInfo: {
    ...GENERAL,
    40003: 'fix_request',
    84010: 'fix_request',
    84011: 'fix_request',
    84016: 'fix_request',
    84017: 'fix_request',
    84018: 'fix_request',
    84020: 'fix_request',
    84021: 'fix_request',
    84022: 'ask_user_again',
  },
  getMedicalRealName: { ...GENERAL, 11200: 'ask_user_again', 61007: 'apply_for_permission' },
};

/** Calls one operation so that the sandbox answers as `word` says. */
async function provoke(sandbox, merchant, operation, word) {
  const magic = `sandbox:${word}`;
  const accessToken = operation === 'getCategory' ? magic : sandbox.accessToken;
  const { baseUrl, appId, medicalKeys } = sandbox;
  const client = createClient({ baseUrl, appId, accessToken, merchant, medicalKeys, timeoutMs: 500, retries: 0 });
  const params = {
    checkRealNameInfo: { openid: 'o', realName: '张三', credId: NUMBER, code: magic },
    getRealNameInfo: { authToken: magic },
    getVerifyId: { certName: magic, certNo: NUMBER, openid: 'o' },
    queryVerifyInfo: { verifyId: magic, outSeqNo: '12345', certHash: '0'.repeat(64), openid: 'o' },
    getMedicalRealName: { openid: 'o', wxmedAuthcode: magic },
  };
  return failure(operation === 'getCategory' ? client.getCategory() : client[operation](params[operation]));
}

for (const [operation, codes] of Object.entries(CODES)) {
  test(`every errcode of ${operation} is its typed error`, async (t) => {
    const { sandbox, merchant } = await sandboxed(t);
    for (const [errcode, action] of Object.entries(codes)) {
      const error = await provoke(sandbox, merchant, operation, errcode);
      assert.ok(error instanceof RealNameError && error instanceof Error);
      assert.deepEqual([error.code, error.errcode, error.action], ['REJECTED', Number(errcode), action]);
      assert.match(error.rid, /^[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/);
      assert.match(error.hint, /^[\w-]{16}$/);
      assert.ok(error.errmsg.includes(error.rid) && error.errmsg.includes(error.hint));
      assert.ok(error.message.startsWith(`${operation}: WeChat refused with errcode ${errcode}: `), error.message);
    }
    const unknown = await provoke(sandbox, merchant, operation, '12345');
    assert.deepEqual([unknown.code, unknown.errcode, unknown.action], ['REJECTED', 12345, undefined]);
  });

  test(`what is no reply to ${operation} is never a result`, async (t) => {
    const { sandbox, merchant } = await sandboxed(t);
    for (const word of ['empty', 'not-json', 'no-fields', 'wrong-types']) {
      assert.equal((await provoke(sandbox, merchant, operation, word)).code, 'MALFORMED_RESPONSE', word);
    }
    const bad = await provoke(sandbox, merchant, operation, 'html-502');
    assert.deepEqual([bad.code, bad.status, bad.action], ['HTTP_STATUS', 502, 'retry']);
    assert.equal((await provoke(sandbox, merchant, operation, 'timeout')).code, 'TIMEOUT');
  });
}

test('a refused request says why: the token’s end, the clock, the signature, the merchant', async (t) => {
  const { sandbox, merchant, client } = await sandboxed(t);
  const { authToken } = sandbox.addPerson({ realName: '张三', credentialId: NUMBER });
  const read = (using) =>
    failure(
      createClient({ accessToken: sandbox.issueAccessToken(), merchant: using, baseUrl: sandbox.baseUrl }).getRealNameInfo({
        authToken,
      }),
    );

  // Another key under the certificate's serial number: only WeChat can find that.
  const { certSerialNo } = merchant;
  const mixed = openMerchant({ mchId: sandbox.merchant.mchId, privateKey: vectors[0].pkcs8, certSerialNo });
  assert.equal((await read(mixed)).errcode, 94003);
  assert.match(sandbox.requests.at(-1).why, /not the merchant's signature/);

  const stranger = openMerchant({ mchId: '1900006511', privateKey: vectors[0].pkcs1, certificate: vectors[0].certificate });
  assert.equal((await read(stranger)).errcode, 94010);
  sandbox.addMerchant({ mchId: '1900006511', certificate: vectors[0].certificate, bound: false });
  assert.equal((await read(stranger)).errcode, 94007);

  sandbox.clock.advance(301);
  assert.equal((await read(merchant)).errcode, 94008);
  sandbox.clock.advance(7200);
  assert.equal((await failure(client.getCategory())).errcode, 42001);
});

test('decryption failures are one opaque error', async (t) => {
  const { client } = await sandboxed(t);
  const seen = new Set();
  for (let round = 0; round < 5; round++) {
    seen.add(JSON.stringify(await failure(client.getRealNameInfo({ authToken: 'sandbox:junk' }))));
  }
  assert.equal(seen.size, 1);
  assert.equal(JSON.parse([...seen][0]).code, 'DECRYPTION_FAILED');
});

test('the access token may be a function, asked before every call', async (t) => {
  let asked = 0;
  const { sandbox } = await sandboxed(t);
  const accessToken = async () => {
    asked += 1;
    return sandbox.accessToken;
  };
  const client = createClient({ accessToken, baseUrl: sandbox.baseUrl });
  await client.getCategory();
  await client.getCategory();
  assert.equal(asked, 2);

  const broken = new Error('the token service is down');
  const failing = createClient({ accessToken: () => Promise.reject(broken), baseUrl: sandbox.baseUrl });
  assert.equal(await failure(failing.getCategory()), broken);
  for (const given of [{ access_token: 'x' }, undefined, null, 7, '', 'a b']) {
    const wrong = createClient({ accessToken: () => given, baseUrl: sandbox.baseUrl });
    assert.equal((await failure(wrong.getCategory())).field, 'accessToken');
  }
  const hanging = createClient({ accessToken: () => new Promise(() => {}), baseUrl: sandbox.baseUrl, timeoutMs: 50 });
  assert.equal((await failure(hanging.getCategory())).code, 'TIMEOUT');
});

test('after the time limit nothing is sent any more, and nothing is left behind', async () => {
  let sent = 0;
  const listeners = new Set();
  const signal = {
    aborted: false,
    addEventListener: (_, listener) => listeners.add(listener),
    removeEventListener: (_, listener) => listeners.delete(listener),
  };
  const late = createClient({
    accessToken: () => new Promise((done) => setTimeout(done, 60, 'token')),
    timeoutMs: 20,
    fetch: async () => {
      sent += 1;
      return new Response('{}');
    },
  });
  assert.equal((await failure(late.getCategory({ signal }))).code, 'TIMEOUT');
  const hanging = createClient({ accessToken: 'token', timeoutMs: 20, fetch: () => new Promise(() => {}) });
  assert.equal((await failure(hanging.getCategory({ signal }))).code, 'TIMEOUT');
  await new Promise((done) => setTimeout(done, 80));
  assert.deepEqual([sent, listeners.size], [0, 0]);
});

test('options may live where their owner keeps them', async (t) => {
  const { sandbox } = await sandboxed(t);
  class Config {
    token = sandbox.accessToken;
    get baseUrl() {
      return sandbox.baseUrl;
    }
    accessToken() {
      return this.token;
    }
  }
  assert.equal((await createClient(new Config()).getCategory()).categories.length, 3);
});

test('call options that cannot work are typed errors', async (t) => {
  const { client } = await sandboxed(t);
  for (const signal of ['x', {}, { aborted: false }, null]) {
    const error = await failure(client.getCategory({ signal }));
    assert.deepEqual([error.code, error.field], ['INVALID_ARGUMENT', 'signal']);
  }
  assert.equal((await client.getCategory(null)).categories.length, 3);
  // A test may put a double in the place of a method.
  client.getCategory = async () => 'stubbed';
  assert.equal(await client.getCategory(), 'stubbed');
});

test('any fetch fits', async () => {
  const seen = [];
  const client = createClient({
    accessToken: 'token',
    fetch: async (url, init) => {
      seen.push([url, init]);
      return new Response('{"errcode":0,"category_list":[]}');
    },
  });
  assert.deepEqual(await client.getCategory(), { categories: [] });
  const [[url, { method, redirect, headers, body }]] = seen;
  assert.equal(url, 'https://api.weixin.qq.com/wxa/get_category?access_token=token');
  assert.deepEqual([method, redirect, headers, body], ['GET', 'manual', { accept: 'application/json' }, undefined]);

  const nothing = createClient({ accessToken: 'token', fetch: async () => undefined });
  assert.deepEqual([(await failure(nothing.getCategory())).code, (await failure(nothing.getCategory())).field], ['CONFIGURATION', 'fetch']);

  // One whose bodies are Node's own streams: a status says it all, whatever the body does.
  for (const body of [new Readable({ read() { this.push('x'.repeat(1000)); } }), undefined, null]) {
    const endless = createClient({
      accessToken: 'token',
      retries: 0,
      timeoutMs: 500,
      fetch: async () => ({ status: 503, body, arrayBuffer: () => new Promise(() => {}) }),
    });
    assert.equal((await failure(endless.getCategory())).code, 'HTTP_STATUS');
    if (body) assert.ok(body.destroyed);
  }

  // One that only knows arrayBuffer(), as older implementations do.
  const plain = createClient({
    accessToken: 'token',
    fetch: async () => ({
      status: 200,
      arrayBuffer: async () => new TextEncoder().encode('{"errcode":0,"category_list":[]}').buffer,
    }),
  });
  assert.deepEqual(await plain.getCategory(), { categories: [] });
});

test('options that cannot work are refused at construction', () => {
  const good = { accessToken: 'token' };
  for (const [field, options] of Object.entries({
    accessToken: {},
    fetch: { ...good, fetch: 'fetch' },
    timeoutMs: { ...good, timeoutMs: 0 },
    merchant: { ...good, merchant: { mchId: '1' } },
    baseUrl: { ...good, baseUrl: 'http://api.weixin.qq.com' },
  })) {
    assert.throws(() => createClient(options), { code: 'CONFIGURATION', field }, field);
  }
  for (const timeoutMs of [-1, NaN, Infinity, '1000', 2 ** 31]) {
    assert.throws(() => createClient({ ...good, timeoutMs }), { field: 'timeoutMs' });
  }
  for (const baseUrl of ['https://evil.example', 'https://user:pass@api.weixin.qq.com', 'https://api.weixin.qq.com/x', 7]) {
    assert.throws(() => createClient({ ...good, baseUrl }), { code: 'CONFIGURATION', field: 'baseUrl' });
  }
  assert.throws(() => createClient(), { field: 'accessToken' });
});

test('every exchange is told, and watching cannot break a call', async (t) => {
  const told = [];
  const { client } = await sandboxed(t, {
    onExchange: (exchange) => {
      told.push(exchange);
      if (told.length % 2) throw new Error('a watcher with a fault');
      return Promise.reject(new Error('a slow watcher with a fault'));
    },
    timeoutMs: 200,
  });
  await client.getCategory();
  await failure(client.getRealNameInfo({ authToken: 'sandbox:94005' }));
  await failure(client.getRealNameInfo({ authToken: 'sandbox:timeout' }));
  await failure(client.getRealNameInfo({ authToken: '' }));
  assert.deepEqual(
    told.map(({ operation, method, status, code, errcode }) => [operation, method, status, code, errcode]),
    [
      ['getCategory', 'GET', 200, undefined, undefined],
      ['getRealNameInfo', 'POST', 200, 'REJECTED', 94005],
      ['getRealNameInfo', 'POST', undefined, 'TIMEOUT', undefined],
    ],
  );
  assert.match(told[0].url, /\?access_token=\*\*\*$/);
  assert.ok(told.every(({ durationMs }) => durationMs >= 0));
});

test('64 calls at once keep to their own answers', async (t) => {
  const { sandbox, client } = await sandboxed(t);
  const names = Array.from({ length: 64 }, (_, index) => `张${String.fromCodePoint(0x4e00 + index)}`);
  const answers = await Promise.all(
    names.map((realName) => {
      const { authToken } = sandbox.addPerson({ realName, credentialId: NUMBER });
      return client.getRealNameInfo({ authToken });
    }),
  );
  assert.deepEqual(
    answers.map(({ realName }) => realName),
    names,
  );
});
