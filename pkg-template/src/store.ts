// Where tokens and claims are kept: in memory, or in whatever the user has.
import { configuration } from './mistake';

/**
 * A Keyv instance, or anything else with these three; each may return a promise. A `Map` fits too, for tests: it is gone
 * with the process, and takes no notice of `ttl`.
 *
 * A store that fails must throw: Keyv does with `throwOnErrors: true`, given to itself and to an adapter like KeyvRedis, and
 * otherwise says nothing of what it could not read.
 * A `set` that returns `false` is taken for a failure too.
 */
export interface Store {
  /** The value of a key; `undefined` where there is none, or its time is over. */
  get(key: string): unknown;
  /** `ttl` in milliseconds, as Keyv has it: the only place where this package counts in them. */
  set(key: string, value: string, ttl?: number): unknown;
  /** Removes a key, if it is there. */
  delete(key: string): unknown;
}

/** Remembers what was acted upon, so that no push is acted upon twice. */
export interface ReplayStore {
  /** `true` for the first who asks for this key, `false` for everybody else until it is released or the time is over. */
  claim(key: string, ttlSeconds: number): Promise<boolean>;
  /** Gives the key back. */
  release(key: string): Promise<void>;
  /** Whether the key is claimed. Where it is missing, asking is done by claiming and releasing, which costs more. */
  has?(key: string): Promise<boolean>;
}

/** @internal The store, if it has what a store must have. */
export function checkedStore(field: string, store: Store): Store {
  if (typeof store?.get === 'function' && typeof store.set === 'function' && typeof store.delete === 'function') return store;
  throw configuration(field, 'must have get, set and delete, as Keyv has them');
}

/** @internal Puts a value, or says that it could not. */
export async function put(store: Store, key: string, value: string, ttl?: number): Promise<void> {
  if ((await store.set(key, value, ttl)) === false) throw new Error('not stored');
}

/** @internal Claims in this process's memory. */
export function replayInMemory(): Required<ReplayStore> {
  const ends = new Map<string, number>();
  let swept = Date.now();
  return {
    async claim(key, ttlSeconds) {
      const now = Date.now();
      if ((ends.get(key) ?? 0) > now) return false;
      // Once a minute is often enough: WeChat pushes a few events an hour.
      if (now - swept > 60_000) {
        swept = now;
        for (const [key, end] of ends) if (end <= now) ends.delete(key);
      }
      ends.set(key, now + ttlSeconds * 1000);
      return true;
    },
    async release(key) {
      ends.delete(key);
    },
    async has(key) {
      return (ends.get(key) ?? 0) > Date.now();
    },
  };
}

/**
 * Claims in a store that several processes share, for `createPushHandler({ replay })`.
 *
 * Keyv and its like have no "set if absent", so a claim is a `get` and then a `set`: two processes that get the same push
 * within the same moment can both have it, and `onEvent` runs twice. Where that must not be, write `claim` yourself on what
 * your store has for it: with Redis `SET key 1 NX EX ttlSeconds`, with SQL an `INSERT` on a unique column.
 *
 * @example
 * ```ts
 * const store = new Keyv(new KeyvRedis(url, { throwOnErrors: true }), { throwOnErrors: true });
 * const handler = createPushHandler({ channel, replay: replayIn(store), onEvent });
 * ```
 */
export function replayIn(store: Store): ReplayStore {
  const name = (key: string) => `wechat-realname:push:${key}`;
  const has = async (key: string) => (await store.get(name(key))) != null;
  return {
    async claim(key, ttlSeconds) {
      if (await has(key)) return false;
      await put(store, name(key), '1', ttlSeconds * 1000);
      return true;
    },
    async release(key) {
      await store.delete(name(key));
    },
    has,
  };
}
