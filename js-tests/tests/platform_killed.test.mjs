// A process killed anywhere in the renewal of a mini program's tokens never loses the refresh token: without it the owner
// would have to consent anew. Real processes, a real Redis, and a WeChat behind a proxy; kill -9 at each step, and anywhere.
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import test from 'node:test';

import { createPlatform, openPushChannel } from 'wechat-realname';
import { startSandbox } from 'wechat-realname/sandbox';
import { redisStore } from './fixtures/redis_store.mjs';
import { NO_REDIS, startRedis } from './redis.mjs';
import { failure, fixtures } from './support.mjs';

/** Kills at each step, and kills at any time. */
const ROUNDS = 3;
const RANDOM_ROUNDS = 40;

/** How long the way to WeChat and the way to Redis take, one way: so that a kill at any time finds a call under way. */
const HTTP_MS = 4;
const REDIS_MS = 2;

/** How long a process stands at a step before it is killed: time to go on with what should have waited. */
const LINGER_MS = 100;

/** Where a process is killed, and which refresh token is kept then. */
const STEPS = {
  requestNotSent: ['before the request for new tokens has reached WeChat', 'old'],
  answerNotThere: ['after WeChat answered it, before the answer has arrived', 'old'],
  beforeSet: ['after the answer has arrived, before SET is sent', 'old'],
  setNotThere: ['with SET sent, before it has reached Redis', 'old'],
  setNotConfirmed: ['with SET done, before Redis has confirmed it', 'new'],
  tokenNotUsed: ['after SET, before the new access token’s first use', 'new'],
  useNotAnswered: ['after its first use, before the reply', 'new'],
};

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A mini program that authorised the platform, and two proxies that know at which step its renewal is. */
async function set(t) {
  const sandbox = await startSandbox();
  t.after(() => sandbox.close());
  const redis = await startRedis(t);
  const store = storeOn(t, redis.url);
  const { componentAppId, componentAppSecret, token, encodingAesKey } = sandbox.platform;
  const options = { componentAppId, componentAppSecret };
  const platform = createPlatform({ ...options, baseUrl: sandbox.baseUrl, store });
  const channel = openPushChannel({ token, encodingAesKey, appId: componentAppId });
  /** WeChat's tickets come every ten minutes. */
  const ticket = async () => {
    const { query, body } = sandbox.makePush({ kind: 'ticket' });
    const { msg_signature: msgSignature, timestamp, nonce } = query;
    await platform.acceptTicket(channel.open({ msgSignature, timestamp, nonce, body }, { now: sandbox.clock.now() }));
  };
  await ticket();
  const { appId, authorizationCode } = sandbox.addTrial();
  await platform.authorize(authorizationCode);

  const key = `wechat-realname:${componentAppId}:authorizer:${appId}`;
  const kept = async () => JSON.parse((await store.get(key)) ?? '{}');
  /** So that the next call renews: WeChat refuses the access token, or it is said to be old. */
  const makeOld = async (how) => {
    if (how === 'refused') {
      sandbox.clock.advance(7200);
      await ticket();
    } else await store.set(key, JSON.stringify({ ...(await kept()), freshUntil: 1 }));
  };

  const steps = new Steps();
  const wechat = await proxyOfWeChat(t, sandbox.baseUrl, steps);
  const proxy = await proxyOfRedis(t, redis.port, steps);
  /** What a process is told: to reach everything through the proxies. */
  const told = { ...options, appId, baseUrl: wechat.baseUrl, redisUrl: proxy.url };
  const settled = () => Promise.all([wechat.settled(), proxy.settled()]);
  return { sandbox, redis, store, options, platform, appId, kept, makeOld, steps, wechat, proxy, told, settled };
}

function storeOn(t, url) {
  const store = redisStore(url);
  // By force: without a connection the other way waits for one.
  t.after(() => store.store.disconnect(true));
  return store;
}

/** The steps of a renewal: at one of them everything stops until the process is dead, and what stopped goes no further. */
class Steps {
  #stop;

  /** Resolves once that step is come to. */
  stopAt(step) {
    return new Promise((reached) => {
      let goOn;
      const over = new Promise((resolve) => (goOn = resolve));
      this.#stop = { step, reached, over, goOn };
    });
  }

  goOn() {
    this.#stop?.goOn();
    this.#stop = undefined;
  }

  async at(step) {
    if (this.#stop?.step !== step) return;
    this.#stop.reached();
    await this.#stop.over;
    throw new Error('the process was killed at this step');
  }
}

/** Between a process and WeChat. `handedOut`: the tokens that were on their way to it, and the refresh token they were for. */
async function proxyOfWeChat(t, baseUrl, steps) {
  const underWay = new Set();
  const handedOut = [];
  const answer = async (incoming, outgoing) => {
    const { method, url } = incoming;
    const body = await text(incoming);
    await wait(HTTP_MS);
    const renews = url.startsWith('/cgi-bin/component/api_authorizer_token');
    const used = new URL(url, baseUrl).searchParams.get('access_token');
    const last = handedOut.at(-1);
    const isFirstUse = used !== null && used === last?.accessToken && !last.isUsed;
    if (isFirstUse) last.isUsed = true;
    if (renews) await steps.at('requestNotSent');
    if (isFirstUse) await steps.at('tokenNotUsed');
    const reply = await fetch(baseUrl + url, { method, ...(body && { body }) });
    const answered = await reply.text();
    const { authorizer_access_token: accessToken, authorizer_refresh_token: refreshToken } = JSON.parse(answered);
    // WeChat may have refused it, for an old component_access_token: then it is asked again.
    if (renews && refreshToken !== undefined) {
      handedOut.push({ inExchangeFor: JSON.parse(body).authorizer_refresh_token, accessToken, refreshToken });
      await steps.at('answerNotThere');
    }
    if (isFirstUse) await steps.at('useNotAnswered');
    await wait(HTTP_MS);
    outgoing.writeHead(reply.status, { 'content-type': 'application/json' }).end(answered);
  };
  const server = http.createServer((incoming, outgoing) => {
    // Whoever was killed gets no answer; what was passed on to WeChat before is answered there all the same.
    const done = answer(incoming, outgoing)
      .catch(() => outgoing.destroy())
      .finally(() => underWay.delete(done));
    underWay.add(done);
  });
  const port = await listening(t, server);
  t.after(() => server.closeAllConnections());
  return { baseUrl: `http://127.0.0.1:${port}`, handedOut, settled: () => Promise.all(underWay) };
}

/** A SET of a mini program's tokens, as Redis is told it. */
const IS_SET = /\$3\r\nSET\r\n\$\d+\r\n[^\r]*:authorizer:/;

/** Between a process and Redis. */
async function proxyOfRedis(t, redisPort, steps) {
  const open = new Map();
  const server = net.createServer((near) => {
    const far = net.connect(redisPort, '127.0.0.1');
    open.set(far, new Promise((resolve) => far.once('close', resolve)));
    far.once('close', () => {
      open.delete(far);
      near.destroy();
    });
    let sets = false;
    passOn(near, far, async (bytes) => {
      sets = IS_SET.test(bytes.toString('latin1'));
      if (sets) await steps.at('setNotThere');
    });
    passOn(far, near, async () => {
      if (sets) await steps.at('setNotConfirmed');
    });
  });
  const port = await listening(t, server);
  const close = () => [...open.keys()].forEach((socket) => socket.destroy());
  t.after(close);
  return {
    url: `redis://127.0.0.1:${port}`,
    settled: () => Promise.all(open.values()),
    /** Between these two nobody gets through. */
    cut: () => {
      server.close();
      close();
    },
    mend: () => new Promise((resolve) => server.listen(port, '127.0.0.1', resolve)),
  };
}

/** One direction of a connection, in order and with a delay. What has arrived when it ends is still passed on. */
function passOn(from, to, before) {
  let last = Promise.resolve();
  const one = async (bytes) => {
    await before(bytes);
    await wait(REDIS_MS);
    if (!to.destroyed) to.write(bytes);
  };
  from.on('data', (bytes) => {
    last = last.then(() => one(bytes)).catch(() => undefined);
  });
  from.on('error', () => undefined);
  from.once('close', () => void last.then(() => to.end()));
}

async function listening(t, server) {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return server.address().port;
}

/** Whether a message says how the call ended. */
const isOutcome = (told) => 'categories' in Object(told) || 'failed' in Object(told);

/** A process that is ready to make the call. */
async function processOf(t) {
  const child = fork(path.join(fixtures, 'refresh.mjs'));
  const exited = once(child, 'exit').then(([code, signal]) => signal ?? code);
  t.after(() => child.kill('SIGKILL'));
  const message = (is) =>
    new Promise((resolve, reject) => {
      child.on('message', (told) => is(told) && resolve(told));
      exited.then((how) => reject(new Error(`the process ended (${how}) before that`)));
    });
  await message((told) => told === 'ready');
  const kill = async () => {
    child.kill('SIGKILL');
    return exited;
  };
  return { tell: (words) => child.send(words), message, kill, exited };
}

/** The call in a process that nobody kills. */
async function called(t, told) {
  const { tell, message, exited } = await processOf(t);
  const began = performance.now();
  const outcome = message(isOutcome);
  tell(told);
  const { failed, categories } = await outcome;
  const ms = performance.now() - began;
  assert.equal(failed, undefined);
  assert.equal(categories, 3);
  assert.equal(await exited, 0);
  return ms;
}

/** What must be true after a kill, and of the process that comes after it. Which refresh token was kept: `old` or `new`. */
async function recovers(t, { kept, wechat, told }, before) {
  const { refreshToken } = await kept();
  const { handedOut } = wechat;
  assert.ok(refreshToken, 'there is no refresh token in the store');
  const isOld = refreshToken === before.refreshToken;
  assert.ok(isOld || refreshToken === handedOut.at(-1).refreshToken, 'neither the old nor the new one');
  const { length } = handedOut;
  await called(t, told);
  // The old one is tried again; what came with the new one serves.
  assert.equal(handedOut.length, length + (isOld ? 1 : 0));
  if (isOld) assert.ok(handedOut.at(-1).inExchangeFor === before.refreshToken, 'another one was tried');
  assert.ok((await kept()).refreshToken === handedOut.at(-1).refreshToken, 'the new one is not kept');
  return isOld ? 'old' : 'new';
}

/** Alternately: they go different ways to the renewal. */
const waysToAge = (round) => (round % 2 ? 'dated' : 'refused');

test('killed at any step of a renewal, a process leaves the old refresh token or the new one', { skip: NO_REDIS }, async (t) => {
  const all = await set(t);
  const { makeOld, kept, steps, told, settled } = all;
  const killedAt = async (step) => {
    const { tell, message, kill } = await processOf(t);
    const reached = step === 'beforeSet' ? message((told) => told.step === step) : steps.stopAt(step);
    const ended = message(isOutcome).then(({ failed }) => assert.fail(`it got past the step: ${failed ?? 'it succeeded'}`));
    tell({ ...told, stopsBeforeSet: step === 'beforeSet' });
    try {
      await Promise.race([reached, ended]);
      await Promise.race([wait(LINGER_MS), ended]);
    } finally {
      ended.catch(() => undefined);
      assert.equal(await kill(), 'SIGKILL');
      steps.goOn();
    }
    await settled();
  };
  for (const [step, [words, which]] of Object.entries(STEPS)) {
    await t.test(`killed ${words}: the ${which} one is kept`, async (t) => {
      for (let round = 0; round < ROUNDS; round++) {
        await makeOld(waysToAge(round));
        const before = await kept();
        await killedAt(step);
        assert.equal(await recovers(t, all, before), which);
      }
    });
  }
  await t.test('killed again and again before the new one is kept: the old one is still good', async (t) => {
    await makeOld('refused');
    const before = await kept();
    for (const step of ['answerNotThere', 'beforeSet', 'setNotThere', 'answerNotThere', 'requestNotSent']) await killedAt(step);
    assert.equal(await recovers(t, all, before), 'old');
  });
});

test('killed at any moment, a process leaves the old refresh token or the new one', { skip: NO_REDIS }, async (t) => {
  const all = await set(t);
  const { makeOld, kept, told, settled } = all;
  const lengths = {};
  for (const way of ['refused', 'dated']) {
    const measured = [];
    for (let round = 0; round < 5; round++) {
      await makeOld(way);
      measured.push(await called(t, told));
    }
    lengths[way] = measured.sort((a, b) => a - b)[2];
  }
  const counts = { old: 0, new: 0, 'over before the kill': 0 };
  for (let round = 0; round < RANDOM_ROUNDS; round++) {
    const way = waysToAge(round);
    await makeOld(way);
    const before = await kept();
    const { tell, message, kill } = await processOf(t);
    const over = message(isOutcome).then(({ failed }) => assert.equal(failed, undefined));
    over.then(() => (counts['over before the kill'] += 1)).catch(() => undefined);
    tell(told);
    // Somewhere in each fortieth of the time that it takes.
    await wait(((round + Math.random()) / RANDOM_ROUNDS) * lengths[way]);
    await kill();
    await settled();
    counts[await recovers(t, all, before)] += 1;
  }
  t.diagnostic(`a renewal takes ${Object.values(lengths).map(Math.round)} ms; kept: ${JSON.stringify(counts)}`);
  assert.ok(counts.old > 0 && counts.new > 0, JSON.stringify(counts));
});

test('what Redis refuses to keep is not used: it costs the call, not the refresh token', { skip: NO_REDIS }, async (t) => {
  const { sandbox, store, platform, appId, kept, makeOld } = await set(t);
  const redis = await store.store.getClient();
  await makeOld('refused');
  const before = await kept();
  await redis.sendCommand(['CONFIG', 'SET', 'maxmemory', '1']);
  const error = await failure(platform.client(appId).getCategory());
  assert.deepEqual([error.code, error.field, error.action], ['CONFIGURATION', 'store', 'retry']);
  assert.ok((await kept()).refreshToken === before.refreshToken);
  await redis.sendCommand(['CONFIG', 'SET', 'maxmemory', '0']);
  await platform.client(appId).getCategory();
  assert.ok((await kept()).refreshToken !== before.refreshToken);
  assert.equal(sandbox.requests.at(-1).errcode, 0);
});

test('what could not be done without a connection is not done when there is one again', { skip: NO_REDIS }, async (t) => {
  const { sandbox, platform, options, appId, kept, proxy, told } = await set(t);
  // The other process's way to Redis is cut when it is to forget the mini program, whose owner then consents anew.
  const cut = storeOn(t, proxy.url);
  const other = createPlatform({ ...options, baseUrl: sandbox.baseUrl, store: cut });
  await other.client(appId).getCategory();
  const client = await cut.store.getClient();
  // Not node:events' once: it takes an `error` in between for the end.
  const event = (name) => new Promise((resolve) => client.once(name, resolve));
  const lost = event('reconnecting');
  proxy.cut();
  await lost;
  assert.equal((await failure(other.forget(appId))).field, 'store');
  await platform.authorize(sandbox.addTrial({ appId }).authorizationCode);
  const { refreshToken } = await kept();
  const back = event('ready');
  await proxy.mend();
  await back;
  // Redis does one thing after the other: what came before this is done.
  await client.sendCommand(['PING']);
  assert.ok((await kept()).refreshToken === refreshToken, 'the consent is gone');
  await called(t, told);
});
