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

/** @internal WeChat's replies are a few kilobytes; whatever is larger is not one of them. */
export const BODY_LIMIT = 1024 * 1024;

/** @internal Through `fetch`. Redirects come back as they are: a token must not follow one to another host. */
export function sendWith(fetch: FetchLike): Send {
  return async ({ method, url, headers, body }, signal) => {
    const response = await fetch(url, { method, headers, ...(body !== undefined && { body }), redirect: 'manual', signal });
    if (typeof response?.status !== 'number') throw configuration('fetch', 'must return what fetch returns');
    return { status: response.status, body: await read(response) };
  };
}

async function read(response: FetchedResponse): Promise<Uint8Array> {
  const stream = response.body as { getReader?: () => ReadableStreamDefaultReader<Uint8Array> } | null | undefined;
  // Without a stream it is all there already, and whether it is too much is seen where it is read.
  if (!stream?.getReader) return new Uint8Array(await response.arrayBuffer());
  const reader = stream.getReader();
  const collected = new Collected();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return collected.whole();
    if (collected.takes(value)) continue;
    // The rest is of no interest, and neither is whether cancelling it works.
    void reader.cancel().catch(() => undefined);
    throw tooLarge();
  }
}

/** @internal A body as it comes in, up to the limit. */
export class Collected {
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  /** Keeps the chunk; `false` where that is more than the limit. */
  takes(chunk: Uint8Array): boolean {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    return this.#length <= BODY_LIMIT;
  }

  /** All of it in one piece. */
  whole(): Uint8Array {
    const whole = new Uint8Array(this.#length);
    let at = 0;
    for (const chunk of this.#chunks) {
      whole.set(chunk, at);
      at += chunk.length;
    }
    return whole;
  }
}

/** @internal */
export function tooLarge(): RealNameError {
  return new RealNameError({ code: 'MALFORMED_RESPONSE', message: 'the reply is larger than 1 MiB: not one of WeChat’s' });
}

/** @internal What a transport threw, as an error without its text: that may quote the address, and with it the token. */
export function asNetworkError(thrown: unknown): RealNameError {
  if (thrown instanceof RealNameError) return thrown;
  const cause = foreign(thrown);
  const detail = cause.code ?? cause.name;
  return new RealNameError(
    { code: 'NETWORK', message: `the connection to WeChat failed (${detail})`, action: 'retry' },
    cause,
  );
}
