// The build for edge runtimes and stores that are slow, fail and come too late: here in Node, where a test can time them;
// workerd.test.mjs has the runtime itself.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { setTimeout as pass } from 'node:timers/promises';

import { failure, installed } from './support.mjs';

const { withCore } = await import(path.join(installed, 'dist/edge.mjs'));
const { createPlatform } = withCore(new WebAssembly.Module(fs.readFileSync(path.join(installed, 'dist/core.wasm'))));

const componentAppId = 'wx00000000000000c0';
const appId = 'wx00000000000000a1';
const KEY = `wechat-realname:${componentAppId}:authorizer:${appId}`;

/** A platform that has its ticket, and a store that takes `delayOf` milliseconds for a write, or throws what that throws. */
function made(delayOf) {
  const kept = new Map([[`wechat-realname:${componentAppId}:ticket`, JSON.stringify({ ticket: 'canary-ticket', createTime: 1 })]]);
  const written = [];
  const store = {
    get: async (key) => kept.get(key),
    delete: async (key) => kept.delete(key),
    async set(key, value) {
      await pass(delayOf(key));
      if (key === KEY) written.push(JSON.parse(value).refreshToken);
      kept.set(key, value);
    },
  };
  const used = new Set();
  let renewals = 0;
  const answers = {
    '/cgi-bin/component/api_component_token': () => ({ component_access_token: 'canary-component', expires_in: 7200 }),
    '/cgi-bin/component/api_query_auth': ({ authorization_code: code }) => {
      if (used.has(code)) return { errcode: 61010, errmsg: 'code is expired' };
      used.add(code);
      return { authorization_info: { ...tokens(`refresh-canary-${code}`), authorizer_appid: appId, func_info: [] } };
    },
    '/cgi-bin/component/api_authorizer_token': () => tokens(`refresh-canary-${(renewals += 1)}`),
    '/wxa/get_category': () => ({ errcode: 0, category_list: [] }),
  };
  const fetch = async (url, { body }) => Response.json(answers[new URL(url).pathname](body && JSON.parse(body)));
  const componentAppSecret = 'canary0123456789canary0123456789';
  return { kept, written, platform: createPlatform({ componentAppId, componentAppSecret, store, fetch }) };
}

const tokens = (refreshToken) => ({
  authorizer_access_token: `access-of-${refreshToken}`,
  authorizer_refresh_token: refreshToken,
  expires_in: 7200,
});

test('consents that come at once while the store is slow: the last refresh token is kept', async () => {
  let writes = 0;
  let isDown = true;
  const { kept, platform } = made((key) => {
    if (isDown && key === KEY) throw new Error('down');
    return key === KEY && (writes += 1) === 1 ? 400 : 50;
  });
  // The first consent is held, because the store does not take it.
  assert.equal((await failure(platform.authorize('first'))).code, 'CONFIGURATION');
  isDown = false;
  // The owner consents again, comes back, and is pushed.
  const page = platform.authorize('second');
  await pass(10);
  const consents = await Promise.all([page, platform.authorize('second')]);
  assert.deepEqual(consents, Array(2).fill({ appId, permissionSets: [] }));
  assert.equal(JSON.parse(kept.get(KEY)).refreshToken, 'refresh-canary-second');
  assert.deepEqual(await platform.client(appId).getCategory(), { categories: [] });
});

test('a write that comes too late never comes last', { timeout: 20_000 }, async () => {
  let isSlow = false;
  const { kept, written, platform } = made((key) => (isSlow && key === KEY ? 2600 : 5));
  await platform.authorize('owner');
  kept.set(KEY, JSON.stringify({ refreshToken: 'refresh-canary-owner' }));
  isSlow = true;
  const first = await failure(platform.client(appId).getCategory());
  assert.deepEqual([first.code, first.cause.code], ['CONFIGURATION', 'ETIMEDOUT']);
  isSlow = false;
  const second = await failure(platform.client(appId).getCategory());
  assert.deepEqual([second.code, second.cause.code], ['CONFIGURATION', 'EBUSY']);
  await pass(800);
  assert.deepEqual(written, ['refresh-canary-owner', 'refresh-canary-1']);
  assert.deepEqual(await platform.client(appId).getCategory(), { categories: [] });
});
