import { WeChatClient, type Client, type ClientOptions, type Exchange } from './client';
import { core } from './core';
import { RealNameError } from './error';
import { foreign } from './foreign';
import type { GetAuthorizerAccessTokenParams, PushEvent } from './generated/core_types';
import { configuration, invalid } from './mistake';
import type { FetchLike } from './send';
import type { Store } from './store';

/** A third-party platform, and where it keeps its tokens. */
export interface PlatformOptions {
  /** The platform's app id. */
  componentAppId: string;
  /** The platform's secret. */
  componentAppSecret: string;
  /**
   * Keeps the last ticket and every mini program's refresh token: a Keyv instance or anything like it. Default: this
   * process's memory, which is gone at its end, and with it every owner's consent. What it throws ends a call with the code
   * `NETWORK`.
   */
  store?: Store;
  /** As in `createClient`. */
  fetch?: FetchLike;
  /** As in `createClient`. */
  baseUrl?: string;
  /** As in `createClient`. */
  timeoutMs?: number;
  /** As in `createClient`. */
  onExchange?: (exchange: Exchange) => void;
}

/** A mini program whose owner authorised the platform. */
export interface AuthorizedMiniProgram {
  /** The mini program. */
  readonly appId: string;
  /** The permission sets that its owner granted, by number: 81 is `verifyBetaMiniprogram`'s. */
  readonly permissionSets: readonly number[];
}

/** The tokens of a third-party platform and of the mini programs that authorised it, got, kept and renewed. */
export interface Platform {
  /** The platform's app id. */
  readonly componentAppId: string;
  /**
   * Keeps the ticket of a `component_verify_ticket` event; `createPushHandler({ platform })` does it by itself. An older
   * ticket never takes the place of a newer one.
   */
  acceptTicket(event: PushEvent): Promise<void>;
  /**
   * Takes an owner's consent: gets the mini program's tokens and keeps them.
   *
   * @param authorizationCode from the address that the owner comes back to, or from the push `authorized`; works once
   */
  authorize(authorizationCode: string): Promise<AuthorizedMiniProgram>;
  /** A client that calls in the name of a mini program, on its `authorizer_access_token`. */
  client(appId: string, options?: Pick<ClientOptions, 'merchant'>): Client;
  /** Forgets a mini program's tokens, as after the push `unauthorized`. */
  forget(appId: string): Promise<void>;
}

/**
 * A third-party platform: for `verifyBetaMiniprogram`, which is called in the name of a client's mini program.
 *
 * WeChat pushes a ticket every ten minutes; before the first one has come, calls end with `CONFIGURATION`. Hand the
 * platform to `createPushHandler`, which keeps it.
 *
 * Throws `CONFIGURATION` for options that cannot work.
 *
 * @example
 * ```ts
 * const platform = createPlatform({ componentAppId, componentAppSecret, store: new Keyv(new KeyvRedis(url)) });
 * const { appId } = await platform.authorize(authorizationCode);
 * await platform.client(appId).verifyBetaMiniprogram({ enterpriseName, code, componentPhone });
 * ```
 */
export function createPlatform(options: PlatformOptions): Platform {
  return new WeChatPlatform(options);
}

/** What is kept of a token. */
interface KeptToken {
  token: string;
  /** Seconds since 1970-01-01 UTC. */
  freshUntil: number;
}

/** What is kept of a mini program. The refresh token is the one thing that cannot be had again. */
interface KeptMiniProgram extends Partial<KeptToken> {
  refreshToken: string;
}

interface KeptTicket {
  ticket: string;
  createTime: number;
}

class WeChatPlatform implements Platform {
  readonly componentAppId: string;
  readonly #secret: string;
  readonly #store: Store;
  readonly #transport: Omit<ClientOptions, 'accessToken'>;
  /** Calls in the platform's own name. */
  readonly #caller: WeChatClient;
  /** What is being fetched, by key: whoever asks meanwhile waits for the same. */
  readonly #underWay = new Map<string, Promise<string>>();

  constructor(options: PlatformOptions) {
    const { componentAppId, componentAppSecret, store = new Map<string, string>(), ...transport } = options ?? {};
    for (const [field, value] of Object.entries({ componentAppId, componentAppSecret })) {
      if (typeof value !== 'string' || value === '') throw configuration(field, 'must be a string');
    }
    if (typeof store?.get !== 'function' || typeof store.set !== 'function' || typeof store.delete !== 'function') {
      throw configuration('store', 'must have get, set and delete, as Keyv has them');
    }
    this.componentAppId = componentAppId;
    this.#secret = componentAppSecret;
    this.#store = store;
    this.#transport = transport;
    this.#caller = new WeChatClient({ ...transport, accessToken: ({ refused }) => this.#componentToken(refused) });
  }

  static is(value: unknown): value is Platform {
    return typeof value === 'object' && value !== null && #secret in value;
  }

  async acceptTicket(event: PushEvent): Promise<void> {
    const { componentVerifyTicket: ticket, componentAppId, createTime = 0 } = event ?? {};
    if (typeof ticket !== 'string') throw invalid('event', 'must be an event of the type component_verify_ticket');
    if (componentAppId !== this.componentAppId) throw invalid('event', 'is of another platform');
    const kept = await this.#read<KeptTicket>('ticket');
    if (kept && kept.createTime > createTime) return;
    await this.#keep('ticket', { ticket, createTime } satisfies KeptTicket);
  }

  async authorize(authorizationCode: string): Promise<AuthorizedMiniProgram> {
    const params = { componentAppId: this.componentAppId, authorizationCode };
    const authorization = await this.#caller.call('getAuthorizerRefreshToken', params);
    const { appId, permissionSets, authorizerAccessToken: token, authorizerRefreshToken, expiresIn } = authorization;
    await this.#keep(authorizerKey(appId), {
      refreshToken: authorizerRefreshToken,
      ...(token !== undefined && { token, freshUntil: freshUntil(expiresIn) }),
    } satisfies KeptMiniProgram);
    return { appId, permissionSets };
  }

  client(appId: string, options?: Pick<ClientOptions, 'merchant'>): Client {
    if (typeof appId !== 'string' || appId === '') throw invalid('appId', 'must be a string');
    return new WeChatClient({
      ...this.#transport,
      ...options,
      accessToken: ({ refused }) => this.#authorizerToken(appId, refused),
    }) as unknown as Client;
  }

  async forget(appId: string): Promise<void> {
    await this.#using((store) => store.delete(this.#name(authorizerKey(appId))));
  }

  /** A `component_access_token`: the kept one, or a new one where that is old or was refused. */
  #componentToken(refused?: string): Promise<string> {
    return this.#once('component_access_token', refused, async () => {
      const kept = await this.#read<KeptToken>('component_access_token');
      if (isUsable(kept, refused)) return kept.token;
      const { ticket } = (await this.#read<KeptTicket>('ticket')) ?? {};
      if (ticket === undefined) {
        throw configuration(
          'platform',
          'no component_verify_ticket has come yet: WeChat pushes one every ten minutes to the authorization event ' +
            'receiving URL (授权事件接收URL); hand the platform to createPushHandler and a store that lasts to createPlatform',
        );
      }
      const { componentAccessToken: token, expiresIn } = await new WeChatClient({
        ...this.#transport,
        accessToken: () => '',
      }).call('getComponentAccessToken', {
        componentAppId: this.componentAppId,
        componentAppSecret: this.#secret,
        componentVerifyTicket: ticket,
      });
      await this.#keep('component_access_token', { token, freshUntil: freshUntil(expiresIn) } satisfies KeptToken);
      return token;
    });
  }

  /** A mini program's `authorizer_access_token`: the kept one, or a new one where that is old or was refused. */
  #authorizerToken(appId: string, refused?: string): Promise<string> {
    const key = authorizerKey(appId);
    return this.#once(key, refused, async () => {
      const kept = await this.#read<KeptMiniProgram>(key);
      if (!kept) {
        throw configuration('appId', 'its owner has not authorised the platform: call platform.authorize with the code');
      }
      if (isUsable(kept, refused)) return kept.token;
      const tokens = await this.#caller.call('getAuthorizerAccessToken', {
        componentAppId: this.componentAppId,
        authorizerAppId: appId,
        authorizerRefreshToken: kept.refreshToken,
      } satisfies GetAuthorizerAccessTokenParams);
      const { authorizerAccessToken: token, authorizerRefreshToken: refreshToken, expiresIn } = tokens;
      // Before the access token is used: with its first use the old refresh token is worth nothing.
      await this.#keep(key, { token, refreshToken, freshUntil: freshUntil(expiresIn) } satisfies KeptMiniProgram);
      return token;
    });
  }

  /** One at a time for each key: whoever asks meanwhile waits for the same token. */
  async #once(key: string, refused: string | undefined, work: () => Promise<string>): Promise<string> {
    for (let before = this.#underWay.get(key); before; before = this.#underWay.get(key)) {
      const token = await before;
      if (token !== refused) return token;
    }
    const started = work().finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, started);
    return started;
  }

  #name(key: string): string {
    return `wechat-realname:${this.componentAppId}:${key}`;
  }

  async #read<T>(key: string): Promise<T | undefined> {
    const text = await this.#using((store) => store.get(this.#name(key)));
    if (text == null) return undefined;
    try {
      return JSON.parse(text as string) as T;
    } catch {
      throw configuration('store', 'returned something else than was put in');
    }
  }

  #keep(key: string, value: object): Promise<unknown> {
    return this.#using((store) => store.set(this.#name(key), JSON.stringify(value)));
  }

  async #using(work: (store: Store) => unknown): Promise<unknown> {
    try {
      return await work(this.#store);
    } catch (thrown) {
      const cause = foreign(thrown);
      throw new RealNameError(
        { code: 'NETWORK', message: `the platform's store failed (${cause.code ?? cause.name})`, action: 'retry' },
        cause,
      );
    }
  }
}
Object.defineProperty(WeChatPlatform, 'name', { value: 'Platform' });

/** @internal Whether it is what `createPlatform` returned. */
export const isPlatform = WeChatPlatform.is;

const authorizerKey = (appId: string) => `authorizer:${appId}`;

const seconds = () => Math.floor(Date.now() / 1000);

const freshUntil = (expiresIn: number) => core.run((core) => core.freshUntil(seconds(), expiresIn));

function isUsable(kept: Partial<KeptToken> | undefined, refused: string | undefined): kept is KeptToken {
  return kept?.token !== undefined && kept.token !== refused && (kept.freshUntil ?? 0) > seconds();
}
