import { server } from '#host';

import { core } from './core';
import { plain } from './crossing';
import { RealNameError } from './error';
import { watcher, type OnExchange, type Seen, type Tell } from './exchange';
import type { Client, Operations } from './generated/core_types';
import { operationList } from './generated/operation_list';
import { checkedLimit, pause, withinLimit, type AbortSignalLike, type Limit } from './limit';
import { withoutToken } from './masked';
import type { Merchant } from './merchant';
import { asConfiguration, configuration, invalid } from './mistake';
import { prepare, type CallContext, type MedicalKeys } from './operations';
import { asNetworkError, sendWith, type FetchLike, type Send } from './send';
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
  /**
   * The hospital's keys for patients' names (微信长辈就医), 32 characters each, by WeChat's `key_version`: `{ 0: '…' }`.
   * `getMedicalRealName` needs them. More than one may be in use at once.
   */
  medicalKeys?: MedicalKeys;
  /** Any implementation of `fetch`. Default: the global one; node:https where there is none, and on Node before 18.16. */
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
   * a quarter to half a second (for tokens, a second) that doubles each time, up to eight. Only what uses nothing up is made
   * again: `getCategory` and requests for tokens, never a call with a one-time code. 0 to 10; default 2.
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
  /** Not beside `appSecret`. */
  accessToken?: undefined;
  /** Not beside `appSecret`. */
  auth?: undefined;
}

/** Asked for an access token; `refused` is the one that WeChat has just refused, if any. */
export type Ask = (request: { refused?: string }) => string | Promise<string>;

/** A client that is given its access tokens. */
export interface ClientWithToken extends ClientSettings {
  /** The mini program's app id; `getMedicalRealName` needs it. */
  appId?: string;
  /**
   * The mini program's access token, or a function that is asked for it before every call; what it throws is passed on.
   * Where WeChat refused a token (40001, 40014, 41001, 42001), the function is asked again, with that token as `refused`;
   * if it returns another one, the call is made once more with it.
   */
  accessToken: string | Ask;
  /** Not beside `accessToken`. */
  appSecret?: undefined;
  /** Not beside `accessToken`. */
  auth?: undefined;
}

/**
 * A client in a container of WeChat Cloud Run. Not verified for these interfaces: WeChat says that `checkrealnameinfo` and
 * `getrealnameinfo` support no cloud call.
 */
export interface ClientInCloudRun extends ClientSettings {
  /**
   * `cloud-run`: without a token, over plain http to the sidecar in the container that answers for WeChat's host and adds the
   * token; the interface must be on the console's list (开放接口服务). Outside of such a container it would send everything
   * unencrypted. `cloudbase-access-token`: over https, with the token of the file that a version made with 云调用令牌 has.
   */
  auth: 'cloud-run' | 'cloudbase-access-token';
  /** Which mini program, where several share the container; for `cloud-run`. */
  fromAppId?: string;
  /** The token's file. Default: `/.tencentcloudbase/wx/cloudbase_access_token`. */
  tokenFile?: string;
  /** The mini program's app id; `getMedicalRealName` needs it. */
  appId?: string;
  /** Not beside `auth`. */
  appSecret?: undefined;
  /** Not beside `auth`. */
  accessToken?: undefined;
}

/** How to reach WeChat, and on whose behalf. */
export type ClientOptions = ClientInCloudRun | ClientWithToken | ClientWithSecret;

export type { Client };

/** The exchange under way, from its sending until it has been told of. */
interface UnderWay {
  seen?: Seen | undefined;
}

/** What a mini program gets its tokens with. */
type Secret = Pick<ClientWithSecret, 'appId' | 'appSecret'>;

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
  readonly #tell: Tell;

  /** `tokens`: where a platform gets them from. */
  constructor(options: ClientOptions | ClientSettings, tokens?: TokenSource) {
    const { baseUrl, trustedHosts, fetch, timeoutMs = 10_000, retries = 2, merchant, medicalKeys } = options ?? {};
    const { appId } = (options ?? {}) as Partial<ClientOptions>;
    if (fetch !== undefined && typeof fetch !== 'function') throw configuration('fetch', 'must be a function');
    if (!(Number.isInteger(retries) && retries >= 0 && retries <= 10)) {
      throw configuration('retries', 'must be a whole number from 0 to 10');
    }
    const own = (tokens ? {} : (options ?? {})) as Partial<ClientInCloudRun>;
    const { auth, fromAppId, accessToken }: Omit<typeof own, 'accessToken'> & { accessToken?: unknown } = own;
    // Copies: they are read at every call.
    const hosts = Array.isArray(trustedHosts) ? [...trustedHosts] : trustedHosts;
    const keys = medicalKeys === undefined ? undefined : asConfiguration(() => plain('medicalKeys', medicalKeys));
    this.#context = { appId, baseUrl, trustedHosts: hosts, merchant, medicalKeys: keys, auth, fromAppId } as Omit<
      CallContext,
      'accessToken'
    >;
    this.#timeoutMs = checkedLimit(timeoutMs);
    this.#retries = retries;
    this.#fetch = fetch;
    this.#tell = watcher(options);
    this.#tokens = tokens ?? this.#tokensOf(options as ClientOptions);
    // What is wrong with the rest would be wrong with every call.
    const token = typeof accessToken === 'string' ? accessToken : 'any';
    asConfiguration(() => prepare('getCategory', {}, { ...this.#context, accessToken: token }));
  }

  /** Where the tokens come from: there must be one way. */
  #tokensOf(options: ClientOptions): TokenSource {
    const given = (options ?? {}) as unknown as Record<string, unknown>;
    const { appId, appSecret, tokenStore, accessToken, auth, fromAppId, tokenFile } = given;
    const ways = Object.entries({ accessToken, appSecret, auth }).filter(([, value]) => value !== undefined);
    const [[way] = ['accessToken'], more] = ways;
    if (more) throw configuration(more[0], `goes without ${way}: a client gets its tokens in one way`);
    const only = (field: string, value: unknown, goes: boolean, company: string) => {
      if (value !== undefined && !goes) throw configuration(field, `goes with ${company}, and with nothing else`);
    };
    only('tokenStore', tokenStore, way === 'appSecret', 'appId and appSecret');
    only('fromAppId', fromAppId, auth === 'cloud-run', "auth: 'cloud-run'");
    only('tokenFile', tokenFile, auth === 'cloudbase-access-token', "auth: 'cloudbase-access-token'");
    if (way === 'appSecret') return this.#tokensFor({ appId, appSecret } as Secret, tokenStore as Store | undefined);
    if (way === 'auth') return auth === 'cloudbase-access-token' ? mounted(tokenFile) : none;
    // With the options as `this`, as it would be called by their owner.
    if (isFunction(accessToken)) return asked((request) => (accessToken as Ask).call(options, request));
    if (typeof accessToken === 'string' && accessToken !== '') return asked(() => accessToken);
    throw configuration(
      'accessToken',
      'must be an access token or a function that gets one; or give appId and appSecret, and the client gets it',
    );
  }

  #tokensFor({ appId, appSecret }: Secret, tokenStore: Store | undefined): TokenSource {
    asConfiguration(() => prepare('getStableAccessToken', { appId, appSecret }, {}));
    const store = tokenStore === undefined ? undefined : checkedStore('tokenStore', tokenStore);
    const shared = store && new SharedToken(store, `wechat-realname:${appId}:`, 'access_token', this.#tell);
    const request = async () => {
      const { accessToken: token, expiresIn } = await this.call('getStableAccessToken', { appId, appSecret });
      return { token, expiresIn };
    };
    return new RenewedTokens(request, shared, true);
  }

  async call<Name extends keyof Operations>(
    name: Name,
    params: object,
    options?: CallOptions,
  ): Promise<Operations[Name]['outcome']> {
    const signal = options?.signal;
    if (signal !== undefined && !(isFunction(signal?.addEventListener) && isFunction(signal.removeEventListener))) {
      throw invalid('signal', 'must be an AbortSignal');
    }
    const underWay: UnderWay = {};
    try {
      const outcome = await withinLimit(name, this.#timeoutMs, signal, (limit) => this.#attempts(name, params, limit, underWay));
      this.#told(underWay);
      return outcome;
    } catch (thrown) {
      this.#told(underWay, thrown);
      throw thrown;
    }
  }

  #told(underWay: UnderWay, failure?: unknown): void {
    if (underWay.seen) this.#tell(underWay.seen, failure);
    underWay.seen = undefined;
  }

  /** One exchange after the other, until there is an outcome or nothing more to be tried. */
  async #attempts<Name extends keyof Operations>(
    name: Name,
    params: object,
    limit: Limit,
    underWay: UnderWay,
  ): Promise<Operations[Name]['outcome']> {
    // What gets a token is made without one.
    const source = operationList[name].token === 'nobody' ? none : this.#tokens;
    let token = await source.get(undefined, limit.signal);
    let tokenReplaced = false;
    let repeated = 0;
    for (let attempt = 1; ; attempt += 1) {
      // The caller has been told that it is over: nothing may be sent behind their back.
      if (limit.signal.aborted) return undefined as never;
      limit.waitsFor = 'answer';
      try {
        return await this.#exchange(name, params, token, attempt, limit.signal, underWay);
      } catch (thrown) {
        const again = limit.signal.aborted ? undefined : this.#again(name, thrown, tokenReplaced, repeated);
        // Where the time is too short, this failure says more than that it was too short.
        if (!again || again.pauseMs >= limit.left()) throw thrown;
        this.#told(underWay, thrown);
        if (again.onAnotherToken) {
          tokenReplaced = true;
          limit.waitsFor = 'access token';
          const another = await source.get(token, limit.signal);
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
    attempt: number,
    signal: AbortSignal,
    underWay: UnderWay,
  ): Promise<Operations[Name]['outcome']> {
    const started = performance.now();
    const call = prepare(name, params, { ...this.#context, accessToken: token });
    const { method, url } = call.request;
    const seen: Seen = { operation: name, method, url: withoutToken(url), attempt, started };
    underWay.seen = seen;
    try {
      const reply = await this.#send(call.request, signal);
      seen.status = reply.status;
      return call.interpret(reply);
    } catch (thrown) {
      throw asNetworkError(thrown, name);
    }
  }

  get #send(): Send {
    const fetch = this.#fetch ?? (LOSES_ABORTS ? undefined : (globalThis.fetch as FetchLike | undefined));
    return fetch ? sendWith(fetch) : server.send;
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

/** Node's own fetch before 18.16 forgets an abort when garbage is collected meanwhile, and keeps the connection for ever. */
const LOSES_ABORTS = /^v(17|18\.(\d|1[0-5])|19)\./.test(globalThis.process?.version ?? '');

const isFunction = (value: unknown): boolean => typeof value === 'function';
