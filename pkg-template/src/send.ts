import { RealNameError, configuration, foreign } from './error';
import type { Request } from './generated/core_types';

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
  readonly headers?: { forEach(visit: (value: string, name: string) => void): void };
  readonly body?: unknown;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** @internal A reply as it arrived. */
export interface Received {
  status: number;
  headers: Record<string, string>;
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
    const received: Record<string, string> = {};
    response.headers?.forEach((value, name) => {
      received[name.toLowerCase()] = value;
    });
    return { status: response.status, headers: received, body: await read(response) };
  };
}

async function read(response: FetchedResponse): Promise<Uint8Array> {
  const stream = response.body as { getReader?: () => ReadableStreamDefaultReader<Uint8Array> } | null | undefined;
  if (!stream?.getReader) return limited([new Uint8Array(await response.arrayBuffer())]);
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return limited(chunks);
    chunks.push(value);
    length += value.length;
    if (length > BODY_LIMIT) {
      // The rest is of no interest, and neither is whether cancelling it works.
      void reader.cancel().catch(() => undefined);
      throw tooLarge();
    }
  }
}

/** @internal The chunks as one, if they are not too many. */
export function limited(chunks: readonly Uint8Array[]): Uint8Array {
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  if (length > BODY_LIMIT) throw tooLarge();
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
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
