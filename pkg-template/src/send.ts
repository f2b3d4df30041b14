import { bodyOf, drop } from './body';
import { RealNameError } from './error';
import { foreign } from './foreign';
import type { Request } from './generated/core_types';
import { configuration } from './mistake';

/** As much of `fetch` as is used, so that any implementation of it fits. */
export type FetchLike = (
  url: string,
  init: {
    method: string;
    headers: Record<string, string>;
    body?: string;
    redirect: 'manual';
    signal: any;
  },
) => Promise<FetchedResponse>;

/** As much of fetch's `Response` as is used. */
export interface FetchedResponse {
  /** The HTTP status. */
  readonly status: number;
  /** A `ReadableStream`, of which no more is read than a reply may have. */
  readonly body?: unknown;
  /** The whole body, where `body` is no stream. */
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** @internal A reply as it arrived. */
export interface Received {
  status: number;
  body: Uint8Array;
  /** The header `Date`, from node:http: of what `fetch` hands on, it is of no use where a store of replies is in between. */
  date?: string | undefined;
}

/** @internal Sends one request and gives up when the signal says so. */
export type Send = (request: Request, signal: AbortSignal) => Promise<Received>;

/** @internal Through `fetch`. Redirects come back as they are: a token must not follow one to another host. */
export function sendWith(fetch: FetchLike): Send {
  return async ({ method, url, headers, body }, signal) => {
    const response = await fetch(url, { method, headers, ...(body !== undefined && { body }), redirect: 'manual', signal });
    if (typeof response?.status !== 'number') throw configuration('fetch', 'must return what fetch returns');
    const { status } = response;
    if (hasAnswer(status)) return { status, body: await bodyOf(response, tooLarge) };
    drop(response);
    return { status, body: new Uint8Array(0) };
  };
}

/**
 * @internal Whether there is something to read in a reply with this status. Of all others the status says it all: a body
 * that is endless, slow or cut, as those of overloaded proxies are, must not get in its way.
 */
export function hasAnswer(status: number): boolean {
  return status >= 200 && status <= 299;
}

/** @internal */
export function tooLarge(): RealNameError {
  return new RealNameError({ code: 'MALFORMED_RESPONSE', message: 'the reply is larger than 1 MiB: not one of WeChat’s' });
}

/** What Node and Bun say of a body that is not compressed the way its content-encoding says: it did arrive. */
const NOT_AS_ENCODED = /^(Z_|ZSTD_|ERR__ERROR_|(Zlib|Brotli|Zstd)\w*Error$)/;

/** @internal What a transport threw, as an error without its text: that may quote the address, and with it the token. */
export function asNetworkError(thrown: unknown, operation: string): RealNameError {
  // One of ours, from what came back; with the operation it says that the call was made.
  if (thrown instanceof RealNameError) return Object.assign(thrown, { operation });
  const cause = foreign(thrown);
  const detail = cause.code ?? cause.name;
  if (NOT_AS_ENCODED.test(detail)) {
    const message = `the reply cannot be unpacked (${detail})`;
    return new RealNameError({ code: 'MALFORMED_RESPONSE', message, operation }, cause);
  }
  return new RealNameError(
    { code: 'NETWORK', message: `the connection to WeChat failed (${detail})`, operation, action: 'retry' },
    cause,
  );
}
