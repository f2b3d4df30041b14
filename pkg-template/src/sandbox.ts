/**
 * WeChat's side of the interfaces, on this machine: for tests, and to build before you are admitted. Node only.
 *
 * @module wechat-realname/sandbox
 */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

import { seconds } from './clock';
import { object, plain } from './crossing';
import { extras } from './extras';
import type {
  SandboxAuthorization,
  SandboxConsent,
  SandboxMerchant,
  SandboxPerson,
  SandboxPushOrder,
  SandboxTrial,
} from './generated/sandbox_types';
import { configuration, invalid } from './mistake';
import { Post, type SandboxDelivery, type SandboxPushed, type Sealed } from './sandbox_post';

export type {
  SandboxAuthorization,
  SandboxConsent,
  SandboxMerchant,
  SandboxPerson,
  SandboxPushFault,
  SandboxPushKind,
  SandboxPushOrder,
  SandboxTrial,
} from './generated/sandbox_types';
export type { SandboxDelivery, SandboxPushed } from './sandbox_post';

/** How to start the sandbox. */
export interface SandboxOptions {
  /** The port on this machine. Default: a free one. */
  port?: number;
  /** Which forms of `verifybetaweapp` are taken: both, or only the one of 2026. Default: `both`. */
  forms?: 'both' | '2026';
  /** How long a push waits for its answer, in milliseconds. Default: 5000, as WeChat waits. */
  pushTimeoutMs?: number;
}

/** What happens in the verification of a trial mini program; the last two with a status. */
export type SandboxStep =
  | 'legal_person_checks_id'
  | 'legal_person_checks_face'
  | 'legal_person_confirms'
  | 'administrator_confirms'
  | 'real_name_differs'
  | 'register_answers'
  | 'ends_with';

/** A push as data, not sent anywhere. */
export interface SandboxPush {
  /** The parameters of the query, by WeChat's names. */
  readonly query: {
    /** Seconds since 1970-01-01 UTC, by the sandbox's clock. */
    readonly timestamp: string;
    /** A random number. */
    readonly nonce: string;
    /** Always `aes`. */
    readonly encrypt_type: string;
    /** Over the token, `timestamp`, `nonce` and the ciphertext: the one to be checked. */
    readonly msg_signature: string;
    /** Says nothing about the body. */
    readonly signature: string;
  };
  /** XML with the ciphertext. */
  readonly body: string;
}

/** One request that the sandbox answered, without anybody's data. */
export interface SandboxExchange {
  /** The HTTP method. */
  readonly method: string;
  /** Without the query, which has the access token. */
  readonly path: string;
  /** The HTTP status. */
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
  readonly merchant: {
    /** The merchant number. */
    readonly mchId: string;
    /** PEM, PKCS#8. */
    readonly privateKey: string;
    /** PEM. */
    readonly certificate: string;
  };
  /** Every request so far, in order. */
  readonly requests: readonly SandboxExchange[];
  /** The sandbox's time, in seconds; it runs like this machine's until it is moved. */
  readonly clock: {
    /** The time. */
    now(): number;
    /** Moves it on. Throws `INVALID_ARGUMENT` for what is not a whole number. */
    advance(seconds: number): void;
  };
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
  /** Ends every access token of the mini program's so far: they are refused with 40001, and `stable_token` gives a new one. */
  revokeAccessTokens(): void;
  /**
   * The ready third-party platform, for `createPlatform` and `openPushChannel` (where `componentAppId` is the `appId`).
   * Its secrets protect nothing: everybody has them.
   */
  readonly platform: {
    /** The platform's app id. */
    readonly componentAppId: string;
    /** The platform's secret. */
    readonly componentAppSecret: string;
    /** 消息校验Token. */
    readonly token: string;
    /** 消息加解密Key (EncodingAESKey), until `setEncodingAesKey` changes it. */
    readonly encodingAesKey: string;
  };
  /**
   * Adds a trial mini program (or changes the one of this `appId`) that authorizes the platform: each call gives a
   * fresh authorization code, for `api_query_auth`. What is absent is made up.
   *
   * Throws `INVALID_ARGUMENT` for a code that is not of its kind, and a number that no ID card has.
   */
  addTrial(trial?: SandboxTrial): SandboxAuthorization;
  /**
   * Where pushes go: the platform's authorization event receiving URL. A query in it is kept, and extended.
   * `undefined`: nowhere. Throws `CONFIGURATION` for what is not http or https on this machine.
   */
  pushTo(url: string | undefined): void;
  /**
   * Pushes something, and gives the receiver's answer. With `retries`, the same event is encrypted anew and pushed
   * again while the answer is not `success`. Rejects with `CONFIGURATION` where there is nowhere to push to.
   */
  push(order: SandboxPushOrder & { retries?: number }): Promise<SandboxDelivery>;
  /**
   * A push as data, not sent: the query's parameters and the body. What it tells is true all the same: a ticket made
   * so is good, and `unauthorized` ends the authorization.
   */
  makePush(order: SandboxPushOrder): SandboxPush;
  /**
   * A step of a mini program's verification; `register_answers` and `ends_with` need a `status`. Resolves once its
   * pushes are delivered, or were repeated twice. Rejects with `INVALID_ARGUMENT` for a step that cannot come now.
   */
  verification(appId: string, step: SandboxStep, status?: number): Promise<void>;
  /** Ends the verifications that are overdue by the sandbox's clock, and waits for every push under way. */
  settle(): Promise<void>;
  /** Every push so far, in order. */
  readonly pushes: readonly SandboxPushed[];
  /** Whether `verifybetaweapp` takes the 2026 form alone from now on. */
  setOnly2026Form(only: boolean): void;
  /** Changes the key that pushes are encrypted with, as the platform's console can. */
  setEncodingAesKey(encodingAesKey: string): void;
  /** Stops the server and every connection to it. */
  close(): Promise<void>;
}

/** More than any event; so that a receiver's own limit can be tried. */
const LONGEST_XML = 4 * 1024 * 1024;

/** More than any request of these interfaces. */
const BODY_LIMIT = 1024 * 1024;

/** Starts a sandbox on this machine's loopback. Throws `CONFIGURATION` where the port cannot be had. */
export async function startSandbox(options?: SandboxOptions): Promise<Sandbox> {
  const port = options?.port ?? 0;
  const { forms = 'both', pushTimeoutMs = 5000 } = options ?? {};
  if (!Number.isInteger(port)) throw configuration('port', 'must be a number');
  if (!['both', '2026'].includes(forms)) throw configuration('forms', "must be 'both' or '2026'");
  const waits = pushTimeoutMs > 0 && pushTimeoutMs < 2 ** 31;
  if (!waits) throw configuration('pushTimeoutMs', 'must be a positive number');
  const held = extras.hold('sandbox', ({ SandboxHandle }) => SandboxHandle.start());
  const { appId, appSecret, mchId, privateKey, certificate, ...platform } = extras.run(({ SandboxHandle }) =>
    SandboxHandle.ready(),
  );
  const use = <T>(work: (state: typeof held.handle) => T): T => extras.run(() => work(held.handle));
  const requests: SandboxExchange[] = [];
  let ahead = 0;
  const now = () => seconds() + ahead;
  const issueAccessToken = () => use((state) => state.issueAccessToken(now(), randomBytes(32)));

  const post = new Post(pushTimeoutMs, (event) => use((state) => state.again(event, now(), randomBytes(32))));
  const sealed = (order: object): Sealed =>
    use((state) => state.push(plain('order', order, LONGEST_XML), now(), randomBytes(32)));
  const setOnly2026Form = (only: boolean) => use((state) => state.setOnly2026Form(only));
  if (forms === '2026') setOnly2026Form(true);

  const server = createServer((incoming, outgoing) => {
    const answer = async () => {
      const { method = '', url: target = '' } = incoming;
      const given = { method, target, body: await bodyOf(incoming) };
      const { status, contentType, body, errcode, why, hold, pushes } = use((state) =>
        state.answer(given, now(), randomBytes(32)),
      );
      const path = target.split('?', 1)[0] as string;
      requests.push({ method, path, status, ...(errcode != null && { errcode }), why });
      // WeChat pushes once it has answered.
      void post.deliverAll(pushes, new Promise((resolve) => outgoing.once('close', resolve)));
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
    merchant: { mchId, privateKey, certificate },
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
    revokeAccessTokens: () => use((state) => state.revokeAccessTokens()),
    platform,
    addTrial: (given = {}) => {
      const { permissionSets, ...trial }: SandboxTrial = object('trial', given);
      const joined = joinedNumbers('permissionSets', permissionSets);
      return use((state) => state.addTrial({ ...plain('trial', trial), ...joined }, now(), randomBytes(32)));
    },
    pushTo: (url) => post.to(url),
    push: async (given) => {
      const { retries = 0, ...order }: { retries?: number } = object('order', given);
      if (!Number.isInteger(retries) || retries < 0) throw invalid('retries', 'must be a whole number');
      return post.deliver(sealed(order), retries);
    },
    makePush: (order) => {
      const { query, body } = sealed(order);
      return { query: Object.fromEntries(new URLSearchParams(query)) as unknown as SandboxPush['query'], body };
    },
    verification: async (app, step, status) => {
      const texts = [text('appId', app), text('step', step)] as const;
      if (status !== undefined && !Number.isInteger(status)) throw invalid('status', 'must be a whole number');
      await post.deliverAll(use((state) => state.verificationStep(...texts, status, now(), randomBytes(32))));
    },
    settle: async () => {
      void post.deliverAll(use((state) => state.due(now(), randomBytes(32))));
      await post.settled();
    },
    pushes: post.pushed,
    setOnly2026Form,
    setEncodingAesKey: (key) => use((state) => state.setEncodingAesKey(text('encodingAesKey', key))),
    close: () =>
      new Promise((resolve) => {
        post.close();
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Lists do not cross into the core; their numbers do, with commas between. */
function joinedNumbers(field: string, given: unknown): Record<string, string> {
  if (given === undefined) return {};
  if (!Array.isArray(given) || !given.every(Number.isInteger)) throw invalid(field, 'must be a list of whole numbers');
  return { [field]: given.join() };
}

function text(field: string, given: unknown): string {
  const { [field]: copy } = plain(field, { [field]: given });
  if (typeof copy !== 'string') throw invalid(field, 'must be a text');
  return copy;
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
