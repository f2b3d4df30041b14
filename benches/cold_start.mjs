// Cold start: whole processes, from their start until the first signed request is ready. How long they take to end is not
// counted: those that are waited for go on.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { engines, vectors } from './crypto.mjs';
import { compared, sideBySide, spread } from './measure.mjs';

const script = (name) => fileURLToPath(new URL(`./processes/${name}`, import.meta.url));
const CJS = script('cold.cjs');
const PEERS = ['node:crypto', 'node-forge', 'node-rsa', 'jsencrypt', 'wx-server-sdk', 'co-wechat-api', 'node-easywechat'];

/** The row `cold-start`: times of whole processes, and in `over` what is left of each after that of a bare `node`. */
export function coldStartRows({ rounds }) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'wechat-realname-bench-'));
  try {
    return [coldStart(rounds, folder)];
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

function coldStart(rounds, folder) {
  const [{ pkcs8, serial, timestamp, sign }] = vectors;
  const KEY = path.join(folder, 'key.pem');
  fs.writeFileSync(KEY, pkcs8);
  const common = { ...process.env, KEY, SERIAL: serial, TIMESTAMP: String(timestamp), NODE_NO_WARNINGS: '1' };
  const all = [
    ...engines().map(({ id, engine, note }) => ({ id: `${id}-cjs`, note, words: [CJS, 'ours'], env: { ENGINE: engine } })),
    ...engines().map(({ id, engine, note }) => ({ id: `${id}-esm`, note, words: [script('cold.mjs')], env: { ENGINE: engine } })),
    ...PEERS.map((id) => ({ id, words: [CJS, id] })),
  ].map((one) => ({ ...one, env: { ...common, ...one.env } }));

  const failed = [];
  const right = all.filter((one) => {
    const { status, stdout } = spawnSync(process.execPath, one.words, { env: one.env, encoding: 'utf8' });
    const why = status === 0 ? (signed(stdout.split('\n').at(-2)) === sign ? undefined : 'wrong answer') : 'does not load';
    if (why) failed.push({ id: one.id, status: why });
    return !why;
  });
  if (failed.some(({ id }) => id.startsWith('ours'))) throw new Error('the package’s own cold start fails');

  const took = ({ words, env }) => () => {
    const began = process.hrtime.bigint();
    const { stdout } = spawnSync(process.execPath, words, { env, encoding: 'utf8' });
    return Number(BigInt(stdout.split('\n').at(-1)) - began) / 1e6;
  };
  const bare = { id: 'bare', words: [CJS, 'bare'], env: common };
  const times = new Map();
  const contestants = [...right, bare].map((one) => {
    const measured = took(one);
    // What the disk has to be asked for the first time is no part of it.
    measured();
    times.set(one.id, []);
    const kept = () => {
      const time = measured();
      times.get(one.id).push(time);
      return time;
    };
    return { id: one.id, note: one.note, measured: kept };
  });
  const measured = sideBySide(contestants, { rounds });
  const baseline = spread(times.get('bare')).median;
  const over = compared(right.map(({ id }) => ({ id, times: times.get(id).map((time) => time - baseline) })));
  const withOver = measured.map((one) => {
    const rest = over.find(({ id }) => id === one.id);
    return rest ? { ...one, over: { median: rest.median, q1: rest.q1, q3: rest.q3, ratio: rest.ratio } } : one;
  });
  return { id: 'cold-start', section: 'cold-start', contestants: [...withOver, ...failed] };
}

function signed(body) {
  try {
    return JSON.parse(body).sign;
  } catch {
    return undefined;
  }
}
