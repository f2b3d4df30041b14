// Two processes that share an access token through Redis, and a Redis that is killed, hangs and comes back: no call fails.
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import test from 'node:test';

import KeyvRedis from '@keyv/redis';
import Keyv from 'keyv';
import { createClient } from 'wechat-realname';
import { startSandbox } from 'wechat-realname/sandbox';
import { NO_REDIS, startRedis } from './redis.mjs';
import { fixtures } from './support.mjs';

/** How many calls each process makes in each state of things: several for each of its workers. */
const CALLS = 40;

const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A sandbox, a Redis, and processes that call the one on tokens that are in the other. */
async function set(t, { setUp, ...options } = {}) {
  const sandbox = await startSandbox();
  t.after(() => sandbox.close());
  const redis = await startRedis(t, options);
  const { appId, appSecret, baseUrl } = sandbox;
  const key = `wechat-realname:${appId}:access_token`;
  const all = [];
  const starts = async () => {
    const one = await processOf(t, { appId, appSecret, baseUrl, redisUrl: redis.url, setUp });
    all.push(one);
    return one;
  };
  /** How often WeChat was asked for a token. */
  const asked = () => sandbox.requests.filter(({ path }) => path === '/cgi-bin/stable_token').length;
  /** What is in Redis, seen through a connection of its own. */
  const kept = async () => {
    const store = new Keyv(new KeyvRedis(redis.url, { throwOnErrors: true }), { throwOnErrors: true });
    try {
      const value = await store.get(key);
      return value === undefined ? undefined : JSON.parse(value);
    } finally {
      await store.store.disconnect(true);
    }
  };
  /** Calls in all processes at once: none fails. Which tokens served, how often one was asked for, which outages were told. */
  const call = async () => {
    const before = asked();
    const made = await Promise.all(all.map((one) => one.calls(CALLS)));
    for (const { failed, slowestMs, gaps } of made) {
      assert.deepEqual(failed, []);
      // A store call costs half a second at most, and a second passes between two requests for a token; seen from where they
      // are sent, which a busy machine may do late the first time.
      assert.ok(slowestMs < 4000, `${slowestMs} ms`);
      assert.ok(gaps.every((ms) => ms > 700), `${gaps}`);
    }
    const tokens = new Set(made.flatMap(({ tokens }) => tokens));
    return { tokens, asked: asked() - before, outages: made.map(({ outages }) => outages) };
  };
  return { sandbox, redis, key, all, starts, asked, kept, call };
}

/** A process that goes on calling until it is ended. */
async function processOf(t, told) {
  const child = fork(path.join(fixtures, 'token_store.mjs'));
  t.after(() => child.kill('SIGKILL'));
  const died = once(child, 'exit').then(([code, signal]) => Promise.reject(new Error(`a process died (${signal ?? code})`)));
  died.catch(() => undefined);
  const message = (name) => {
    const came = new Promise((resolve) => {
      const listener = (words) => {
        if (!(name in words)) return;
        child.off('message', listener);
        resolve(words[name]);
      };
      child.on('message', listener);
    });
    return Promise.race([came, died]);
  };
  await message('ready');
  child.send(told);
  const ask = (words, answer) => {
    const answered = message(answer);
    child.send(words);
    return answered;
  };
  return {
    calls: (calls) => ask({ calls }, 'made'),
    /** Once it has a connection to Redis on which something answers. */
    reachesRedis: () => ask({ ping: true }, 'pong'),
    end: () => child.kill('SIGKILL'),
  };
}

/** What a store that fails is told as, once per process. */
function assertOneOutage(outages, key) {
  for (const told of outages) {
    assert.equal(told.length, 1, JSON.stringify(told));
    const [{ method, cause, durationMs, ...rest }] = told;
    assert.deepEqual(rest, { operation: 'tokenStore', url: key, code: 'CONFIGURATION', attempt: 1 });
    assert.ok(['get', 'set'].includes(method));
    assert.equal(typeof cause.name, 'string');
    assert.ok(durationMs < 1000, `${durationMs} ms`);
  }
}

/** What is true after some time, since nobody waits for a `set`. */
async function soon(is) {
  for (let left = 100; left > 0; left--) {
    const found = await is();
    if (found) return found;
    await wait(30);
  }
  assert.fail('it never came true');
}

const REFUSALS = {
  'the token is revoked': ({ sandbox }) => sandbox.revokeAccessTokens(),
  'the token is over': ({ sandbox }) => sandbox.clock.advance(7200),
};

test('two processes use one token', { skip: NO_REDIS }, async (t) => {
  const { sandbox, redis, starts, asked, kept, call, all } = await set(t);
  await starts();
  assert.equal((await call()).asked, 1);
  const { token, freshUntil } = await soon(kept);
  // Until five minutes before its end.
  assert.ok(Math.abs(freshUntil - (Date.now() / 1000 + 7200 - 300)) < 60, `${freshUntil}`);

  // One that comes later asks nobody.
  await starts();
  const { tokens, asked: askedLater } = await call();
  assert.deepEqual([...tokens], [sha256(token)]);
  assert.equal(askedLater, 0);
  const client = await new KeyvRedis(redis.url).getClient();
  try {
    const [stored, ...more] = await client.sendCommand(['KEYS', '*access_token*']);
    assert.deepEqual(more, []);
    const ttl = await client.sendCommand(['TTL', stored]);
    assert.ok(ttl > 6600 && ttl <= 7200, `${ttl}`);
  } finally {
    client.destroy();
  }

  // Two that come at once, when there is none yet.
  all.splice(0).forEach((one) => one.end());
  sandbox.revokeAccessTokens();
  await redis.kill();
  await redis.start();
  const before = asked();
  await Promise.all([starts(), starts()]);
  const both = await call();
  assert.equal(both.tokens.size, 1);
  assert.ok(asked() - before <= 2, `${asked() - before}`);
});

const SET_UPS = {
  recommended: 'set up as the README says',
  plain: 'set up without any options and without a listener for errors',
};

for (const [setUp, words] of Object.entries(SET_UPS)) {
  test(`no call fails whatever becomes of Redis, with a store ${words}`, { skip: NO_REDIS }, async (t) => {
    const all = await set(t, { setUp });
    const { redis, key, starts, kept, call } = all;
    await Promise.all([starts(), starts()]);
    await call();

    /** With Redis well, one token serves both, and it is in Redis. */
    const shares = (state) =>
      t.test(`Redis ${state}: one token for both`, async (t) => {
        await Promise.all(all.all.map((one) => one.reachesRedis()));
        for (const [refusal, refuse] of Object.entries(REFUSALS)) {
          await t.test(refusal, async () => {
            refuse(all);
            const { tokens, asked, outages } = await call();
            assert.equal(tokens.size, 1);
            assert.ok(asked === 1 || asked === 2, `${asked}`);
            await soon(async () => tokens.has(sha256((await kept())?.token ?? '')));
            assert.deepEqual(outages, [[], []]);
          });
        }
      });
    /** Without Redis each asks WeChat, and it is told once. */
    const manages = (state) =>
      t.test(`Redis ${state}: each asks for itself`, async (t) => {
        const outages = [[], []];
        for (const [refusal, refuse] of [['nothing is refused', () => undefined], ...Object.entries(REFUSALS)]) {
          await t.test(refusal, async () => {
            refuse(all);
            const made = await call();
            assert.equal(made.tokens.size, 1);
            assert.equal(made.asked, refusal === 'nothing is refused' ? 0 : 2);
            made.outages.forEach((told, index) => outages[index].push(...told));
          });
        }
        assertOneOutage(outages, key);
      });

    await shares('is well');
    await redis.kill();
    await manages('is gone');
    await redis.start();
    await shares('is back');
    redis.freeze();
    await manages('hangs');
    redis.thaw();
    await shares('goes on');
    redis.freeze();
    await manages('hangs again');
    await redis.kill();
    await redis.start();
    await shares('is another');
  });
  test(`a process may start before Redis does, with a store ${words}`, { skip: NO_REDIS }, async (t) => {
    const { sandbox, redis, key, all, starts, kept, call } = await set(t, { setUp });
    await redis.kill();
    await starts();
    const alone = await call();
    assert.equal(alone.asked, 1);
    assertOneOutage(alone.outages, key);
    await redis.start();
    await all[0].reachesRedis();
    sandbox.revokeAccessTokens();
    const { tokens } = await call();
    await soon(async () => tokens.has(sha256((await kept())?.token ?? '')));
  });
}

test('a store that comes back with a token from before fails no call', { skip: NO_REDIS }, async (t) => {
  const { sandbox, redis, all, starts, kept, call } = await set(t, { lasts: true });
  await Promise.all([starts(), starts()]);
  const { tokens } = await call();
  await soon(kept);
  await redis.kill();
  sandbox.revokeAccessTokens();
  // One knows what is kept and one does not: it started meanwhile.
  all.pop().end();
  await starts();
  await call();
  await redis.start();
  await Promise.all(all.map((one) => one.reachesRedis()));
  assert.ok(tokens.has(sha256((await kept()).token)), 'Redis does not have it any more');
  // What they hold is newer than what is kept, and both are refused.
  sandbox.revokeAccessTokens();
  await call();
});

for (const [words, ahead] of [['got in the same second', 0], ['kept by a machine whose clock is ahead', 600]]) {
  test(`a refused token is replaced, though another refused one is in the store, ${words}`, async (t) => {
    const sandbox = await startSandbox();
    t.after(() => sandbox.close());
    const { appId, appSecret, baseUrl } = sandbox;
    const tokenStore = new Map();
    const client = createClient({ appId, appSecret, baseUrl, tokenStore });
    await client.getCategory();
    const [[key, value]] = tokenStore;
    const { token, freshUntil } = JSON.parse(value);
    // This client's own token is a later one, as after an outage of the store.
    tokenStore.clear();
    sandbox.revokeAccessTokens();
    await client.getCategory();
    const held = JSON.parse(tokenStore.get(key));
    assert.notEqual(held.token, token);
    tokenStore.set(key, JSON.stringify({ token, freshUntil: Math.max(freshUntil, held.freshUntil) + ahead }));
    sandbox.revokeAccessTokens();
    const both = await Promise.allSettled([client.getCategory(), client.getCategory()]);
    assert.deepEqual(both.map(({ reason }) => reason?.message), [undefined, undefined]);
  });
}
