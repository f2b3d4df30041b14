import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

import { plain } from './crossing';
import { extras } from './extras';
import type { SandboxConsent, SandboxMerchant, SandboxPerson } from './generated/sandbox_types';
import { configuration, invalid } from './mistake';

export type { SandboxConsent, SandboxMerchant, SandboxPerson } from './generated/sandbox_types';

/** How to start the sandbox. */
export interface SandboxOptions {
  /** The port on this machine. Default: a free one. */
  port?: number;
}

/** One request that the sandbox answered, without anybody's data. */
export interface SandboxExchange {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** Of the reply, where it was one of WeChat's. */
  readonly errcode?: number;
  /** Why it was answered so. The real WeChat never says. */
  readonly why: string;
}

/** A WeChat on this machine that checks signatures and encrypts replies. */
export interface Sandbox {
  /** For `createClient({ baseUrl })`. */
  readonly baseUrl: string;
  /** The mini program that calls. */
  readonly appId: string;
  /** Its secret, for `/cgi-bin/stable_token`. */
  readonly appSecret: string;
  /** An access token of it, good for two hours of the sandbox's clock. */
  readonly accessToken: string;
  /** A ready test merchant, for `openMerchant`. Its key protects nothing: everybody has it. */
  readonly merchant: { readonly mchId: string; readonly privateKey: string; readonly certificate: string };
  /** Every request so far, in order. */
  readonly requests: readonly SandboxExchange[];
  /** The sandbox's time, in seconds; it runs like this machine's until it is moved. */
  readonly clock: { now(): number; advance(seconds: number): void };
  /**
   * Adds a person (or changes the one of this `openid`), who agrees: each call gives a fresh code and `authToken`.
   *
   * Throws `INVALID_ARGUMENT` for a name without a number, a number without a name, and a number that no ID card has.
   */
  addPerson(person?: SandboxPerson): SandboxConsent;
  /** Adds a merchant, by number and certificate (PEM). Throws `INVALID_ARGUMENT` for what is not one. */
  addMerchant(merchant: SandboxMerchant): void;
  /** A further access token. */
  issueAccessToken(): string;
  /** Stops the server and every connection to it. */
  close(): Promise<void>;
}

/** More than any request of these interfaces. */
const BODY_LIMIT = 1024 * 1024;

/** Starts a sandbox on this machine's loopback. Throws `CONFIGURATION` where the port cannot be had. */
export async function startSandbox(options?: SandboxOptions): Promise<Sandbox> {
  const port = options?.port ?? 0;
  if (!Number.isInteger(port)) throw configuration('port', 'must be a number');
  const held = extras.hold('sandbox', ({ SandboxHandle }) => SandboxHandle.start());
  const { appId, appSecret, ...merchant } = extras.run(({ SandboxHandle }) => SandboxHandle.ready());
  const use = <T>(work: (state: typeof held.handle) => T): T => extras.run(() => work(held.handle));
  const requests: SandboxExchange[] = [];
  let ahead = 0;
  const now = () => Math.floor(Date.now() / 1000) + ahead;
  const issueAccessToken = () => use((state) => state.issueAccessToken(now(), randomBytes(32)));

  const server = createServer((incoming, outgoing) => {
    const answer = async () => {
      const { method = '', url: target = '' } = incoming;
      const given = { method, target, body: await bodyOf(incoming) };
      const { status, contentType, body, errcode, why, hold } = use((state) =>
        state.answer(given, now(), randomBytes(32)),
      );
      const path = target.split('?', 1)[0] as string;
      requests.push({ method, path, status, ...(errcode != null && { errcode }), why });
      if (!hold) outgoing.writeHead(status, { 'content-type': contentType }).end(body);
    };
    // A request that breaks off has nobody left to answer.
    answer().catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  }).catch(({ code }: NodeJS.ErrnoException) => {
    throw configuration('port', `the sandbox cannot listen there (${code})`);
  });
  // Sockets by hand: Node 16 has no server.closeAllConnections().
  const sockets = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });

  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    appId,
    appSecret,
    accessToken: issueAccessToken(),
    merchant,
    requests,
    clock: {
      now,
      advance: (seconds) => {
        if (!Number.isInteger(seconds)) throw invalid('seconds', 'must be a whole number');
        ahead += seconds;
      },
    },
    addPerson: (person = {}) => use((state) => state.addPerson(plain('person', person), randomBytes(32))),
    addMerchant: (given) => use((state) => state.addMerchant(plain('merchant', given))),
    issueAccessToken,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > BODY_LIMIT) throw new Error('the request is larger than 1 MiB');
  }
  return Buffer.concat(chunks).toString('utf8');
}
