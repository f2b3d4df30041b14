// What `onExchange` is told: every exchange with WeChat, safe to log whole.
import { RealNameError } from './error';
import type { ForeignError } from './foreign';
import type { ErrorCode, Operations } from './generated/core_types';
import { configuration } from './mistake';

/** One exchange with WeChat, safe to log whole: no body, no token. */
export interface Exchange {
  /** Which call; `tokenStore` where the store of access tokens failed, which is told once until it works again. */
  readonly operation: keyof Operations | 'tokenStore';
  /** The HTTP method; `get` or `set` of a store. */
  readonly method: string;
  /** With the access token as `***`; of a store, the key. */
  readonly url: string;
  /** The HTTP status; absent where no whole reply came. */
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

/** @internal What is known of an exchange before it is over. */
export interface Seen extends Pick<Exchange, 'operation' | 'method' | 'url' | 'attempt'> {
  /** By the clock that is never set. */
  readonly started: number;
  status?: number;
}

/** @internal Tells of what was seen, and how it failed. */
export type Tell = (seen: Seen, failure?: unknown) => void;

/** @internal Tells the caller's function, which can break nothing. */
export function watcher(options: { readonly onExchange?: OnExchange } | undefined): Tell {
  const { onExchange } = options ?? {};
  if (onExchange !== undefined && typeof onExchange !== 'function') throw configuration('onExchange', 'must be a function');
  return ({ started, ...seen }, failure) => {
    const durationMs = Math.round(performance.now() - started);
    const { code, errcode, rid, cause } = failure instanceof RealNameError ? failure : ({} as Partial<RealNameError>);
    const all = Object.entries({ ...seen, code, errcode, rid, cause, durationMs });
    const exchange = Object.fromEntries(all.filter(([, value]) => value !== undefined)) as unknown as Exchange;
    // Watching must not break a call, be it at once or later.
    const ignored = () => undefined;
    try {
      // With the options as `this`, as it would be called by their owner.
      Promise.resolve(onExchange?.call(options, exchange)).catch(ignored);
    } catch {
      ignored();
    }
  };
}
