// A redis-server of the tests' own: on a port of its own, in a folder of its own, and gone with the test.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

const isThere = spawnSync('redis-server', ['--version']).status === 0;

/** Why tests with Redis cannot run here; `false` where they can. For `test(name, { skip: NO_REDIS }, …)`. */
export const NO_REDIS = isThere ? false : 'there is no redis-server here (Debian: apt-get install redis-server)';

/**
 * Starts one. `kill`, `start` again (empty, or with what it had where it `lasts`), `freeze` (connections stay open and new ones
 * are taken, but nothing answers) and `thaw`.
 */
export async function startRedis(t, { lasts = false } = {}) {
  let server;
  const made = fs.mkdtempSync(path.join(os.tmpdir(), 'wechat-realname-redis-'));
  const pid = path.join(made, 'pid');
  const guard = guarded(made);
  t.after(async () => {
    await kill();
    guard.kill('SIGKILL');
    guard.stdin.destroy();
    fs.rmSync(made, { recursive: true, force: true });
  });

  const spawned = async (port) => {
    const kept = lasts ? ['--appendonly', 'yes', '--appendfsync', 'always'] : ['--appendonly', 'no'];
    const words = ['--port', port, '--bind', '127.0.0.1', '--dir', made, '--daemonize', 'no', '--save', '', ...kept];
    server = spawn('redis-server', words.map(String), { stdio: ['ignore', 'pipe', 'inherit'] });
    const gone = once(server, 'exit').then(() => false);
    fs.writeFileSync(pid, `${server.pid}`);
    server.once('exit', () => fs.rmSync(pid, { force: true }));
    const lines = createInterface(server.stdout);
    const ready = new Promise((resolve) => lines.on('line', (line) => line.includes('Ready to accept') && resolve(true)));
    return Promise.race([ready, gone]);
  };
  const kill = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, 'exit');
    server.kill('SIGKILL');
    await gone;
  };

  let port = await freePort();
  // Somebody else may have taken it since.
  for (let left = 5; !(await spawned(port)); left--) {
    if (left === 0) throw new Error('redis-server does not start');
    port = await freePort();
  }
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    kill,
    freeze: () => void server.kill('SIGSTOP'),
    thaw: () => void server.kill('SIGCONT'),
    start: async () => {
      if (!(await spawned(port))) throw new Error('redis-server did not start again');
    },
  };
}

/** Ends the server and its folder where this process comes to an end without a hook: its end of the pipe closes by itself. */
function guarded(made) {
  const script = `trap '' INT TERM; cd '${made}'; read nothing; [ -f pid ] && kill -9 "$(cat pid)"; rm -rf '${made}'`;
  const guard = spawn('/bin/sh', ['-c', script], { stdio: ['pipe', 'ignore', 'ignore'] });
  guard.stdin.on('error', () => undefined);
  guard.unref();
  guard.stdin.unref();
  return guard;
}

/** Below those that the system gives to outgoing connections: it must still be free when the server comes back. */
async function freePort() {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 20_000);
    const probe = net.createServer();
    const free = await new Promise((resolve) => {
      probe.once('error', () => resolve(false));
      probe.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!free) continue;
    await new Promise((resolve) => probe.close(resolve));
    return port;
  }
}
