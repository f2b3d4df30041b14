// Whole calls over HTTP, against the sandbox in another process: how many in a second, and how long one takes, with 1, 10 and
// 100 at once. Beside them the same requests through `fetch` alone, with nothing built, signed, read or decrypted.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { createClient, openMerchant, operations } from 'wechat-realname';
import { spread } from './measure.mjs';

const person = { openid: 'o', realName: '张三', credId: '11010519491231002X', code: 'sandbox:V_OP_NM_MA/V_NM_ID_MA' };

/** Rows `check-1` to `check-100` (`checkRealNameInfo`) and `read-1` to `read-100` (`getRealNameInfo`). */
export async function throughputRows({ rounds, roundMs, concurrency = [1, 10, 100] }) {
  const sandbox = fork(fileURLToPath(new URL('./processes/sandbox.mjs', import.meta.url)), { execArgv: [] });
  try {
    const died = once(sandbox, 'exit').then(() => Promise.reject(new Error('the sandbox died')));
    died.catch(() => undefined);
    const [{ baseUrl, accessToken, merchant: files, authToken }] = await Promise.race([once(sandbox, 'message'), died]);
    const merchant = openMerchant(files);
    const client = createClient({ baseUrl, accessToken, merchant, retries: 0 });
    const context = { baseUrl, accessToken, merchant };
    const kinds = {
      check: {
        ours: async () => (await client.checkRealNameInfo(person)).matched,
        fetch: alone(() => operations.checkRealNameInfo(person, context).request),
      },
      read: {
        ours: async () => (await client.getRealNameInfo({ authToken })).realName === person.realName,
        // Signed once: the timestamp is good for minutes.
        fetch: alone(() => operations.getRealNameInfo({ authToken }, context).request),
      },
    };
    const rows = [];
    for (const [kind, callers] of Object.entries(kinds)) {
      for (const atOnce of concurrency) {
        const contestants = await measured(callers, { rounds, roundMs, atOnce });
        rows.push({ id: `${kind}-${atOnce}`, section: 'throughput', atOnce, contestants });
      }
    }
    return rows;
  } finally {
    sandbox.disconnect();
  }
}

function alone(prepare) {
  let request;
  return async () => {
    request ??= prepare();
    const { url, ...init } = request;
    const response = await fetch(url, init);
    return (await response.json()).errcode === 0;
  };
}

async function measured(callers, { rounds, roundMs, atOnce }) {
  const runners = Object.entries(callers).map(([id, call]) => ({ id, call, perSecond: [], latencies: [] }));
  for (const { call } of runners) await crowd(call, atOnce, roundMs / 2, []);
  for (let round = 0; round < rounds; round++) {
    globalThis.gc?.();
    for (let place = 0; place < runners.length; place++) {
      const { call, perSecond, latencies } = runners[(round + place) % runners.length];
      perSecond.push(await crowd(call, atOnce, roundMs, latencies));
    }
  }
  const [reference] = runners;
  return runners.map(({ id, perSecond, latencies }) => {
    const sorted = latencies.sort((a, b) => a - b);
    const percentile = (part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
    return {
      id,
      unit: 'per second',
      ...spread(perSecond),
      p50: percentile(0.5),
      p99: percentile(0.99),
      ratio: spread(perSecond.map((rate, round) => reference.perSecond[round] / rate)),
    };
  });
}

/** So many callers at once, each calling again and again; gives the calls per second. */
async function crowd(call, atOnce, ms, latencies) {
  const began = performance.now();
  let count = 0;
  const caller = async () => {
    while (performance.now() - began < ms) {
      const sent = performance.now();
      if (!(await call())) throw new Error('a call to the sandbox has the wrong answer');
      latencies.push(performance.now() - sent);
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, caller));
  return (count * 1000) / (performance.now() - began);
}
