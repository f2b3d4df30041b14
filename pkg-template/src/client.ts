import { pause, type AbortSignalLike } from './clock';
import { core } from './core';
import { RealNameError } from './error';
import { watcher, type OnExchange, type Seen } from './exchange';
import { operationList, type OperationMethods, type Operations } from './generated/core_types';
import { checkedLimit, withinLimit, type Limit } from './limit';
import { withoutToken } from './masked';
import { heldBy, type Merchant } from './merchant';
import { configuration, invalid } from './mistake';
import { joinedHosts, prepare, type CallContext } from './operations';
import { asNetworkError, sendWith, type FetchLike, type Received, type Send } from './send';
import { sendWithNode } from './send_node';
import { checkedStore, type Store } from './store';
import { RenewedTokens, SharedToken, asked, mounted, none, type HeldToken, type TokenSource } from './tokens';

/** What can be said for one call alone. */
export interface CallOptions {
  /** Aborts the call: it ends with the code `ABORTED`. */
  signal?: AbortSignalLike;
}

/** What every client takes. */
export interface ClientSettings {
  /** What `openMerchant` returned; `getRealNameInfo` needs it. */
  merchant?: Merchant;
  /** Any implementation of `fetch`. Default: the global one, and node:https where there is none. */
  fetch?: FetchLike;
  /** Another of WeChat's hosts, or a sandbox on this machine. Default `https://api.weixin.qq.com`. */
  baseUrl?: string;
  /**
   * Hosts of your own that `baseUrl` may name, over https: a gateway that everything goes through. Names or addresses, each
   * with a port if only that one is meant. They get every access token and everybody's data.
   */
  trustedHosts?: readonly string[];
  /** The time limit of a call, its token, its repetitions and its body included, in milliseconds. Default 10,000. */
  timeoutMs?: number;
  /**
   * How often a call is made again where it ended with the action `retry` (no connection, HTTP 5xx, "busy"), after a pause of
   * a quarter to half a second that doubles each time. Only what uses nothing up is made again: `getCategory` and requests
   * for tokens, never a call with a one-time code. 0 to 10; default 2.
   */
  retries?: number;
  /** Told of every exchange. What it throws is ignored: watching must not break a call. */
  onExchange?: OnExchange;
}

/** A client that gets its access tokens by itself. */
export interface ClientWithSecret extends ClientSettings {
  /** The mini program's app id. */
  appId: string;
  /**
   * Its secret: with it the client gets access tokens (`stable_token`), uses each until five minutes before its end, and
   * replaces one that WeChat refuses.
   */
  appSecret: string;
  /**
   * Where processes share the access token: a Keyv instance or anything like it. Without one each process asks for it, and
   * WeChat gives all of them the same. A store that fails, or takes longer than 500 ms, fails no call: the token is in memory
   * too, and `onExchange` is told once.
   */
  tokenStore?: Store;
  accessToken?: undefined;
  auth?: undefined;
}

/** A client that is given its access tokens. */
export interface ClientWithToken extends ClientSettings {
  /** The mini program's app id; no call needs it. */
  appId?: string;
  /**
   * The mini program's access token, or a function that is asked for it before every call; what it throws is passed on.
   * Where WeChat refused a token (40001, 40014, 41001, 42001), the function is asked again, with that token as `refused`;
   * if it returns another one, the call is made once more with it.
   */
  accessToken: string | ((request: { refused?: string }) => string | Promise<string>);
  appSecret?: undefined;
  auth?: undefined;
}

/**
 * A client in a container of WeChat Cloud Run. Not verified for these interfaces: WeChat says that `checkrealnameinfo` and
 * `getrealnameinfo` support no cloud call.
 */
export interface ClientInCloudRun extends ClientSettings {
  /**
   * `cloud-run`: without a token, over plain http to a neighbour in the container that answers for WeChat's host and adds the
   * token; the interface must be on the console's list (开放接口服务). Outside of such a container it would send everything
   * unencrypted. `cloudbase-access-token`: over https, with the token of the file that a version made with 云调用令牌 has.
   */
  auth: 'cloud-run' | 'cloudbase-access-token';
  /** Which mini program, where several share the container; for `cloud-run`. */
  fromAppId?: string;
  /** The token's file. Default: `/.tencentcloudbase/wx/cloudbase_access_token`. */
  tokenFile?: string;
  appId?: string;
  appSecret?: undefined;
  accessToken?: undefined;
}

/** How to reach WeChat, and on whose behalf. */
export type ClientOptions = ClientWithSecret | ClientWithToken | ClientInCloudRun;

/** WeChat's real-name interfaces, one method each. */
export type Client = OperationMethods;

/** One request on its way, for `onExchange`. */
interface Attempt {
  readonly attempt: number;
  readonly started: number;
  /** From the moment on when it is ready to be sent. */
  seen?: Seen;
  reply?: Received;
}

/** How a call is made again, as the core says. */
interface Again {
  readonly onAnotherToken: boolean;
  readonly pauseMs: number;
}

/**
 * A client of WeChat's real-name interfaces. For servers: WeChat forbids calling them from a front end, and an access
 * token has no place there. Make one for each mini program and keep it: the access token is in it.
 *
 * Throws `CONFIGURATION` for options that cannot work; every call throws `RealNameError`, or what your `accessToken`
 * function threw.
 *
 * @example
 * ```ts
 * const client = createClient({ appId, appSecret, merchant });
 * const { realName, credentialId } = await client.getRealNameInfo({ authToken });
 * ```
 */
export function createClient(options: ClientOptions): Client {
  return new WeChatClient(options) as unknown as Client;
}

/** @internal */
export class WeChatClient {
  readonly #tokens: TokenSource;
  readonly #context: Omit<CallContext, 'accessToken'>;
  readonly #fetch: FetchLike | undefined;
  readonly #timeoutMs: number;
  readonly #retries: number;
  readonly #tell: (seen: Seen, failure?: unknown) => void;

  /** `tokens`: where a platform gets them from. */
  constructor(options: ClientOptions | ClientSettings, tokens?: TokenSource) {
    const { baseUrl, trustedHosts, fetch, timeoutMs = 10_000, retries = 2, merchant, onExchange } = options ?? {};
    if (fetch !== undefined && typeof fetch !== 'function') throw configuration('fetch', 'must be a function');
    if (onExchange !== undefined && typeof onExchange !== 'function') {
      throw configuration('onExchange', 'must be a function');
    }
    if (!(Number.isInteger(retries) && retries >= 0 && retries <= 10)) {
      throw configuration('retries', 'must be a whole number from 0 to 10');
    }
    this.#retries = retries;
    this.#timeoutMs = checkedLimit(timeoutMs);
    if (baseUrl !== undefined && typeof baseUrl !== 'string') throw configuration('baseUrl', 'must be a string');
    heldBy(merchant);
    const { auth, fromAppId } = (options ?? {}) as Partial<ClientInCloudRun>;
    const context = { baseUrl: originOf(baseUrl, trustedHosts), trustedHosts, merchant, auth, fromAppId };
    this.#context = withoutAbsent(context);
    this.#fetch = fetch;
    this.#tell = watcher(onExchange?.bind(options));
    this.#tokens = tokens ?? this.#tokensOf(options as ClientOptions);
  }

  /** Where the tokens come from: there must be one way. */
  #tokensOf(options: ClientOptions): TokenSource {
    const { appId, appSecret, tokenStore, accessToken, auth, tokenFile } = (options ?? {}) as unknown as Record<string, unknown>;
    const ways = Object.entries({ accessToken, appSecret, auth }).filter(([, value]) => value !== undefined);
    const [[way] = ['accessToken'], more] = ways;
    if (more) throw configuration(more[0], `goes without ${way}: a client gets its tokens in one way`);
    if (tokenStore !== undefined && way !== 'appSecret') {
      throw configuration('tokenStore', 'goes with appId and appSecret: it keeps the tokens that they get');
    }
    switch (way) {
      case 'appSecret': {
        const text = (field: string, value: unknown) => {
          if (typeof value === 'string' && value !== '') return value;
          throw configuration(field, 'must be a string, and not empty');
        };
        return this.#tokensFor(text('appId', appId), text('appSecret', appSecret), tokenStore as Store | undefined);
      }
      case 'auth':
        if (auth !== 'cloud-run' && auth !== 'cloudbase-access-token') {
          throw configuration('auth', "must be 'cloud-run' or 'cloudbase-access-token'");
        }
        return auth === 'cloud-run' ? none : mounted(tokenFile as string | undefined);
    }
    const given = accessToken as ClientWithToken['accessToken'] | undefined;
    // With the options as `this`, as it would be called by their owner.
    if (typeof given === 'function') return asked((request) => given.call(options, request));
    if (typeof given === 'string' && given !== '') return asked(() => given);
    throw configuration(
      'accessToken',
      'must be an access token or a function that gets one; or give appId and appSecret, and the client gets it',
    );
  }

  #tokensFor(appId: string, appSecret: string, tokenStore: Store | undefined): TokenSource {
    const store = tokenStore && checkedStore('tokenStore', tokenStore);
    const shared = store && new SharedToken(store, `wechat-realname:${appId}:`, 'access_token', this.#tell);
    return new RenewedTokens(async () => {
      const { accessToken: token, expiresIn } = await this.call('getStableAccessToken', { appId, appSecret });
      return { token, expiresIn };
    }, shared);
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
    let underWay: Attempt | undefined;
    const told = (failure?: unknown) => {
      if (underWay?.seen) this.#tell({ ...underWay.seen, status: underWay.reply?.status }, failure);
      underWay = undefined;
    };
    try {
      const outcome = await withinLimit(name, this.#timeoutMs, signal, (limit) =>
        this.#attempts(name, params, limit, (attempt) => (underWay = attempt), told),
      );
      told();
      return outcome;
    } catch (thrown) {
      told(thrown);
      throw thrown;
    }
  }

  /** One exchange after the other, until there is an outcome or nothing more to be tried. */
  async #attempts<Name extends keyof Operations>(
    name: Name,
    params: object,
    limit: Limit,
    begins: (attempt: Attempt) => void,
    ended: (failure: unknown) => void,
  ): Promise<Operations[Name]['outcome']> {
    // What gets a token is made without one.
    const source = operationList[name].token === 'nobody' ? none : this.#tokens;
    let token = await source.get();
    let tokenReplaced = false;
    let repeated = 0;
    for (let number = 1; ; number += 1) {
      // The caller has been told that it is over: nothing may be sent behind their back.
      if (limit.signal.aborted) return undefined as never;
      limit.waitsFor = 'answer';
      const attempt: Attempt = { attempt: number, started: Date.now() };
      begins(attempt);
      try {
        return await this.#exchange(name, params, token, attempt, limit.signal);
      } catch (thrown) {
        const again = limit.signal.aborted ? undefined : this.#again(name, thrown, tokenReplaced, repeated);
        // Where the time is too short, this failure says more than that it was too short.
        if (!again || again.pauseMs >= limit.left()) throw thrown;
        ended(thrown);
        if (again.onAnotherToken) {
          tokenReplaced = true;
          limit.waitsFor = 'access token';
          const another = await source.get(token);
          if (another === token) throw thrown;
          token = another;
        } else {
          repeated += 1;
          await pause(again.pauseMs, limit.signal);
        }
      }
    }
  }

  #again(name: string, thrown: unknown, tokenReplaced: boolean, repeated: number): Again | undefined {
    const action = thrown instanceof RealNameError ? thrown.action : undefined;
    if (action === undefined) return undefined;
    const random = Math.floor(Math.random() * 2 ** 32);
    return core.run(({ repeat }) => repeat(name, action, tokenReplaced, repeated, this.#retries, random));
  }

  async #exchange<Name extends keyof Operations>(
    name: Name,
    params: object,
    { token }: HeldToken,
    attempt: Attempt,
    signal: AbortSignal,
  ): Promise<Operations[Name]['outcome']> {
    const call = prepare(name, params, { ...this.#context, accessToken: token });
    const { method, url } = call.request;
    attempt.seen = { ...attempt, operation: name, method, url: withoutToken(url) };
    attempt.reply = await this.#send(call.request, signal).catch((thrown: unknown) => {
      throw asNetworkError(thrown, name);
    });
    return call.interpret(attempt.reply);
  }

  get #send(): Send {
    const fetch = this.#fetch ?? (globalThis.fetch as FetchLike | undefined);
    return fetch ? sendWith(fetch) : sendWithNode;
  }
}

for (const [name, { takesParams, token }] of Object.entries(operationList) as [
  keyof Operations,
  (typeof operationList)[keyof Operations],
][]) {
  if (token !== 'mini_program') continue;
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

/** `baseUrl` in its canonical form. */
function originOf(baseUrl: string | undefined, trustedHosts: readonly string[] | undefined): string | undefined {
  const trusted = joinedHosts(trustedHosts);
  if (baseUrl === undefined && trusted === undefined) return undefined;
  return core.run(({ origin }) => origin(baseUrl, trusted));
}

function withoutAbsent<T extends object>(given: T): { [Name in keyof T]: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as never;
}
