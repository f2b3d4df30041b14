// The time limit of a call, and the caller's signal. AbortSignal.any and AbortSignal.timeout are not everywhere.
import { RealNameError } from './error';
import { configuration } from './mistake';

/** As much of `AbortSignal` as is used. */
export interface AbortSignalLike {
  /** Whether it is over before it began. */
  readonly aborted: boolean;
  /** Called at the start of the call. */
  addEventListener(type: 'abort', listener: () => void): void;
  /** Called at the end of the call. */
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** The longest that a timer can wait, 24.8 days. */
const LONGEST_MS = 2 ** 31 - 1;

/** @internal A time limit that timers can keep. */
export function checkedLimit(timeoutMs: number): number {
  if (Number.isFinite(timeoutMs) && timeoutMs > 0 && timeoutMs <= LONGEST_MS) return timeoutMs;
  throw configuration('timeoutMs', `must be a positive number of milliseconds, at most ${LONGEST_MS}`);
}

/** @internal What a call is told by, and tells in turn. */
export interface Limit {
  readonly signal: AbortSignal;
  /** How many milliseconds are left. */
  left(): number;
  /** What it is waiting for, for the message. */
  waitsFor: 'access token' | 'answer';
}

/** @internal Runs `work` until it is done, the time is up, or the caller's signal says stop: whichever comes first. */
export function withinLimit<T>(
  operation: string,
  timeoutMs: number,
  signal: AbortSignalLike | undefined,
  work: (limit: Limit) => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const controller = new AbortController();
    const ends = performance.now() + timeoutMs;
    const limit: Limit = { signal: controller.signal, left: () => ends - performance.now(), waitsFor: 'access token' };
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', aborted);
    };
    const stop = (code: 'ABORTED' | 'TIMEOUT', message: string) => {
      done();
      // First the verdict, then the abort: what the transport says to the abort comes too late to be heard.
      reject(new RealNameError({ code, message, operation }));
      controller.abort();
    };
    const aborted = () => stop('ABORTED', 'the call was aborted by its signal');
    const timer = setTimeout(() => stop('TIMEOUT', `no ${limit.waitsFor} within ${timeoutMs} ms`), timeoutMs);
    if (signal?.aborted) return aborted();
    signal?.addEventListener('abort', aborted);
    work(limit).then(resolve, reject).finally(done);
  });
}

/** @internal Waits, or until the signal says stop. */
export function pause(ms: number, signal?: AbortSignalLike): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done);
  });
}
