// The sandbox's HTTP side: who may ask, what was asked, and answers in their time.
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { RealNameError } from './error';
import { configuration, invalid } from './mistake';
import type { SandboxExchange, SandboxLatency } from './sandbox_shape';

/** What goes in. */
export interface Asked {
  readonly method: string;
  readonly target: string;
  readonly body: string;
}

/** WeChat's answer, as the core gives it. */
interface Answer {
  status: number;
  contentType: string;
  body: string;
  errcode?: number | null;
  interface?: string | null;
  why: string;
  hold: boolean;
  cut: boolean;
}

/** An answer of the control's. */
export interface ControlAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly allow?: string;
  /** For the log, where it went wrong. */
  readonly why?: string;
}

/** What answers. */
interface Sides {
  /** WeChat's: `answered` resolves once the answer is on its way. */
  weChat(asked: Asked, answered: Promise<void>): Answer;
  /** Below `/sandbox`. */
  control(asked: Asked): Promise<ControlAnswer>;
  /** The sandbox's clock. */
  now(): number;
  /** A line of the log. */
  log(line: string): void;
}

/** More than any request of these interfaces. */
const BODY_LIMIT = 1024 * 1024;
/** Up to here a request is read to its end, so that whoever sent it reads why it was refused. */
const READ_LIMIT = 64 * BODY_LIMIT;
/** How many requests are kept. */
export const KEPT = 10_000;
const LONGEST_LATENCY_MS = 10 * 60 * 1000;
const LOOPBACK = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/i;

export class Server {
  readonly requests: SandboxExchange[] = [];
  readonly #sides: Sides;
  readonly #server = createServer((incoming, outgoing) => {
    // A request that breaks off has nobody left to answer.
    this.#take(incoming, outgoing).catch(() => outgoing.destroy());
  });
  // By hand: Node 16 has no server.closeAllConnections().
  readonly #sockets = new Set<{ destroy(): void }>();
  readonly #late = new Set<NodeJS.Timeout>();
  #latency = { min: 0, max: 0 };

  constructor(sides: Sides) {
    this.#sides = sides;
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get latency(): { readonly min: number; readonly max: number } {
    return this.#latency;
  }

  set latency(latency: SandboxLatency) {
    this.#latency = range(latency);
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    }).catch(({ code }: NodeJS.ErrnoException) => {
      throw configuration('port', unusable(port, code));
    });
  }

  close(): Promise<void> {
    for (const timer of this.#late) clearTimeout(timer);
    this.#late.clear();
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      for (const socket of this.#sockets) socket.destroy();
    });
  }

  async #take(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const began = process.hrtime.bigint();
    const took = () => Number((process.hrtime.bigint() - began) / 1_000_000n);
    const { method = '', url: target = '' } = incoming;
    const path = shown(target);
    // The server's own clock would tell a time that nothing else here goes by.
    outgoing.sendDate = false;
    outgoing.setHeader('date', new Date(this.#sides.now() * 1000).toUTCString());
    const line = (status: number, why: string, what = '') =>
      this.log(`${method} ${path} ${status || 'no answer'}${what} ${took()} ms: ${why}`);

    const turnAway = (status: number, code: string, why: string) => {
      line(status, why);
      if (!isControl(target)) this.#note({ method, path, status, why, durationMs: took() });
      outgoing.writeHead(status, { 'content-type': 'application/json' }).end(inJson({ code, message: why }));
    };

    const stranger = notFromHere(incoming.headers);
    if (stranger !== undefined) {
      incoming.resume();
      turnAway(403, 'FORBIDDEN', stranger);
      return;
    }
    const sent = await bodyOf(incoming);
    if (sent === undefined) {
      turnAway(413, 'TOO_LARGE', 'the request is larger than 1 MiB');
      return;
    }
    const asked = { method, target, body: sent };
    if (isControl(target)) {
      const { status, contentType, body, allow, why = 'done' } = await this.#sides.control(asked);
      line(status, why);
      outgoing.writeHead(status, { 'content-type': contentType, ...(allow !== undefined && { allow }) }).end(body);
      return;
    }

    const answered = new Promise<void>((resolve) => outgoing.once('close', resolve));
    const { status, contentType, body, errcode, interface: name, why, hold, cut } = this.#sides.weChat(asked, answered);
    const entry = this.#note({
      method,
      path,
      ...(name != null && { interface: name }),
      status: hold || cut ? 0 : status,
      ...(errcode != null && { errcode }),
      why,
    });
    const what = errcode == null ? '' : ` errcode ${errcode}`;
    if (hold) {
      line(0, why);
      return;
    }
    this.#later(() => {
      entry.durationMs = took();
      line(entry.status, why, what);
      if (cut) reset(outgoing);
      else outgoing.writeHead(status, { 'content-type': contentType }).end(body);
    });
  }

  #note(exchange: Omit<SandboxExchange, 'time'>): { -readonly [Key in keyof SandboxExchange]: SandboxExchange[Key] } {
    const entry = { time: this.#sides.now(), ...exchange };
    this.requests.push(entry);
    if (this.requests.length > KEPT) this.requests.shift();
    return entry;
  }

  #later(work: () => void): void {
    const { min, max } = this.#latency;
    const delay = Math.round(min + Math.random() * (max - min));
    if (delay === 0) {
      work();
      return;
    }
    const timer = setTimeout(() => {
      this.#late.delete(timer);
      work();
    }, delay);
    this.#late.add(timer);
  }

  /** A line of the log, with the time before it. */
  log(line: string): void {
    this.#sides.log(`${new Date(this.#sides.now() * 1000).toISOString().replace('.000', '')} ${line}`);
  }
}

const isControl = (target: string) => /^\/sandbox(?:[/?]|$)/.test(target);

/**
 * Why this request is not answered, if it is not: a page of the web must not reach what listens here, neither through a name
 * that it lets point to this machine, nor by a form or a script of its own.
 */
function notFromHere({ host, origin, 'sec-fetch-site': site }: IncomingHttpHeaders): string | undefined {
  if (host !== undefined && !LOOPBACK.test(host)) {
    return 'the Host header names another machine: call 127.0.0.1 or localhost';
  }
  if (site === 'cross-site' || (origin !== undefined && !LOOPBACK.test(origin.replace(/^https?:\/\//i, '')))) {
    return 'a page of another site asked: the sandbox answers programs of this machine alone';
  }
  return undefined;
}

/** A path without what somebody may have put into it: WeChat's are letters, and none is long. */
function shown(target: string): string {
  const segments = (target.split('?', 1)[0] as string).split('/').slice(0, 12);
  return segments.map((segment) => (/^[\w.-]{0,40}$/.test(segment) ? segment : '…')).join('/');
}

function reset({ socket }: ServerResponse): void {
  const cut = socket as { resetAndDestroy?(): void; destroy(): void } | null;
  // Node 16.13 can only close it.
  if (cut?.resetAndDestroy) cut.resetAndDestroy();
  else cut?.destroy();
}

function unusable(port: number, code: string | undefined): string {
  const ways = 'take another one, or 0 for any that is free';
  if (code === 'EADDRINUSE') return `${port} is in use by another program: stop that one, or ${ways}`;
  if (code === 'EACCES') return `${port} is not for ordinary users: ${ways}`;
  return `the sandbox cannot listen there (${code})`;
}

function range(latency: SandboxLatency): { min: number; max: number } {
  const { min, max } = typeof latency === 'number' ? { min: latency, max: latency } : (latency ?? {});
  const isTime = (ms: unknown): ms is number => typeof ms === 'number' && ms >= 0 && ms <= LONGEST_LATENCY_MS;
  if (isTime(min) && isTime(max) && min <= max) return { min, max };
  throw invalid('latency', 'must be milliseconds up to ten minutes, or { min, max } of such');
}

/** The body's text; `undefined` if it is too large. Bytes that are not UTF-8 become U+FFFD, which is refused further on. */
async function bodyOf(incoming: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= BODY_LIMIT) chunks.push(chunk);
    if (length > READ_LIMIT) break;
  }
  return length > BODY_LIMIT ? undefined : Buffer.concat(chunks).toString('utf8');
}

/** A field that is `undefined` is left out. */
const inJson = (error: object) => `${JSON.stringify({ error })}\n`;

/** What the control answers to a mistake. */
export function mistaken(thrown: unknown): ControlAnswer {
  const known = thrown instanceof RealNameError;
  const isTheirs = known && ['INVALID_ARGUMENT', 'CONFIGURATION'].includes(thrown.code);
  const internal: { code: string; field?: string; message: string } = { code: 'INTERNAL', message: 'a fault in the sandbox' };
  const { code, field, message } = known ? thrown : internal;
  return {
    status: isTheirs ? 400 : 500,
    contentType: 'application/json',
    body: inJson({ code, field, message }),
    why: message,
  };
}
