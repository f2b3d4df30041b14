// `cargo xtask bench`: runs every section on one Node, prints tables, and writes target/bench/results.json and the plot. With
// `--quick` few rounds, to see that everything works; with `--only <words>` those sections alone; with `--save` the docs too.
import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { goalsOf } from './goals.mjs';
import { plot } from './plot.mjs';
import { SECTIONS } from './sections.mjs';
import { TABLES, text } from './tables.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const out = path.join(root, 'target/bench');
const require = createRequire(import.meta.url);

const options = { quick: { type: 'boolean' }, save: { type: 'boolean' }, only: { type: 'string' } };
const { quick = false, save = false, only } = parseArgs({ options }).values;
if (save && (quick || only)) throw new Error('what is saved is a whole run: --save goes with neither --quick nor --only');

/** Table → the section without which there is none. */
const PRINTED = {
  whole: ['crypto', 'The crypto of one getRealNameInfo: times as long as ours (time)'],
  sign: ['crypto', 'One signature'],
  decrypt: ['crypto', 'Two decryptions, and the name from GBK'],
  cold: ['cold-start', 'Cold start, to the first signed request'],
  pushes: ['pushes', 'Pushes, opened and parsed'],
  data: ['data', 'Requests, replies, and the boundary'],
  growth: ['data', 'Growing bodies and batches'],
  throughput: ['throughput', 'Calls to the sandbox'],
  memory: ['memory', 'Memory'],
  loaded: ['sizes', 'What a process reads'],
  files: ['sizes', 'What is shipped'],
  native: ['native', 'The crate, natively'],
};

const node = pinnedNode();
if (node !== process.execPath) {
  const { status } = spawnSync(node, process.argv.slice(1), { stdio: 'inherit' });
  process.exit(status ?? 1);
}

const rows = [];
for (const name of Object.keys(SECTIONS)) {
  if (only && !name.includes(only)) continue;
  const began = performance.now();
  process.stdout.write(`  ${name} … `);
  rows.push(...(await section(name)));
  console.log(`${((performance.now() - began) / 1000).toFixed(0)} s`);
}
const native = only ? [] : nativeResults();
const results = rounded({
  version: require('wechat-realname').version,
  date: new Date().toISOString().slice(0, 10),
  quick,
  machine: machine(),
  peers: peers(),
  goals: goalsOf(rows),
  rows,
  native,
});

for (const [name, [needed, title]] of Object.entries(PRINTED)) {
  const isThere = needed === 'native' ? native.length > 0 : rows.some((row) => row.section === needed);
  if (isThere) console.log(`\n${title}\n${text(TABLES[name](results, 'en'))}`);
}
const judged = only ? results.goals.filter(({ measured }) => measured !== undefined) : results.goals;
if (judged.length > 0) console.log(`\nGoals\n${text(TABLES.goals({ goals: judged }, 'en'))}`);
console.log(`
  "× ours" is the median, over the rounds, of how many times as long as ours it took in the same round; times are medians.
  node-rsa, as it comes, signs with OpenSSL; the goals mean its own JavaScript.
  Node ${results.machine.node} with OpenSSL ${results.machine.openssl}, ${results.machine.cpu}, ${results.machine.cores} cores`);
if (!process.version.startsWith('v24.')) {
  console.log('  This is not Node 24: benches/package.json has none for this platform.');
}
if (quick) console.log('  --quick: these figures show that the bench works, and nothing else.');

fs.mkdirSync(out, { recursive: true });
const json = `${JSON.stringify(results, null, 1)}\n`;
fs.writeFileSync(path.join(out, 'results.json'), json);
console.log('\n  target/bench/results.json');
if (!only) {
  fs.writeFileSync(path.join(out, 'speed.svg'), plot(results, 'en'));
  console.log('  target/bench/speed.svg');
}
if (save) {
  fs.writeFileSync(path.join(root, 'docs/speed.json'), json);
  const { status } = spawnSync(process.execPath, [fileURLToPath(new URL('./page.mjs', import.meta.url))], { stdio: 'inherit' });
  if (status !== 0) throw new Error('the pages could not be written');
  console.log('  docs/speed.json, its plots, and docs/en/speed.md, docs/zh/speed.md');
}

/** The one of benches/package.json, or, on platforms for which it has none, whichever runs this. */
function pinnedNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const file = fileURLToPath(new URL(`./node_modules/node-24-${process.platform}-${process.arch}/bin/${name}`, import.meta.url));
  // Where it is there and does not run, it is for another C library.
  return fs.existsSync(file) && spawnSync(file, ['--version']).status === 0 ? fs.realpathSync(file) : process.execPath;
}

async function section(name) {
  const words = [name, String(quick), process.env.TARBALL];
  const file = fileURLToPath(new URL('./sections.mjs', import.meta.url));
  const child = fork(file, words, { execArgv: ['--expose-gc', '--no-warnings'] });
  let told = { failed: 'its process ended without a word' };
  child.on('message', (message) => { told = message; });
  await once(child, 'exit');
  if (told.failed) throw new Error(`${name}: ${told.failed}`);
  return told.rows;
}

/** What criterion found, where xtask had it measure first. */
function nativeResults() {
  const folder = path.join(out, 'criterion');
  if (!fs.existsSync(folder)) return [];
  const found = fs.readdirSync(folder, { recursive: true }).map(String).filter((name) => /new.estimates\.json$/.test(name));
  return found.sort().map((name) => {
    const { median } = JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'));
    const { full_id: id } = JSON.parse(fs.readFileSync(path.join(folder, path.dirname(name), 'benchmark.json'), 'utf8'));
    const { confidence_interval: { lower_bound, upper_bound }, point_estimate } = median;
    return { id, median: point_estimate / 1e6, low: lower_bound / 1e6, high: upper_bound / 1e6 };
  });
}

/** What of the machine matters, and nothing that names it. */
function machine() {
  const { node, openssl, v8 } = process.versions;
  const [{ model }] = os.cpus();
  return { cpu: model.trim(), cores: os.cpus().length, platform: `${process.platform} ${process.arch}`, node, openssl, v8 };
}

function peers() {
  const { dependencies } = JSON.parse(fs.readFileSync(new URL('./package.json', import.meta.url), 'utf8'));
  return dependencies;
}

/** Four digits of every measured number: more would be noise, and differ in every run. */
function rounded(value) {
  if (typeof value === 'number') return Number.isInteger(value) ? value : Number(value.toPrecision(4));
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, rounded(inner)]));
}
