// Memory and sizes.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import zlib from 'node:zlib';

import { engines } from './crypto.mjs';
import { spread } from './measure.mjs';

const script = (name) => fileURLToPath(new URL(`./processes/${name}`, import.meta.url));
const PEERS = ['node-forge', 'node-rsa', 'jsencrypt', 'wx-server-sdk', 'co-wechat-api', 'node-easywechat'];
const quiet = { ...process.env, NODE_NO_WARNINGS: '1' };
const installed = fileURLToPath(new URL('./node_modules/wechat-realname/', import.meta.url));

/** Rows `rss` and `growth`, the first of several processes each. */
export function memoryRows({ processes, calls }) {
  const started = ({ id, engine, count }) => {
    const words = ['--expose-gc', script('memory.mjs'), id, String(count)];
    const env = { ...quiet, ...(engine && { ENGINE: engine }) };
    const { status, stdout } = spawnSync(process.execPath, words, { env, encoding: 'utf8' });
    return status === 0 ? JSON.parse(stdout) : undefined;
  };
  const ours = engines();
  const loaded = [...ours, { id: 'bare' }, ...PEERS.map((id) => ({ id }))].map((one) => ({ ...one, rss: [] }));
  for (let round = 0; round < processes; round++) {
    for (const one of loaded) {
      const samples = started({ ...one, count: 0 });
      if (samples) one.rss.push(samples[0].rss / 1e6);
    }
  }
  const contestants = loaded.map(({ id, note, rss }) =>
    rss.length === processes ? { id, ...(note && { note }), unit: 'MB', ...spread(rss) } : { id, status: 'does not load' },
  );
  const growth = ours.map(({ id, engine, note }) => {
    const samples = started({ id, engine, count: calls });
    if (!samples) throw new Error('the process whose memory is measured failed');
    return { id, ...(note && { note }), samples: samples.map(({ rss, pages }) => ({ rss: rss / 1e6, pages })) };
  });
  return [
    { id: 'rss', section: 'memory', contestants },
    { id: 'growth', section: 'memory', calls, contestants: growth },
  ];
}

/** Rows `loaded` (what a process reads), `tarball` and `files`: bytes. */
export function sizeRows({ tarball }) {
  const read = (name) => {
    const { status, stdout } = spawnSync(process.execPath, [script('loaded.cjs'), name], { env: quiet, encoding: 'utf8' });
    if (status !== 0) return { status: 'does not load' };
    const { files, bytes } = JSON.parse(stdout);
    return { files, unit: 'bytes', median: bytes };
  };
  const loaded = [{ id: 'ours', ...read('wechat-realname') }, ...PEERS.map((id) => ({ id, ...read(id) }))];
  const packed = fs.statSync(tarball).size;
  const everything = filesOf(installed);
  const bytesOf = (name) => fs.readFileSync(path.join(installed, name));
  const unpacked = everything.reduce((sum, name) => sum + bytesOf(name).length, 0);
  const shipped = everything
    .filter((name) => /^(dist|miniprogram_dist)\/[^/]+\.(cjs|mjs|js|wasm)$/.test(name))
    .map((name) => {
      const bytes = bytesOf(name);
      return { id: name, unit: 'bytes', median: bytes.length, brotli: zlib.brotliCompressSync(bytes).length };
    });
  return [
    { id: 'loaded', section: 'sizes', contestants: loaded },
    {
      id: 'tarball',
      section: 'sizes',
      contestants: [
        { id: 'packed', unit: 'bytes', median: packed },
        { id: 'unpacked', unit: 'bytes', median: unpacked, files: everything.length },
      ],
    },
    { id: 'files', section: 'sizes', contestants: shipped.sort((one, other) => other.median - one.median) },
  ];
}

function filesOf(folder) {
  const all = fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return all.map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'));
}
