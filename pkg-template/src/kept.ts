import { server } from '#host';

import { RealNameError } from './error';
import { foreign } from './foreign';
import { pause } from './limit';
import { put, type Store } from './store';
import { UnderWay } from './under_way';

/** How long a change that was not confirmed stands in the way of the next: should it still come, it must not come last. */
const UNCONFIRMED_MS = 60_000;

/** What is kept in a store: objects, by key. Whatever the store does wrong is `CONFIGURATION`, naming it. */
export class Kept {
  readonly #store: Store;
  readonly #prefix: string;
  /** How long the store may take. */
  readonly #limitMs: number;
  /** The change that is being made, by key. */
  readonly #changes = new UnderWay<unknown>();
  /** When a change began that the store has not confirmed yet, by key. */
  readonly #unconfirmed = new Map<string, number>();

  constructor(store: Store, prefix: string, limitMs: number) {
    this.#store = store;
    this.#prefix = prefix;
    this.#limitMs = limitMs;
  }

  /** What is kept under this key. */
  async get<T extends object>(key: string): Promise<T | undefined> {
    const kept = await this.#using((store) => store.get(this.#prefix + key));
    if (kept == null) return undefined;
    // Some stores read JSON by themselves.
    if (typeof kept === 'object') return kept as T;
    try {
      return JSON.parse(kept as string) as T;
    } catch {
      throw new Unreadable();
    }
  }

  /** The same for what can be had again: what cannot be read is not there. */
  async getIfReadable<T extends object>(key: string): Promise<T | undefined> {
    return this.get<T>(key).catch((thrown: unknown) => {
      if (thrown instanceof Unreadable) return undefined;
      throw thrown;
    });
  }

  async set(key: string, value: object, ttlMs?: number): Promise<void> {
    await this.#change(key, (store) => put(store, this.#prefix + key, JSON.stringify(value), ttlMs));
  }

  /** The same, and looks whether it is kept: some stores say so of what they did not keep, as a full Redis behind Keyv. */
  async setSurely(key: string, value: object): Promise<void> {
    const read = () => this.#using(async (store) => essence(await store.get(this.#prefix + key)));
    const wanted = essence(value);
    const before = await read();
    await this.set(key, value);
    for (let tries = 1; ; tries += 1) {
      // A look that fails says nothing against what the store has confirmed.
      const after = await read().catch(() => wanted);
      // What another process has kept in between is as good.
      if (after !== undefined && (after === wanted || after !== before)) return;
      if (tries === 3) break;
      // Copies of a store may be a moment behind.
      await pause(150);
    }
    const message = 'store: it did not keep what it said it had kept';
    throw new RealNameError({ code: 'CONFIGURATION', message, field: 'store', action: 'retry' });
  }

  async delete(key: string): Promise<void> {
    await this.#change(key, (store) => store.delete(this.#prefix + key));
  }

  /** Changes of one key follow each other: none is made on what another is about to replace. */
  async oneByOne<T>(key: string, change: () => Promise<T>): Promise<T> {
    for (let before = this.#changes.get(key); before; before = this.#changes.get(key)) await before.catch(() => undefined);
    return this.#changes.begin(key, change) as Promise<T>;
  }

  async #change(key: string, work: (store: Store) => unknown): Promise<void> {
    await this.#using(async (store) => {
      const began = performance.now();
      if (began - (this.#unconfirmed.get(key) ?? -Infinity) < UNCONFIRMED_MS) {
        throw Object.assign(new Error(), { code: 'EBUSY' });
      }
      const mark = () => void this.#unconfirmed.set(key, began);
      // A request that is cut off takes its change with it and says nothing about the store: there, only a limit that has
      // passed does.
      const late = server.outlivesRequests ? mark() : setTimeout(mark, this.#limitMs - 1);
      try {
        await work(store);
      } finally {
        if (late) clearTimeout(late);
        if (this.#unconfirmed.get(key) === began) this.#unconfirmed.delete(key);
      }
    });
  }

  async #using(work: (store: Store) => unknown): Promise<unknown> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      // Some stores never answer while they have no connection.
      const late = new Promise((_, reject) => {
        timer = setTimeout(() => reject(Object.assign(new Error(), { code: 'ETIMEDOUT' })), this.#limitMs);
      });
      return await Promise.race([work(this.#store), late]);
    } catch (thrown) {
      const cause = foreign(thrown);
      const message = `store: it failed (${cause.code ?? cause.name})`;
      throw new RealNameError({ code: 'CONFIGURATION', message, field: 'store', action: 'retry' }, cause);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** What is kept, whatever a store that knows JSON makes of its order and its white space. */
function essence(kept: unknown): string | undefined {
  if (kept == null) return undefined;
  try {
    return JSON.stringify(Object.entries(typeof kept === 'string' ? JSON.parse(kept) : kept).sort());
  } catch {
    return String(kept);
  }
}

/** The store holds something else than was put in. */
class Unreadable extends RealNameError {
  constructor() {
    const message = 'store: it returned something else than was put in';
    super({ code: 'CONFIGURATION', message, field: 'store', action: 'fix_request' });
  }
}
