// createPushHandler in front of a replay store with delays and faults of every kind, and a WeChat that sends again what was
// not answered with `success`. Ten times faster than life: the handler's times are changed in a copy of the package.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import test from 'node:test';

import { startSandbox } from 'wechat-realname/sandbox';
import { folder, installed } from './support.mjs';

const TIMES = {
  'ANSWER_AFTER_MS=4e3': 'ANSWER_AFTER_MS=400',
  'REMEMBER_MS=500': 'REMEMBER_MS=50',
  'LEASE_SECONDS=10': 'LEASE_SECONDS=1',
  'PROBE_SECONDS=2': 'PROBE_SECONDS=.2',
  'ASK_AGAIN_MS=250': 'ASK_AGAIN_MS=25',
};
const ANSWER_MS = 400;
const SEEDS = 400;

/** The package with its times a tenth. */
function faster(t) {
  const made = folder(t);
  for (const name of ['error.cjs', 'extras.cjs', 'index.cjs']) {
    let text = fs.readFileSync(path.join(installed, 'dist', name), 'utf8');
    for (const [time, tenth] of name === 'index.cjs' ? Object.entries(TIMES) : []) {
      assert.equal(text.split(time).length, 2, time);
      text = text.replace(time, tenth);
    }
    fs.writeFileSync(path.join(made, name), text);
  }
  return createRequire(import.meta.url)(path.join(made, 'index.cjs'));
}

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Random numbers from 0 to 1, the same for each seed (mulberry32). */
function randomOf(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Claims in memory: slow, and failing before, after, or not at all. */
function storeOf({ random, slowest, fault, often, has }) {
  const ends = new Map();
  const slowly = (work) => async (key, seconds) => {
    const isFaulty = fault !== 'none' && random() < often;
    await wait(random() * slowest);
    if (isFaulty && fault === 'before') throw new Error('before');
    const result = work(key, seconds);
    await wait(random() * slowest);
    if (isFaulty && fault === 'after') throw new Error('after');
    return result;
  };
  const isThere = (key) => (ends.get(key) ?? 0) > Date.now();
  return {
    claim: slowly((key, seconds) => {
      if (isThere(key)) return false;
      ends.set(key, Date.now() + seconds * 1000);
      return true;
    }),
    release: slowly((key) => void ends.delete(key)),
    ...(has && { has: slowly(isThere) }),
  };
}

/** Notes when this process stood still: then it is the machine's time that is tried, not the handler's. */
function watchOfStalls(t) {
  const stalls = [];
  let last = Date.now();
  const watch = setInterval(() => {
    const now = Date.now();
    if (now - last > 120) stalls.push(now);
    last = now;
  }, 20);
  t.after(() => clearInterval(watch));
  return (since) => stalls.some((stall) => stall >= since);
}

/** One event, sent until it is answered with `success`. */
async function simulate(seed, { createPushHandler }, channel, push) {
  const random = randomOf(seed);
  const one = (...choices) => choices[Math.floor(random() * choices.length)];
  const set = {
    random,
    slowest: one(0, 3, 15, 40),
    fault: one('none', 'none', 'before', 'after'),
    often: one(0.05, 0.2),
    has: random() < 0.5,
  };
  const kind = one('fast', 'rejects first', 'slow', 'late', 'late and rejects');
  const runs = [];
  const onEvent = async () => {
    const run = { rejected: false, started: Date.now() };
    runs.push(run);
    await wait({ fast: 10, 'rejects first': 30 + random() * 400, slow: 300, late: 600, 'late and rejects': 600 }[kind]);
    run.ended = Date.now();
    run.rejected = kind === 'late and rejects' || (kind === 'rejects first' && runs.length === 1);
    if (run.rejected) throw new Error('rejected');
  };
  const replay = storeOf(set);
  const handlers = Array.from({ length: one(1, 2, 3) }, () =>
    createPushHandler({ channel, replay, onEvent, onError: () => undefined }),
  );
  const deliveries = [];
  let isTaken = false;
  const send = async () => {
    for (let tries = 0; tries < 12 && !isTaken; tries++) {
      const { query, body } = push(seed);
      const started = Date.now();
      const { status } = await one(...handlers)(new Request(`http://x/?${new URLSearchParams(query)}`, { method: 'POST', body }));
      deliveries.push({ started, status, took: Date.now() - started });
      if (status === 200) isTaken = true;
      else await wait(100 + random() * 100);
    }
  };
  // Some are sent by two ways at once.
  await Promise.all([send(), ...(random() < 0.3 ? [wait(random() * 300).then(send)] : [])]);
  const taken = isTaken;
  await wait(900);
  const what = JSON.stringify({ seed, ...set, handlers: handlers.length, kind });
  // Acted upon, or promised: a run that failed when WeChat had its `success` is the caller's.
  const counted = runs.filter(
    (run) =>
      !run.rejected ||
      deliveries.some(
        ({ started, status }) => status === 200 && started <= run.started && run.ended - started >= ANSWER_MS - 20,
      ),
  );
  if (taken) assert.ok(counted.length >= 1, `answered with success and never acted upon: ${what}`);
  else assert.notEqual(set.fault, 'none', `never taken: ${what}`);
  assert.ok(counted.length <= 1, `acted upon ${counted.length} times: ${what}`);
  // Timers are late on a busy machine.
  const longest = Math.max(...deliveries.map(({ took }) => took));
  assert.ok(longest < ANSWER_MS + 300, `an answer took ${longest} ms: ${what}`);
}

test(`no event is lost and none acted upon twice: ${SEEDS} stores, runs and timings`, { timeout: 240_000 }, async (t) => {
  const fast = faster(t);
  const sandbox = await startSandbox();
  t.after(() => sandbox.close());
  const { componentAppId: appId, token, encodingAesKey } = sandbox.platform;
  const channel = fast.openPushChannel({ token, encodingAesKey, appId });
  const created = sandbox.clock.now();
  const push = (seed) =>
    sandbox.makePush({ xml: `<xml><CreateTime>${created}</CreateTime><InfoType>event-${seed}</InfoType></xml>` });
  const stalledSince = watchOfStalls(t);
  let stalled = 0;
  // Forty at a time: most of it is waiting.
  for (let from = 0; from < SEEDS; from += 40) {
    const started = Date.now();
    const results = await Promise.allSettled(Array.from({ length: 40 }, (_, at) => simulate(from + at, fast, channel, push)));
    const failed = results.find(({ status }) => status === 'rejected');
    if (failed && !stalledSince(started)) throw failed.reason;
    if (failed) stalled += 40;
  }
  if (stalled > 0) t.diagnostic(`${stalled} of ${SEEDS} do not count: the machine stood still meanwhile`);
  assert.ok(stalled < SEEDS / 2, 'the machine is too busy to tell');
});
