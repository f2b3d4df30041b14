// Very many calls in one process: nothing of them may stay in its memory, neither in the module's nor in JavaScript's.
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import test from 'node:test';

import { fixtures } from './support.mjs';

/** How many calls: `checkRealNameInfo`, of which every fourth fails, and `getRealNameInfo`, which uses the key three times. */
const CHECKS = 100_000;
const READS = 3000;
const CONCURRENCY = 16;

/** Samples of the memory. The first ones see what is made once, such as code and connections, and are not counted. */
const PARTS = 20;
const WARM_UP = 5;

/**
 * What the heap may grow by, in bytes per call. A listener, a timer or an entry in a list, with the closure that it holds, is
 * more than 100 bytes; of 100 calls 3 are aborted, 3 run out of time and 2 reach nobody: so the least that one of these ways
 * can leave behind is 2 bytes per call. What is measured where nothing is left is within 0.5, up or down.
 */
const MOST = 2;

test('a hundred thousand calls, good and bad, leave nothing in the memory', async (t) => {
  const sandbox = fork(path.join(fixtures, 'endurance_sandbox.mjs'));
  t.after(() => sandbox.kill('SIGKILL'));
  const died = once(sandbox, 'exit').then(() => Promise.reject(new Error('the sandbox died')));
  died.catch(() => undefined);
  const [given] = await Promise.race([once(sandbox, 'message'), died]);
  // Without the optimising compiler, whose notes on what it tried grow for as long as a process lives.
  const calls = fork(path.join(fixtures, 'endurance.mjs'), { execArgv: ['--expose-gc', '--no-opt'] });
  t.after(() => calls.kill('SIGKILL'));
  const ended = once(calls, 'exit');
  const samples = [];
  let done;
  calls.on('message', (told) => {
    if (told.sample) samples.push(told.sample);
    done ??= told.done;
  });
  const began = performance.now();
  calls.send({ ...given, parts: PARTS, checks: CHECKS / PARTS, reads: READS / PARTS, concurrency: CONCURRENCY });
  assert.deepEqual(await ended, [0, null]);

  const { counts, told, listeners } = done;
  const seconds = (performance.now() - began) / 1000;
  const made = Object.values(counts).reduce((sum, count) => sum + count);
  const counted = samples.slice(WARM_UP - 1);
  const [before, after] = [counted[0], counted.at(-1)];
  const growth = (name) => slope(counted.map((sample) => sample[name])) / (made / PARTS);
  t.diagnostic(`${made} calls in ${seconds.toFixed()} s: ${JSON.stringify(counts)}`);
  t.diagnostic(`pages of WebAssembly memory: ${before.pages} after warm-up, ${after.pages} at the end`);
  for (const name of ['heapUsed', 'external', 'arrayBuffers']) {
    t.diagnostic(`${name}: ${before[name]} after warm-up, ${after[name]} at the end, ${growth(name).toFixed(2)} bytes per call`);
  }

  assert.ok(before.pages > 0);
  assert.equal(after.pages, before.pages, 'the module’s memory has grown');
  for (const name of ['heapUsed', 'external', 'arrayBuffers']) {
    assert.ok(growth(name) < MOST, `${name} grows: ${counted.map((sample) => sample[name])}`);
  }
  assert.equal(listeners, 0, 'there are listeners left on a signal');
  assert.deepEqual(new Set(samples.map(({ timers }) => timers)), new Set([0]), 'there are timers left');
  // Every one that was sent was told, and those whose token was refused twice.
  assert.ok(told > made * 0.95);
});

/** How much more one is than the one before: the median of it over every two of them, on which a single step has no effect. */
function slope(values) {
  const all = values.flatMap((from, at) => values.slice(at + 1).map((to, further) => (to - from) / (further + 1)));
  return all.sort((a, b) => a - b)[Math.floor(all.length / 2)];
}
