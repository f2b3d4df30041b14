// Where a call gets its token from. What is kept, and for how long, is the core's decision; here it is carried out.
import { server } from '#host';

import type { Ask } from './client';
import { seconds } from './clock';
import { core } from './core';
import { crossing } from './crossing';
import { RealNameError } from './error';
import type { Tell } from './exchange';
import { foreign } from './foreign';
import { Kept } from './kept';
import { pause, type AbortSignalLike } from './limit';
import { configuration } from './mistake';
import type { Store } from './store';
import { UnderWay } from './under_way';

/** A token in use. A refusal is of this object, not of its text: WeChat may confirm the same text. */
export interface HeldToken {
  readonly token: string;
  /** Seconds since 1970-01-01 UTC. */
  readonly freshUntil?: number;
}

export interface TokenSource {
  /**
   * The token to call on; another one where WeChat `refused` this one, or the same where there is no other. `over`: is aborted
   * when nobody waits for it any more.
   */
  get(refused?: HeldToken, over?: AbortSignalLike): Promise<HeldToken>;
}

/** Asks for the token before every call. */
export function asked(ask: Ask): TokenSource {
  return {
    async get(refused) {
      const token = await ask(refused ? { refused: refused.token } : {});
      return refused && refused.token === token ? refused : { token };
    },
  };
}

/** Where WeChat Cloud Run puts the token that it renews every ten minutes. */
const MOUNTED = '/.tencentcloudbase/wx/cloudbase_access_token';

/** The file that WeChat Cloud Run mounts into its containers. */
export function mounted(file: unknown = MOUNTED): TokenSource {
  if (typeof file !== 'string') throw configuration('tokenFile', 'must be the name of a file');
  return asked(async () => {
    try {
      return (await server.readText(file)).trim();
    } catch (thrown) {
      const cause = foreign(thrown);
      const message =
        `tokenFile: it cannot be read (${cause.code ?? cause.name}); in containers of WeChat Cloud Run it is ${MOUNTED}, ` +
        'where the version was made with 云调用令牌 turned on';
      throw new RealNameError({ code: 'CONFIGURATION', message, field: 'tokenFile', action: 'fix_request' }, cause);
    }
  });
}

/** No token at all: it is added on the way. */
export const none: TokenSource = asked(() => '');

/** Until when a token that comes now is used. */
export const freshUntil = (expiresIn: number): number => core.run((core) => core.freshUntil(seconds(), expiresIn));

/** Whether a call is made on what was kept, where WeChat refused another token or none. */
export const isUsable = (kept: Partial<HeldToken> | undefined, refused?: Partial<HeldToken>): kept is Required<HeldToken> =>
  core.run((core) => core.isUsable(kept, seconds(), refused));

/** Asks WeChat for a token. */
type RequestToken = () => Promise<{ token: string; expiresIn: number }>;

/** Tokens that WeChat hands out for a time: kept until shortly before their end, and asked for once, whoever waits. */
export class RenewedTokens implements TokenSource {
  readonly #request: RequestToken;
  readonly #shared: SharedToken | undefined;
  /** WeChat gives every process the same token: after a refusal it knows better than any store which one that is. */
  readonly #sameForAll: boolean;
  #held: HeldToken | undefined;
  /** The one that WeChat refused, until there is another. */
  #refused: HeldToken | undefined;
  readonly #underWay = new UnderWay<HeldToken>();
  /** When the last request ended. */
  #requestedAt = -Infinity;

  constructor(request: RequestToken, shared?: SharedToken, sameForAll = false) {
    this.#request = request;
    this.#shared = shared;
    this.#sameForAll = sameForAll;
  }

  async get(refused?: HeldToken, over?: AbortSignalLike): Promise<HeldToken> {
    if (refused && refused === this.#held) {
      this.#refused = refused;
      this.#held = undefined;
    }
    if (this.#held && isUsable(this.#held)) return this.#held;
    const before = this.#underWay.get('token');
    try {
      const held = await (before ?? this.#underWay.begin('token', () => this.#next()));
      return held ?? (await this.get(undefined, over));
    } catch (thrown) {
      // The time that is up may be that of the call which began it alone.
      const isMine = !before || over?.aborted || !(thrown instanceof RealNameError) || thrown.code !== 'TIMEOUT';
      if (isMine) throw thrown;
      return this.get(undefined, over);
    }
  }

  async #next(): Promise<HeldToken> {
    const kept = this.#refused && this.#sameForAll ? undefined : await this.#shared?.get();
    const held = isUsable(kept, this.#refused) ? kept : await this.#requested();
    this.#refused = undefined;
    return (this.#held = held);
  }

  async #requested(): Promise<HeldToken> {
    const elapsed = Math.min(performance.now() - this.#requestedAt, 2 ** 31);
    await pause(core.run((core) => core.pauseBeforeRequest(elapsed)));
    let sent = true;
    try {
      const { token, expiresIn } = await this.#request();
      const held = { token, freshUntil: freshUntil(expiresIn) };
      const kept = this.#shared?.set(held);
      // Nobody waits for the store, unless it would be cut off with the request.
      if (!server.outlivesRequests) await kept;
      return held;
    } catch (thrown) {
      // A mistake in the set-up, found before anything was sent.
      sent = !(thrown instanceof RealNameError) || thrown.operation !== undefined;
      throw thrown;
    } finally {
      if (sent) this.#requestedAt = performance.now();
    }
  }
}

/** What a store of tokens may take. Some never answer while they have no connection. */
const STORE_MS = 500;

/** One token in a store that processes share. Whatever the store does, no call fails for it. */
export class SharedToken {
  readonly #kept: Kept;
  readonly #prefix: string;
  readonly #key: string;
  readonly #tell: Tell;
  /** What of it fails; that was told with the first. */
  readonly #failing = new Set<string>();

  constructor(store: Store, prefix: string, key: string, tell: Tell) {
    this.#kept = new Kept(store, prefix, STORE_MS);
    this.#prefix = prefix;
    this.#key = key;
    this.#tell = tell;
  }

  async get(): Promise<HeldToken | undefined> {
    return this.#using('get', async () => {
      const kept = await this.#kept.getIfReadable<Required<HeldToken>>(this.#key);
      // A copy, made here: an object of the store's own may do anything when it is read.
      return kept && { token: crossing(kept.token) as string, freshUntil: crossing(kept.freshUntil) as number };
    });
  }

  async set(held: Required<HeldToken>): Promise<void> {
    const ttlMs = (held.freshUntil - seconds()) * 1000;
    if (ttlMs > 0) await this.#using('set', () => this.#kept.set(this.#key, held, ttlMs));
  }

  async #using<T>(method: string, work: () => Promise<T>): Promise<T | undefined> {
    const started = performance.now();
    try {
      const done = await work();
      // A store that can be written can be read; not so the other way round.
      if (method === 'set') this.#failing.clear();
      this.#failing.delete(method);
      return done;
    } catch (thrown) {
      const told = this.#failing.size > 0;
      this.#failing.add(method);
      if (!told) this.#tell({ operation: 'tokenStore', method, url: this.#prefix + this.#key, started, attempt: 1 }, thrown);
      return undefined;
    }
  }
}
