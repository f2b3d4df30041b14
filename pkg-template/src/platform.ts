import { WeChatClient, type Client, type ClientSettings } from './client';
import { RealNameError } from './error';
import { watcher } from './exchange';
import type { GetAuthorizerAccessTokenParams, PushEvent } from './generated/core_types';
import { Kept } from './kept';
import { pause } from './limit';
import { asConfiguration, configuration, invalid } from './mistake';
import { prepare } from './operations';
import { checkedStore, type Store } from './store';
import { RenewedTokens, SharedToken, asked, freshUntil, isUsable, type HeldToken } from './tokens';
import { UnderWay } from './under_way';

/** A third-party platform, and where it keeps its tokens. */
export interface PlatformOptions extends Omit<ClientSettings, 'medicalKeys' | 'merchant'> {
  /** The platform's app id. */
  componentAppId: string;
  /** The platform's secret. */
  componentAppSecret: string;
  /**
   * Keeps the last ticket and every mini program's refresh token: a Keyv instance or anything like it. Default: this
   * process's memory, which is gone at its end, and with it every owner's consent. What it throws ends a call with the code
   * `CONFIGURATION` and the action `retry`. Where several processes share it, two of them may renew one mini program's tokens
   * in the same moment, and the one that stores last decides which refresh token is kept.
   */
  store?: Store;
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
   * Takes an owner's consent: gets the mini program's tokens and keeps them. WeChat takes a code once; here it may come
   * again within an hour, as it does with a push that WeChat repeats.
   *
   * @param authorizationCode from the address that the owner comes back to, or from the push `authorized`; works once
   */
  authorize(authorizationCode: string): Promise<AuthorizedMiniProgram>;
  /** A client that calls in the name of a mini program, on its `authorizer_access_token`. */
  client(appId: string, options?: Pick<ClientSettings, 'medicalKeys' | 'merchant'>): Client;
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
 * const store = new Keyv(new KeyvRedis(url, { throwOnErrors: true }), { throwOnErrors: true });
 * const platform = createPlatform({ componentAppId, componentAppSecret, store });
 * const { appId } = await platform.authorize(authorizationCode);
 * await platform.client(appId).verifyBetaMiniprogram({ enterpriseName, code, componentPhone });
 * ```
 */
export function createPlatform(options: PlatformOptions): Platform {
  return new WeChatPlatform(options);
}

/** What is kept of a mini program. The refresh token is the one thing that cannot be had again. */
interface KeptMiniProgram extends Partial<HeldToken> {
  refreshToken: string;
}

/** An owner's consent on its way into the store. */
interface Consent {
  readonly appId: string;
  readonly permissionSets: number[];
  /** Absent once it is kept: what is kept then may be newer. */
  miniProgram?: KeptMiniProgram | undefined;
}

interface KeptTicket {
  ticket: string;
  createTime: number;
}

/** The keys of what is kept. */
const TICKET = 'ticket';
const COMPONENT = 'component_access_token';
const keyOf = (appId: string) => `authorizer:${appId}`;

/** What the store may take: the answer to a push is due in less than five seconds. */
const STORE_MS = 2000;

/** How long a code is known to have been taken: WeChat's live that long. */
const CODE_MS = 60 * 60 * 1000;

class WeChatPlatform implements Platform {
  readonly componentAppId: string;
  readonly #secret: string;
  readonly #kept: Kept;
  readonly #transport: ClientSettings;
  /** Calls in the platform's own name. */
  readonly #caller: WeChatClient;
  /** What is being fetched, by mini program: whoever asks meanwhile waits for the same. */
  readonly #underWay = new UnderWay<string>();
  /** What a consent gave and the store has not taken in full yet, by code. */
  readonly #consents = new Map<string, Consent>();

  constructor(options: PlatformOptions) {
    const { componentAppId, componentAppSecret, store = new Map<string, string>(), ...transport } = options ?? {};
    const componentVerifyTicket = 'any';
    const params = { componentAppId, componentAppSecret, componentVerifyTicket };
    asConfiguration(() => prepare('getComponentAccessToken', params, {}));
    const tell = watcher(options);
    const prefix = `wechat-realname:${componentAppId}:`;
    this.componentAppId = componentAppId;
    this.#secret = componentAppSecret;
    this.#kept = new Kept(checkedStore('store', store), prefix, STORE_MS);
    // With the platform's options as `this`, whoever calls it.
    const { onExchange } = transport;
    this.#transport = { ...transport, ...(onExchange && { onExchange: onExchange.bind(options) }) };
    // Unlike a refresh token it can be had again, so a store that fails need not stop anybody.
    const shared = new SharedToken(store, prefix, COMPONENT, tell);
    this.#caller = new WeChatClient(this.#transport, new RenewedTokens(() => this.#componentToken(), shared));
  }

  static is(value: unknown): value is Platform {
    return typeof value === 'object' && value !== null && #secret in value;
  }

  async acceptTicket(event: PushEvent): Promise<void> {
    const { componentVerifyTicket: ticket, componentAppId, createTime = 0 } = event ?? {};
    if (typeof ticket !== 'string') throw invalid('event', 'must be an event of the type component_verify_ticket');
    if (componentAppId !== this.componentAppId) throw invalid('event', 'is of another platform');
    await this.#kept.oneByOne(TICKET, async () => {
      const kept = await this.#kept.getIfReadable<KeptTicket>(TICKET);
      if (kept && kept.createTime > createTime) return;
      await this.#kept.set(TICKET, { ticket, createTime } satisfies KeptTicket);
    });
  }

  async authorize(authorizationCode: string): Promise<AuthorizedMiniProgram> {
    if (typeof authorizationCode !== 'string') throw invalid('authorizationCode', 'must be a string');
    const codeKey = `authorization:${authorizationCode}`;
    return this.#kept.oneByOne(codeKey, async () => {
      const before = await this.#kept.get<AuthorizedMiniProgram>(codeKey);
      if (before) return before;
      // The code is used up with the call, so what it gave is held until it is kept.
      let consent = this.#consents.get(authorizationCode);
      if (!consent) {
        const taken = await this.#consentOf(authorizationCode, codeKey);
        if (!('miniProgram' in taken)) return taken;
        this.#consents.set(authorizationCode, (consent = taken));
      }
      const { appId, permissionSets } = consent;
      await this.#keepConsents(appId);
      await this.#kept.set(codeKey, { appId, permissionSets }, CODE_MS);
      this.#consents.delete(authorizationCode);
      return { appId, permissionSets };
    });
  }

  /** What the code gives, or what it has given to another request or process a moment ago. */
  async #consentOf(authorizationCode: string, codeKey: string): Promise<Consent | AuthorizedMiniProgram> {
    try {
      const params = { componentAppId: this.componentAppId, authorizationCode };
      const authorization = await this.#caller.call('getAuthorizerRefreshToken', params);
      const { appId, permissionSets, authorizerAccessToken: token, authorizerRefreshToken, expiresIn } = authorization;
      const miniProgram: KeptMiniProgram = {
        refreshToken: authorizerRefreshToken,
        ...(token !== undefined && { token, freshUntil: freshUntil(expiresIn) }),
      };
      return { appId, permissionSets, miniProgram };
    } catch (thrown) {
      if (!(thrown instanceof RealNameError) || thrown.action !== 'ask_user_again') throw thrown;
      // An owner comes back and is pushed at the same time.
      for (let tries = 0; tries < 4; tries++) {
        await pause(250);
        const taken = this.#consents.get(authorizationCode) ?? (await this.#kept.get<AuthorizedMiniProgram>(codeKey));
        if (taken) return taken;
      }
      throw thrown;
    }
  }

  /** Puts consents to this mini program into the store that are not there yet. */
  async #keepConsents(appId: string): Promise<void> {
    const waiting = () => [...this.#consents.values()].filter((consent) => consent.appId === appId && consent.miniProgram);
    if (waiting().length === 0) return;
    await this.#kept.oneByOne(keyOf(appId), async () => {
      for (const consent of waiting()) {
        const { miniProgram } = consent;
        // Another request may have been faster.
        if (!miniProgram) continue;
        await this.#kept.setSurely(keyOf(appId), miniProgram);
        consent.miniProgram = undefined;
      }
    });
  }

  client(appId: string, options?: Pick<ClientSettings, 'medicalKeys' | 'merchant'>): Client {
    if (typeof appId !== 'string' || appId === '') throw invalid('appId', 'must be a string');
    const tokens = asked(({ refused }) => this.#authorizerToken(appId, refused));
    return new WeChatClient({ ...this.#transport, ...options, appId }, tokens) as unknown as Client;
  }

  async forget(appId: string): Promise<void> {
    for (const [code, consent] of this.#consents) if (consent.appId === appId) this.#consents.delete(code);
    await this.#kept.oneByOne(keyOf(appId), () => this.#kept.delete(keyOf(appId)));
  }

  /** A new `component_access_token`. */
  async #componentToken(): Promise<{ token: string; expiresIn: number }> {
    const { ticket } = (await this.#kept.getIfReadable<KeptTicket>(TICKET)) ?? {};
    if (ticket === undefined) {
      throw configuration(
        'platform',
        'no component_verify_ticket has come yet: WeChat pushes one every ten minutes to the authorization event ' +
          'receiving URL (授权事件接收URL); hand the platform to createPushHandler and a store that lasts to createPlatform',
      );
    }
    const { componentAccessToken: token, expiresIn } = await this.#caller.call('getComponentAccessToken', {
      componentAppId: this.componentAppId,
      componentAppSecret: this.#secret,
      componentVerifyTicket: ticket,
    });
    return { token, expiresIn };
  }

  /** A mini program's `authorizer_access_token`: the kept one, or a new one where that is old or was refused. */
  #authorizerToken(appId: string, refused?: string): Promise<string> {
    return this.#once(keyOf(appId), refused, async () => {
      await this.#keepConsents(appId);
      const kept = await this.#keptOf(appId);
      // Of a refused token nothing more is known.
      const old = refused === undefined ? undefined : { token: refused, freshUntil: 0 };
      return isUsable(kept, old) ? kept.token : this.#renewed(appId, kept, old);
    });
  }

  async #renewed(appId: string, kept: KeptMiniProgram, refused: HeldToken | undefined): Promise<string> {
    const params: GetAuthorizerAccessTokenParams = {
      componentAppId: this.componentAppId,
      authorizerAppId: appId,
      authorizerRefreshToken: kept.refreshToken,
    };
    const tokens = await this.#caller.call('getAuthorizerAccessToken', params).catch(async (thrown: unknown) => {
      // Another process may have used the refresh token up, and kept its successor.
      const now = await this.#keptOf(appId);
      if (now.refreshToken === kept.refreshToken) throw thrown;
      return now;
    });
    if ('refreshToken' in tokens) {
      return isUsable(tokens, refused) ? tokens.token : this.#renewed(appId, tokens, refused);
    }
    const { authorizerAccessToken: token, authorizerRefreshToken: refreshToken, expiresIn } = tokens;
    return this.#kept.oneByOne(keyOf(appId), async () => {
      // A new consent that came meanwhile, or its end, counts more.
      const now = await this.#keptOf(appId);
      if (now.refreshToken !== kept.refreshToken && isUsable(now, refused)) return now.token;
      // Before the access token is used: with its first use the old refresh token is worth nothing.
      const renewed: KeptMiniProgram = { token, refreshToken, freshUntil: freshUntil(expiresIn) };
      await this.#kept.setSurely(keyOf(appId), renewed);
      return token;
    });
  }

  async #keptOf(appId: string): Promise<KeptMiniProgram> {
    const kept = await this.#kept.get<KeptMiniProgram>(keyOf(appId));
    if (kept) return kept;
    throw configuration('appId', 'its owner has not authorised the platform: call platform.authorize with the code');
  }

  /** One at a time for each key: whoever asks meanwhile waits for the same token. */
  async #once(key: string, refused: string | undefined, work: () => Promise<string>): Promise<string> {
    for (let before = this.#underWay.get(key); before; before = this.#underWay.get(key)) {
      const token = await before;
      if (token !== undefined && token !== refused) return token;
    }
    return this.#underWay.begin(key, work);
  }
}
Object.defineProperty(WeChatPlatform, 'name', { value: 'Platform' });

/** @internal Whether it is what `createPlatform` returned. */
export const isPlatform = WeChatPlatform.is;
