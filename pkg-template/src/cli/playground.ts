// `playground`: serves the page of dist/playground on this machine. The page computes everything itself; this is files and headers.
import { readFileSync, readdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import path from 'node:path';

import type { Command } from 'commander';

import { answer, remark, say } from './output';
import { examples } from './parser';
import { UsageError, type World } from './world';

interface Flags {
  readonly port?: string;
}

interface Served {
  readonly type: string;
  readonly body: Buffer;
}

/** As the page says it itself; what a page cannot say of itself is the last one. */
const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src data:; connect-src 'none'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const HEADERS = {
  'content-security-policy': POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // After an update of the package, the page is the new one.
  'cache-control': 'no-cache',
} as const;

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
};

export function playground(program: Command, world: World): void {
  program
    .command('playground')
    .description(
      say(world, {
        zh: '在本机打开演练场网页：一切都在浏览器里计算，不发出任何请求',
        en: 'the playground, a page on this machine: all is computed in the browser, and no request is made',
      }),
    )
    .option('--port <number>', say(world, { zh: '端口；默认任选一个空闲的', en: 'the port; default: a free one' }))
    .addHelpText('after', () => examples(world, ['wechat-realname playground', 'wechat-realname playground --port 8787 --json']))
    .action(async (flags: Flags) => run(world, flags));
}

async function run(world: World, { port }: Flags): Promise<void> {
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) <= 65_535)) {
    throw new UsageError('--port', { zh: '应为 0 到 65535 的整数', en: 'must be a whole number from 0 to 65535' });
  }
  const server = createServer(answering(filesIn(__dirname)));
  const close = closing(server);
  await listening(server, Number(port ?? 0));
  // Before the address is told: who reads it may stop this at once.
  const stopped = world.stopped();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  answer(world, { url }, () => say(world, { zh: `演练场：${url}`, en: `The playground is at ${url}` }));
  remark(world, { zh: '按 Ctrl+C 结束。', en: 'Ctrl+C ends it.' });
  await stopped;
  await close();
}

/** Every file that is served, by its path: what is not in here cannot be asked for, however the path is written. */
function filesIn(dist: string): ReadonlyMap<string, Served> {
  const files = new Map<string, Served>();
  const add = (at: string, file: string): void => {
    const type = TYPES[path.extname(file)];
    if (type !== undefined) files.set(at, { type, body: readFileSync(file) });
  };
  const page = path.join(dist, 'playground');
  for (const name of readdirSync(page)) add(`/${name}`, path.join(page, name));
  const index = files.get('/index.html');
  if (index) files.set('/', index);
  // Of the package what the page imports, and what that imports.
  const pending = ['browser.mjs'];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const at = `/package/${name}`;
    if (files.has(at)) continue;
    add(at, path.join(dist, name));
    const source = files.get(at)?.body.toString() ?? '';
    for (const [, found] of source.matchAll(/(?:from|import)\s*\(?\s*["']\.\/([\w-]+\.mjs)["']/g)) pending.push(found as string);
  }
  return files;
}

/**
 * The same for everybody, so the `Host` is not looked at: who points a name of their own at this address gets files that are
 * public, and no more.
 */
function answering(files: ReadonlyMap<string, Served>) {
  return ({ method, url = '' }: IncomingMessage, outgoing: ServerResponse): void => {
    const refuse = (status: number, headers = {}): void =>
      void outgoing.writeHead(status, { ...HEADERS, ...headers, 'content-length': 0 }).end();
    if (method !== 'GET' && method !== 'HEAD') return refuse(405, { allow: 'GET, HEAD' });
    const found = files.get(url.split('?', 1)[0] as string);
    if (!found) return refuse(404);
    const { type, body } = found;
    outgoing.writeHead(200, { ...HEADERS, 'content-type': type, 'content-length': body.length }).end(body);
  };
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', ({ code }: NodeJS.ErrnoException) => {
      reject(
        new UsageError('--port', {
          zh: `这个端口用不了（${code}）：换一个，或不写 --port`,
          en: `cannot be listened on (${code}): take another, or leave --port out`,
        }),
      );
    });
    server.listen(port, '127.0.0.1', resolve);
  });
}

/** Ends the server, whatever connections a browser keeps open. By hand: Node 16 has no server.closeAllConnections(). */
function closing(server: Server): () => Promise<void> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
}
