// What `onExchange` is told: every exchange with WeChat, safe to log whole.
import { RealNameError } from './error';
import type { ForeignError } from './foreign';
import type { ErrorCode, Operations } from './generated/core_types';

/** One exchange with WeChat, safe to log whole: no body, no token. */
export interface Exchange {
  /** Which call; `tokenStore` where the store of access tokens failed, which is told once until it works again. */
  readonly operation: keyof Operations | 'tokenStore';
  /** The HTTP method; `get` or `set` of a store. */
  readonly method: string;
  /** With the access token as `***`; of a store, the key. */
  readonly url: string;
  /** The HTTP status; absent where no reply came. */
  readonly status?: number;
  /** How it failed; absent where it did not. */
  readonly code?: ErrorCode;
  /** WeChat's number, where it refused. */
  readonly errcode?: number;
  /** The id of the request at WeChat, where it refused. */
  readonly rid?: string;
  /** Where another error is behind it: its name and codes, never its text. */
  readonly cause?: ForeignError;
  /** From the sending to the last byte of the reply, or to the failure. */
  readonly durationMs: number;
  /** 1, and one more for every time that the same call was made again. */
  readonly attempt: number;
}

/** Told of every exchange. */
export type OnExchange = (exchange: Exchange) => void;

/** @internal What is known of an exchange besides its failure. */
export type Seen = Pick<Exchange, 'operation' | 'method' | 'url' | 'attempt'> & {
  readonly started: number;
  readonly status?: number | undefined;
};

/** @internal Tells the caller's function, which can break nothing. */
export function watcher(onExchange: OnExchange | undefined): (seen: Seen, failure?: unknown) => void {
  return ({ started, ...seen }, failure) => {
    const durationMs = Date.now() - started;
    const { code, errcode, rid, cause } = failure instanceof RealNameError ? failure : ({} as Partial<RealNameError>);
    const all = Object.entries({ ...seen, code, errcode, rid, cause, durationMs });
    const exchange = Object.fromEntries(all.filter(([, value]) => value !== undefined)) as unknown as Exchange;
    // Watching must not break a call, be it at once or later.
    const ignored = () => undefined;
    try {
      Promise.resolve(onExchange?.(exchange)).catch(ignored);
    } catch {
      ignored();
    }
  };
}
