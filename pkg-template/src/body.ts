// Bodies, of replies and of pushes: within a limit, however they come.

/** WeChat's replies and pushes are a few kilobytes; whatever is larger is none of them. */
export const BODY_LIMIT = 1024 * 1024;

/** As long as it can be told without reading it. */
export function sizeOf(body: unknown): number {
  return typeof body === 'string' ? body.length : ArrayBuffer.isView(body) ? body.byteLength : 0;
}

/** What has a body the way fetch has it. */
export interface WithBody {
  readonly body?: unknown;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** The whole body, or what `tooLarge` makes of one beyond the limit. */
export async function bodyOf(source: WithBody, tooLarge: () => Error): Promise<Uint8Array> {
  const stream = source.body as { getReader?: () => ReadableStreamDefaultReader<Uint8Array> } | null | undefined;
  // Without a stream it is all there already, and whether it is too much is seen where it is read.
  if (!stream?.getReader) return new Uint8Array(await source.arrayBuffer());
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

/** Lets go of a body that nobody reads, and of its connection: the rest of it may be anything, and take any time. */
export function drop(source: WithBody): void {
  const ignored = () => undefined;
  try {
    const stream = source.body as { cancel?: () => unknown; destroy?: () => unknown } | null | undefined;
    if (stream?.cancel) Promise.resolve(stream.cancel()).catch(ignored);
    // As Node's own streams have it.
    else if (stream?.destroy) stream.destroy();
    else source.arrayBuffer().catch(ignored);
  } catch {
    ignored();
  }
}

/** A body as it comes in, up to the limit. */
export class Collected {
  /** As long as it had to become. No list of chunks: of a single byte, each would take a thousand times its size. */
  #bytes = new Uint8Array(0);
  #length = 0;

  /** Keeps the chunk; `false` where that is more than the limit. */
  takes(chunk: Uint8Array): boolean {
    const at = this.#length;
    this.#length += chunk.length;
    if (this.#length > BODY_LIMIT) {
      // Whoever sends more may go on for long.
      this.#bytes = new Uint8Array(0);
      return false;
    }
    if (this.#length > this.#bytes.length) {
      const longer = new Uint8Array(Math.min(BODY_LIMIT, Math.max(this.#length, 2 * this.#bytes.length)));
      longer.set(this.#bytes);
      this.#bytes = longer;
    }
    this.#bytes.set(chunk, at);
    return true;
  }

  /** All of it in one piece. */
  whole(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }
}
