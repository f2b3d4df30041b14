// The Nodes that CloudBase offers, Bun and Deno, each with the whole round trip from the tarball: installed, imported, bundled.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { bundlers } from './bundlers.mjs';
import { ALL_OPENED, fixtures, folder, keyFiles, project, root, row, vectors } from './support.mjs';

const runtimes = path.join(root, 'js-tests/runtimes');
const { dependencies } = JSON.parse(fs.readFileSync(path.join(runtimes, 'package.json'), 'utf8'));

/** How each is started; `read` is the file that a script may read. */
const kinds = {
  node: { title: 'Node', binary: 'bin/node', words: () => [] },
  bun: { title: 'Bun', binary: 'bin/bun', words: () => ['run', '--no-install'] },
  // All that the package asks of Deno is the network: WeChat's host, and here the sandbox.
  deno: {
    title: 'Deno',
    binary: 'deno',
    words: (read) => ['run', '--no-prompt', '--no-remote', '--allow-net=127.0.0.1', ...(read ? [`--allow-read=${read}`] : [])],
  },
};

for (const [name, specifier] of Object.entries(dependencies)) {
  const [kind, version] = name.split('-');
  if (!kinds[kind]) continue;
  const { title, binary, words } = kinds[kind];
  const runtime = `${title} ${version}`;
  const program = path.join(runtimes, 'node_modules', name, binary);

  test(`the round trip on ${runtime}`, async (t) => {
    row(t, runtime, 'round trip: require, import, bundled');
    const run = starter(t, program, words);
    assert.ok(execFileSync(program, ['--version'], { encoding: 'utf8' }).includes(specifier.split('@').at(-1)));
    assert.equal(run('roundtrip.cjs'), 'round trip done\n');
    assert.equal(run('roundtrip.mjs'), 'round trip done\n');
    assert.equal(run('instance.mjs'), 'one instance\n');
    // What is behind Deno's node:crypto, and an OpenSSL that lets a clock tell, are only taken where they are asked for.
    const isCareful = kind !== 'deno' && name !== 'node-16.13';
    assert.equal(run('engine.cjs'), `${isCareful ? 'host' : 'wasm'},host,wasm 1\n`);
    for (const file of ['roundtrip.cjs', 'roundtrip.mjs']) {
      assert.equal(run(await bundled(file, run.made)), 'round trip done\n', `bundled ${file}`);
    }
  });

  test(`files under a password on ${runtime}`, async (t) => {
    row(t, runtime, 'key files under a password');
    const run = starter(t, program, words);
    assert.equal(run('key_files.cjs', keyFiles), ALL_OPENED);
    assert.equal(run(await bundled('key_files.cjs', run.made), keyFiles), ALL_OPENED);
  });

  test(`what goes wrong on the way, on ${runtime}`, (t) => {
    row(t, runtime, 'failures of the network');
    assert.equal(starter(t, program, words)('failures.mjs'), 'failures told\n');
  });

  test(`the command line on ${runtime}`, (t) => {
    row(t, runtime, 'the command line');
    const run = starter(t, program, () => (kind === 'deno' ? ['run', '--no-prompt', '--no-remote', '--allow-read', '--allow-env'] : words()));
    const [{ pkcs8, certificate, serial, timestamp, sign, people: [person] }] = vectors;
    const { encryted_real_name, encryted_credential_id } = person;
    const written = { 'key.pem': pkcs8, 'cert.pem': certificate, 'reply.json': JSON.stringify({ encryted_real_name, encryted_credential_id }) };
    for (const [name, text] of Object.entries(written)) fs.writeFileSync(path.join(run.made, name), text);
    const cli = (...more) => run(path.join('node_modules', 'wechat-realname', 'dist', 'cli.cjs'), undefined, more);
    assert.equal(cli('serial', 'cert.pem'), `${serial}\n`);
    assert.equal(cli('sign', '--key', 'key.pem', '--cert', 'cert.pem', '--timestamp', String(timestamp)), `${sign}\n`);
    assert.equal(JSON.parse(cli('open', 'reply.json', '--key', 'key.pem', '--reveal', '--json')).realName, person.name);
    assert.equal(JSON.parse(cli('report', 'key.pem', 'cert.pem', '--json')).findings.length, 4);
    assert.match(cli('--help', '--lang', 'zh'), /用法：/);
    assert.throws(() => cli('sing'), ({ status, stderr }) => status === 2 && /did you mean sign/.test(stderr));
  });

  if (kind === 'node') continue;

  test(`pushes on ${runtime}`, (t) => {
    row(t, runtime, `pushes behind ${title}.serve`);
    assert.equal(starter(t, program, words)('push_server.mjs'), 'pushes taken\n');
  });
}

/** Runs fixtures in an empty project of theirs, which is `made`. */
function starter(t, program, words) {
  const made = project(t);
  // What Deno keeps of its own.
  const env = { ...process.env, DENO_DIR: folder(t) };
  for (const file of ['roundtrip.cjs', 'roundtrip.mjs', 'engine.cjs', 'instance.mjs', 'key_files.cjs', 'failures.mjs', 'push_server.mjs']) {
    fs.copyFileSync(path.join(fixtures, file), path.join(made, file));
  }
  const run = (file, read, more = read ? [read] : []) =>
    execFileSync(program, [...words(read), file, ...more], { cwd: made, env, encoding: 'utf8', stdio: 'pipe' });
  return Object.assign(run, { made });
}

/** A fixture and the package as one file beside it, as people bundle their cloud functions. */
async function bundled(fixture, made) {
  const name = fixture.replace('.', '.bundle.');
  const files = { entry: path.join(fixtures, fixture), outfile: path.join(made, name) };
  await bundlers['esbuild 0.28']({ ...files, platform: 'node', format: fixture.endsWith('.cjs') ? 'cjs' : 'esm' });
  return name;
}
