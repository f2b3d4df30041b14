// `wechat-realname sandbox`, as a process: the ready line, the log, the graceful stop.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import test from 'node:test';

import { build } from 'esbuild';
import { startSandbox } from 'wechat-realname/sandbox';
import { folder, installed, root } from './support.mjs';

/** The command line's program; until the package has it, the least that can carry the command. */
async function programIn(t) {
  const shipped = path.join(installed, 'dist/cli.cjs');
  if (fs.existsSync(shipped)) return shipped;
  const file = path.join(folder(t), 'cli.cjs');
  await build({
    stdin: {
      contents: `
        import { Command } from 'commander';
        import { sandbox } from './pkg-template/src/cli/sandbox';
        const language = process.argv.includes('zh') ? 'zh' : 'en';
        const json = process.argv.includes('--json');
        const world = { language, json, out: (text) => process.stdout.write(text), err: (text) => process.stderr.write(text) };
        const program = new Command('wechat-realname').option('--json').option('--lang <language>');
        sandbox(program, world);
        program.parseAsync().catch(({ code, field, message }) => {
          if (json) world.out(JSON.stringify({ error: { code, field, message } }));
          else world.err(message + '\\n');
          process.exitCode = 2;
        });`,
      resolveDir: root,
    },
    bundle: true,
    platform: 'node',
    target: 'node16.13',
    nodePaths: [path.join(root, 'js-tests/tools/node_modules')],
    outfile: file,
    plugins: [
      {
        name: 'published',
        setup: ({ onResolve }) =>
          onResolve({ filter: /^\.\.\/(error|sandbox)$/ }, ({ path: name }) => ({
            path: path.join(installed, 'dist', `${name.slice(3)}.cjs`),
            external: true,
          })),
      },
    ],
  });
  return file;
}

/** The command as a process; `ready` resolves with its first line. */
async function started(t, words) {
  const child = spawn(process.execPath, [await programIn(t), 'sandbox', ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  const said = { out: '', err: '' };
  child.stderr.on('data', (chunk) => { said.err += chunk; });
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, ...said }));
  const ready = new Promise((resolve) => {
    child.stdout.on('data', (chunk) => {
      said.out += chunk;
      if (said.out.includes('\n')) resolve(said.out.split('\n')[0]);
    });
    child.stdout.on('end', () => resolve(said.out));
  });
  return { child, said, ended, ready: await ready };
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  test(`one ready line on standard output, the log on standard error, and ${signal} ends it in peace`, async (t) => {
    if (process.platform === 'win32') return t.skip('Windows has no signals');
    const { child, said, ended, ready } = await started(t, ['--port', '0', '--latency', '1-5', '--forms', '2026']);
    const [, url] = /^ready (http:\/\/127\.0\.0\.1:\d+) /.exec(ready);
    const { accessToken, links } = await (await fetch(`${url}/sandbox`)).json();
    assert.ok(links.length > 15);
    assert.deepEqual(await (await fetch(`${url}/sandbox/latency`)).json(), { min: 1, max: 5 });
    assert.equal((await (await fetch(`${url}/wxa/get_category?access_token=${accessToken}`)).json()).errcode, 0);
    // Somebody who waits for an answer does not keep it.
    const pending = fetch(`${url}/wxa/get_category?access_token=sandbox:timeout`).catch(() => 'cut');
    while (!said.err.includes('timeout')) await new Promise((resolve) => setTimeout(resolve, 10));
    child.kill(signal);
    const { code, out, err } = await ended;
    assert.deepEqual([code, out.trim().split('\n').length, await pending], [0, 1, 'cut']);
    assert.match(err, /^\S+Z GET \/wxa\/get_category 200 errcode 0 \d+ ms: the access token is good$/m);
    assert.ok(!err.includes(accessToken));
  });
}

test('for programs: one line of JSON, and silence', async (t) => {
  const events = [];
  const receiver = http.createServer((incoming, outgoing) => {
    events.push(incoming.url);
    outgoing.end('success');
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  t.after(() => receiver.close());
  const pushUrl = `http://127.0.0.1:${receiver.address().port}/events`;
  const { child, said, ended, ready } = await started(t, ['--port', '0', '--json', '--quiet', '--push-url', pushUrl]);
  const { baseUrl, appId, merchant, platform, medicalKeys, ready: same } = JSON.parse(ready);
  assert.deepEqual([same, typeof appId, typeof merchant.privateKey, typeof platform.token], [baseUrl, 'string', 'string', 'string']);
  assert.equal(medicalKeys[0].length, 32);
  const { body } = await (await fetch(`${baseUrl}/sandbox/push`, { method: 'POST', body: '{"kind":"ticket"}' })).json();
  assert.deepEqual([body, events.length], ['success', 1]);
  // A reset does not forget how it was started.
  await fetch(`${baseUrl}/sandbox/reset`, { method: 'POST' });
  await fetch(`${baseUrl}/sandbox/push`, { method: 'POST', body: '{"kind":"ticket"}' });
  assert.deepEqual([events.length, said.err], [2, '']);
  child.kill();
  await ended;
});

test('what cannot be is told by the option’s name, with exit code 2', async (t) => {
  const taken = await startSandbox();
  t.after(() => taken.close());
  const { port } = new URL(taken.baseUrl);
  for (const [words, what] of [
    [['--port', port], `--port: ${port} is in use by another program`],
    [['--port', 'x'], '--port: must be a number'],
    [['--port', '70000'], '--port: must be a number'],
    [['--port', '0', '--forms', '2025'], '--forms: must be'],
    [['--port', '0', '--latency', 'slow'], '--latency: must be'],
    [['--port', '0', '--timestamp-tolerance', '5s'], '--timestamp-tolerance: must be whole seconds'],
    [['--port', '0', '--latency', '9-5'], '--latency: must be'],
    [['--port', '0', '--push-url', 'http://example.com/'], '--push-url: must be'],
  ]) {
    const { ended } = await started(t, words);
    const { code, out, err } = await ended;
    assert.deepEqual([code, out], [2, ''], words.join(' '));
    assert.ok(err.includes(what), `${words.join(' ')}: ${err}`);
  }
  const { ended } = await started(t, ['--json', '--port', port]);
  const { code, out } = await ended;
  const { error } = JSON.parse(out);
  assert.deepEqual([code, error.code, error.field], [2, 'CONFIGURATION', '--port']);
});

test('help in both languages', async (t) => {
  const english = await (await started(t, ['--help'])).ended;
  assert.match(english.out, /--push-url <url>[\s\S]*curl http:\/\/127\.0\.0\.1:8090\/sandbox[\s\S]*Ctrl-C stops it/);
  const chinese = await (await started(t, ['--help', '--lang', 'zh'])).ended;
  assert.match(chinese.out, /授权事件接收URL[\s\S]*Ctrl-C 停止/);
});
