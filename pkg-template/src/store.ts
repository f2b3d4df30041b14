// Where tokens and claims are kept: in memory, or in whatever the user has.

/** A Keyv instance, a `Map`, or anything else with these three; each may return a promise. */
export interface Store {
  get(key: string): unknown;
  /** `ttl` in milliseconds, as Keyv has it: the only place where this package counts in them. */
  set(key: string, value: string, ttl?: number): unknown;
  delete(key: string): unknown;
}

/** Remembers what was acted upon, so that no push is acted upon twice. */
export interface ReplayStore {
  /** `true` for the first who asks for this key, `false` for everybody else until it is released or the time is over. */
  claim(key: string, ttlSeconds: number): Promise<boolean>;
  /** Gives the key back. */
  release(key: string): Promise<void>;
}

/** @internal Claims in this process's memory. */
export function replayInMemory(now: () => number = Date.now): ReplayStore {
  const ends = new Map<string, number>();
  let swept = now();
  return {
    async claim(key, ttlSeconds) {
      const present = now();
      if ((ends.get(key) ?? 0) > present) return false;
      // Once a minute is often enough: WeChat pushes a few events an hour.
      if (present - swept > 60_000) {
        swept = present;
        for (const [key, end] of ends) if (end <= present) ends.delete(key);
      }
      ends.set(key, present + ttlSeconds * 1000);
      return true;
    },
    async release(key) {
      ends.delete(key);
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
 * const handler = createPushHandler({ channel, replay: replayIn(new Keyv(new KeyvRedis(url))), onEvent });
 * ```
 */
export function replayIn(store: Store): ReplayStore {
  return {
    async claim(key, ttlSeconds) {
      const name = `wechat-realname:push:${key}`;
      if ((await store.get(name)) != null) return false;
      await store.set(name, '1', ttlSeconds * 1000);
      return true;
    },
    async release(key) {
      await store.delete(`wechat-realname:push:${key}`);
    },
  };
}
