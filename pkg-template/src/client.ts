import { core } from './core';
import { RealNameError } from './error';
import { operationList, type ErrorCode, type OperationMethods, type Operations, type Request } from './generated/core_types';
import { withoutToken } from './masked';
import { heldBy, type Merchant } from './merchant';
import { configuration, invalid } from './mistake';
import { prepare } from './operations';
import { asNetworkError, sendWith, type FetchLike, type Received, type Send } from './send';
import { sendWithNode } from './send_node';

/** As much of `AbortSignal` as is used. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** What can be said for one call alone. */
export interface CallOptions {
  /** Aborts the call: it ends with the code `ABORTED`. */
  signal?: AbortSignalLike;
}

/** One exchange with WeChat, safe to log whole: no body, no token. */
export interface Exchange {
  readonly operation: keyof Operations;
  readonly method: string;
  /** With the access token as `***`. */
  readonly url: string;
  /** The HTTP status; absent where no reply came. */
  readonly status?: number;
  /** How the call failed; absent where it did not. */
  readonly code?: ErrorCode;
  readonly errcode?: number;
  readonly rid?: string;
  readonly durationMs: number;
}

/** How to reach WeChat, and on whose behalf. */
export interface ClientOptions {
  /**
   * The mini program's access token, or a function that is asked for it before every call; what it throws is passed on.
   * Where WeChat refused a token (40001, 40014, 41001, 42001), the function is asked again, with that token as `refused`;
   * if it returns another one, the call is made once more with it.
   */
  accessToken: string | ((request: { refused?: string }) => string | Promise<string>);
  /** What `openMerchant` returned; `getRealNameInfo` needs it. */
  merchant?: Merchant;
  /** Any implementation of `fetch`. Default: the global one, and node:https where there is none. */
  fetch?: FetchLike;
  /** Another of WeChat's hosts, or a sandbox on this machine. Default `https://api.weixin.qq.com`. */
  baseUrl?: string;
  /** The time limit of a call, its token and its body included, in milliseconds. Default 10,000. */
  timeoutMs?: number;
  /** Told of every exchange. What it throws is ignored: watching must not break a call. */
  onExchange?: (exchange: Exchange) => void;
}

/** WeChat's real-name interfaces, one method each. */
export type Client = OperationMethods;

/** One request and what came of it, for `onExchange`. */
interface Attempt {
  readonly started: number;
  sent?: Request;
  reply?: Received;
}

/** The longest that a timer can wait, 24.8 days. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * A client of WeChat's real-name interfaces. For servers: WeChat forbids calling them from a front end, and an access
 * token has no place there.
 *
 * Throws `CONFIGURATION` for options that cannot work; every call throws `RealNameError`, or what your `accessToken`
 * function threw.
 */
export function createClient(options: ClientOptions): Client {
  return new WeChatClient(options) as unknown as Client;
}

/** @internal */
export class WeChatClient {
  readonly #accessToken: (request: { refused?: string }) => string | Promise<string>;
  readonly #merchant: Merchant | undefined;
  readonly #fetch: FetchLike | undefined;
  readonly #baseUrl: string | undefined;
  readonly #timeoutMs: number;
  readonly #onExchange: ((exchange: Exchange) => unknown) | undefined;

  constructor(options: ClientOptions) {
    const { accessToken, baseUrl, fetch, timeoutMs = 10_000, merchant, onExchange } = options ?? {};
    if (typeof accessToken !== 'function' && (typeof accessToken !== 'string' || accessToken === '')) {
      throw configuration('accessToken', 'must be an access token or a function that gets one');
    }
    if (fetch !== undefined && typeof fetch !== 'function') throw configuration('fetch', 'must be a function');
    if (onExchange !== undefined && typeof onExchange !== 'function') {
      throw configuration('onExchange', 'must be a function');
    }
    if (!(Number.isFinite(timeoutMs) && timeoutMs > 0 && timeoutMs <= LONGEST_MS)) {
      throw configuration('timeoutMs', `must be a number of milliseconds from 1 to ${LONGEST_MS}`);
    }
    if (baseUrl !== undefined && typeof baseUrl !== 'string') throw configuration('baseUrl', 'must be a string');
    heldBy(merchant);
    // With the options as `this`, as they would be called by their owner.
    this.#accessToken = typeof accessToken === 'string' ? () => accessToken : (request) => accessToken.call(options, request);
    this.#baseUrl = baseUrl === undefined ? undefined : core.run(({ origin }) => origin(baseUrl));
    this.#timeoutMs = timeoutMs;
    this.#merchant = merchant;
    this.#fetch = fetch;
    this.#onExchange = onExchange?.bind(options);
  }

  async call<Name extends keyof Operations>(
    name: Name,
    params: object,
    options?: CallOptions,
  ): Promise<Operations[Name]['outcome']> {
    const signal = options?.signal;
    if (signal !== undefined && typeof signal?.addEventListener !== 'function') {
      throw invalid('signal', 'must be an AbortSignal');
    }
    /** The exchange under way, until it has been told of. */
    let attempt: Attempt | undefined;
    const told = (failure?: unknown) => {
      if (attempt?.sent) this.#tell(name, attempt, attempt.sent, failure);
      attempt = undefined;
    };
    try {
      const outcome = await withinLimit(name, this.#timeoutMs, signal, async (limit) => {
        const exchange = async (accessToken: string) => {
          // The caller has been told that it is over: nothing may be sent behind their back.
          if (limit.aborted) return undefined as never;
          attempt = { started: Date.now() };
          return this.#exchange(name, params, accessToken, attempt, limit);
        };
        const accessToken = await this.#accessToken({});
        try {
          return await exchange(accessToken);
        } catch (thrown) {
          if (!isRefusedToken(thrown) || limit.aborted) throw thrown;
          told(thrown);
          const fresh = await this.#accessToken({ refused: accessToken });
          if (fresh === accessToken) throw thrown;
          // A call on a refused token did nothing, so even one that carries a one-time code can be made again.
          return await exchange(fresh);
        }
      });
      told();
      return outcome;
    } catch (thrown) {
      told(thrown);
      throw thrown;
    }
  }

  async #exchange<Name extends keyof Operations>(
    name: Name,
    params: object,
    accessToken: string,
    attempt: Attempt,
    limit: AbortSignal,
  ): Promise<Operations[Name]['outcome']> {
    const call = prepare(name, params, {
      accessToken,
      ...(this.#merchant && { merchant: this.#merchant }),
      ...(this.#baseUrl !== undefined && { baseUrl: this.#baseUrl }),
    });
    attempt.sent = call.request;
    attempt.reply = await this.#send(call.request, limit).catch((thrown: unknown) => {
      throw asNetworkError(thrown, name);
    });
    return call.interpret(attempt.reply);
  }

  #tell(operation: keyof Operations, { started, reply }: Attempt, { method, url }: Request, failure: unknown): void {
    const durationMs = Date.now() - started;
    const { code, errcode, rid } = failure instanceof RealNameError ? failure : ({} as Partial<RealNameError>);
    const exchange = { operation, method, url: withoutToken(url), status: reply?.status, code, errcode, rid, durationMs };
    // See the option: watching must not break a call, be it at once or later.
    const ignored = () => undefined;
    try {
      Promise.resolve(this.#onExchange?.(withoutAbsent(exchange))).catch(ignored);
    } catch {
      ignored();
    }
  }

  get #send(): Send {
    const fetch = this.#fetch ?? (globalThis.fetch as FetchLike | undefined);
    return fetch ? sendWith(fetch) : sendWithNode;
  }
}

for (const [name, { takesParams, ofPlatform }] of Object.entries(operationList) as [
  keyof Operations,
  (typeof operationList)[keyof Operations],
][]) {
  if (ofPlatform) continue;
  const method = takesParams
    ? function (this: WeChatClient, params: object, options?: CallOptions) {
        return this.call(name, params, options);
      }
    : function (this: WeChatClient, options?: CallOptions) {
        return this.call(name, {}, options);
      };
  // As a method in a class body would be: stubs may take its place.
  Object.defineProperty(WeChatClient.prototype, name, { value: method, writable: true, configurable: true });
}
Object.defineProperty(WeChatClient, 'name', { value: 'Client' });

function isRefusedToken(thrown: unknown): boolean {
  return thrown instanceof RealNameError && thrown.action === 'refresh_token';
}

function withoutAbsent(exchange: object): Exchange {
  return Object.fromEntries(Object.entries(exchange).filter(([, value]) => value !== undefined)) as unknown as Exchange;
}

/** Runs `work` until it is done, the time is up, or the caller's signal says stop: whichever comes first. */
function withinLimit<T>(
  operation: string,
  timeoutMs: number,
  signal: AbortSignalLike | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const controller = new AbortController();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', aborted);
    };
    const stop = (code: 'ABORTED' | 'TIMEOUT', message: string) => {
      done();
      // First the verdict, then the abort: what the transport says to the abort comes too late to be heard.
      reject(new RealNameError({ code, message, operation }));
      controller.abort();
    };
    const aborted = () => stop('ABORTED', 'the call was aborted by its signal');
    const timer = setTimeout(() => stop('TIMEOUT', `no answer within ${timeoutMs} ms`), timeoutMs);
    if (signal?.aborted) return aborted();
    signal?.addEventListener('abort', aborted);
    work(controller.signal).then(resolve, reject).finally(done);
  });
}
