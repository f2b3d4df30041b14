// workerd, the runtime of Cloudflare Workers, with a worker of the test's and this machine as its internet.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';

import { folder, root } from './support.mjs';

const binary = path.join(root, 'js-tests/runtimes/node_modules/workerd-2026.11/bin/workerd');

/** As new as the binary. */
const NEWEST = '2026-11-17';

/**
 * Starts a worker and ends it with the test. `modules` are files by the name that the worker imports them under; the first
 * is the worker. `env` are its text bindings. Gives its address, and what it has said so far.
 */
export async function startWorker(t, modules, env = {}, compatibilityDate = NEWEST) {
  const made = folder(t);
  const listed = Object.entries(modules).map(([name, file], index) => {
    fs.copyFileSync(file, path.join(made, `${index}`));
    return `(name = ${text(name)}, ${file.endsWith('.wasm') ? 'wasm' : 'esModule'} = embed ${text(`${index}`)})`;
  });
  const bindings = Object.entries(env).map(([name, value]) => `(name = ${text(name)}, text = ${text(value)})`);
  fs.writeFileSync(
    path.join(made, 'config.capnp'),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "worker", worker = .worker), (name = "internet", network = (allow = ["private"]))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "worker")],
);
const worker :Workerd.Worker = (
  modules = [${listed.join(', ')}],
  bindings = [${bindings.join(', ')}],
  compatibilityDate = ${text(compatibilityDate)},
);
`,
  );
  // The fourth channel is where it tells the port.
  const stdio = ['ignore', 'pipe', 'pipe', 'pipe'];
  const worker = spawn(binary, ['serve', '--control-fd=3', 'config.capnp'], { cwd: made, stdio });
  const ended = once(worker, 'exit');
  t.after(async () => {
    worker.kill('SIGKILL');
    await ended;
  });
  let said = '';
  for (const output of [worker.stdout, worker.stderr]) output.on('data', (chunk) => (said += chunk));
  const told = (async () => {
    let line = '';
    for await (const chunk of worker.stdio[3]) {
      line += chunk;
      if (line.includes('\n')) return JSON.parse(line);
    }
    await ended;
    throw new Error(`the worker does not start:\n${said}`);
  })();
  const { port } = await told;
  return { url: `http://127.0.0.1:${port}`, said: () => said };
}

/** A text of the configuration's language. */
function text(value) {
  return JSON.stringify(value);
}
