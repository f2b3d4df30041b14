import { server } from '#host';

import { pause } from './limit';

interface Work<T> {
  promise: Promise<T>;
  /** How it ended. */
  outcome?: { value: T } | { thrown: unknown };
  /** Counts on while it is alive. */
  pulse: number;
}

/** How often work counts on, how often those who wait look, and after how many looks at the same count it is gone. */
const PULSE_MS = 100;
const LOOK_MS = 20;
// Looks and not milliseconds: of a machine that stands still for a moment nobody must think that work is gone.
const GONE_AFTER = 25;

/**
 * Work under way, by key, for whoever asks meanwhile: it is done once. In a worker a promise belongs to the request that made
 * it, and is never settled if that request ends; so there the others look at what has become of the work, each with a timer of
 * its own, and if it went away with its request, one of them begins it anew.
 */
export class UnderWay<T> {
  readonly #works = new Map<string, Work<T>>();

  /** What comes of the work; `undefined` where it has gone away: ask again. */
  get(key: string): Promise<T | undefined> | undefined {
    const work = this.#works.get(key);
    return work && (server.outlivesRequests ? work.promise : this.#watch(key, work));
  }

  begin(key: string, begin: () => Promise<T>): Promise<T> {
    const pulse = server.outlivesRequests ? undefined : setInterval(() => (work.pulse += 1), PULSE_MS);
    const promise = begin().finally(() => {
      clearInterval(pulse);
      this.#forget(key, work);
    });
    const work: Work<T> = { promise, pulse: 0 };
    this.#works.set(key, work);
    promise.then(
      (value) => (work.outcome = { value }),
      (thrown: unknown) => (work.outcome = { thrown }),
    );
    return promise;
  }

  async #watch(key: string, work: Work<T>): Promise<T | undefined> {
    let { pulse } = work;
    for (let looks = 0; !work.outcome; looks += 1) {
      if (work.pulse !== pulse) [pulse, looks] = [work.pulse, 0];
      if (looks > GONE_AFTER) {
        this.#forget(key, work);
        return undefined;
      }
      await pause(LOOK_MS);
    }
    if ('thrown' in work.outcome) throw work.outcome.thrown;
    return work.outcome.value;
  }

  #forget(key: string, work: Work<T>): void {
    if (this.#works.get(key) === work) this.#works.delete(key);
  }
}
