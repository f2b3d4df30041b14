import { bodyOf } from './body';
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
  readonly status: number;
  readonly body?: unknown;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** @internal A reply as it arrived. */
export interface Received {
  status: number;
  body: Uint8Array;
}

/** @internal Sends one request and gives up when the signal says so. */
export type Send = (request: Request, signal: AbortSignal) => Promise<Received>;

/** @internal Through `fetch`. Redirects come back as they are: a token must not follow one to another host. */
export function sendWith(fetch: FetchLike): Send {
  return async ({ method, url, headers, body }, signal) => {
    const response = await fetch(url, { method, headers, ...(body !== undefined && { body }), redirect: 'manual', signal });
    if (typeof response?.status !== 'number') throw configuration('fetch', 'must return what fetch returns');
    return { status: response.status, body: await bodyOf(response, tooLarge) };
  };
}

/** @internal */
export function tooLarge(): RealNameError {
  return new RealNameError({ code: 'MALFORMED_RESPONSE', message: 'the reply is larger than 1 MiB: not one of WeChat’s' });
}

/** @internal What a transport threw, as an error without its text: that may quote the address, and with it the token. */
export function asNetworkError(thrown: unknown, operation: string): RealNameError {
  // One of ours, from what came back; with the operation it says that the call was made.
  if (thrown instanceof RealNameError) return Object.assign(thrown, { operation });
  const cause = foreign(thrown);
  const detail = cause.code ?? cause.name;
  return new RealNameError(
    { code: 'NETWORK', message: `the connection to WeChat failed (${detail})`, operation, action: 'retry' },
    cause,
  );
}
