// Where a call gets its token from. What is kept, and for how long, is the core's decision; here it is carried out.
import { readFile } from 'node:fs/promises';

import { pause, seconds } from './clock';
import { core } from './core';
import { RealNameError } from './error';
import type { Seen } from './exchange';
import { foreign } from './foreign';
import { Kept } from './kept';
import type { Store } from './store';

/** A token in use. A refusal is of this object, not of its text: WeChat may confirm the same text. */
export interface HeldToken {
  readonly token: string;
  /** Seconds since 1970-01-01 UTC. */
  readonly freshUntil?: number;
}

export interface TokenSource {
  /** The token to call on; another one where WeChat `refused` this one, or the same where there is no other. */
  get(refused?: HeldToken): Promise<HeldToken>;
}

/** Asks for the token before every call. */
export function asked(ask: (request: { refused?: string }) => string | Promise<string>): TokenSource {
  return {
    async get(refused) {
      const token = await ask(refused ? { refused: refused.token } : {});
      return token === refused?.token ? refused : { token };
    },
  };
}

/** Where WeChat Cloud Run puts the token that it renews every ten minutes. */
const MOUNTED = '/.tencentcloudbase/wx/cloudbase_access_token';

/** The file that WeChat Cloud Run mounts into its containers. */
export function mounted(file = MOUNTED): TokenSource {
  return asked(async () => {
    try {
      return (await readFile(file, 'utf8')).trim();
    } catch (thrown) {
      const cause = foreign(thrown);
      const message =
        `auth: ${file} cannot be read (${cause.code ?? cause.name}); it is there in containers of WeChat Cloud Run ` +
        'whose version was made with 云调用令牌 turned on';
      throw new RealNameError({ code: 'CONFIGURATION', message, field: 'auth', action: 'fix_request' }, cause);
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

/** Tokens that WeChat hands out for a time: kept until shortly before their end, and asked for once, whoever waits. */
export class RenewedTokens implements TokenSource {
  readonly #request: () => Promise<{ token: string; expiresIn: number }>;
  readonly #shared: SharedToken | undefined;
  #held: HeldToken | undefined;
  /** The last one that WeChat refused while it was held. */
  #refused: HeldToken | undefined;
  #underWay: Promise<HeldToken> | undefined;
  #requestedAt = -Infinity;

  constructor(request: () => Promise<{ token: string; expiresIn: number }>, shared?: SharedToken) {
    this.#request = request;
    this.#shared = shared;
  }

  async get(refused?: HeldToken): Promise<HeldToken> {
    if (refused && refused === this.#held) {
      this.#refused = refused;
      this.#held = undefined;
    }
    if (this.#held && isUsable(this.#held)) return this.#held;
    this.#underWay ??= this.#next().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  async #next(): Promise<HeldToken> {
    const kept = await this.#shared?.get();
    if (isUsable(kept, this.#refused)) return (this.#held = kept);
    const elapsed = Math.min(performance.now() - this.#requestedAt, 2 ** 31);
    await pause(core.run((core) => core.pauseBeforeRequest(elapsed)));
    this.#requestedAt = performance.now();
    const { token, expiresIn } = await this.#request();
    const held = { token, freshUntil: freshUntil(expiresIn) };
    // Nobody waits for the store.
    void this.#shared?.set(held);
    return (this.#held = held);
  }
}

/** What a store of tokens may take. Some never answer while they have no connection. */
const STORE_MS = 500;

/** One token in a store that processes share. Whatever the store does, no call fails for it. */
export class SharedToken {
  readonly #kept: Kept;
  readonly #prefix: string;
  readonly #key: string;
  readonly #tell: (seen: Seen, failure: unknown) => void;
  /** It failed, and that was told. */
  #failing = false;

  constructor(store: Store, prefix: string, key: string, tell: (seen: Seen, failure: unknown) => void) {
    this.#kept = new Kept(store, prefix, STORE_MS);
    this.#prefix = prefix;
    this.#key = key;
    this.#tell = tell;
  }

  async get(): Promise<HeldToken | undefined> {
    return this.#using('get', async () => {
      const kept = await this.#kept.getIfReadable<Required<HeldToken>>(this.#key);
      // A copy, made here: an object of the store's own may do anything when it is read.
      return kept && { token: kept.token, freshUntil: kept.freshUntil };
    });
  }

  async set(held: Required<HeldToken>): Promise<void> {
    const ttlMs = (held.freshUntil - seconds()) * 1000;
    if (ttlMs > 0) await this.#using('set', () => this.#kept.set(this.#key, held, ttlMs));
  }

  async #using<T>(method: string, work: () => Promise<T>): Promise<T | undefined> {
    const started = Date.now();
    try {
      const done = await work();
      this.#failing = false;
      return done;
    } catch (thrown) {
      if (this.#failing) return undefined;
      this.#failing = true;
      this.#tell({ operation: 'tokenStore', method, url: this.#prefix + this.#key, started, attempt: 1 }, thrown);
      return undefined;
    }
  }
}
