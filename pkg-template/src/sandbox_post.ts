// The sandbox's pushes on their way: one POST each, and as WeChat does once more where the answer is not `success`.
import * as http from 'node:http';
import * as https from 'node:https';

import { configuration } from './mistake';
import { KEPT } from './sandbox_server';

/** A push as the core seals it. */
export interface Sealed {
  event: number;
  componentAppId: string;
  query: string;
  body: string;
  infoType?: string | null;
  status?: number | null;
  why: string;
}

/** How the receiver answered a push. */
export interface SandboxDelivery {
  /** The HTTP status; 0 where there was no answer in time, or no connection. */
  readonly status: number;
  /** The answer's text: `success`, if the receiver took the push. */
  readonly body: string;
  /** From the sending to the last byte of the answer, or until nobody waits for it any more. */
  readonly durationMs: number;
}

/** One push that the sandbox made, without anybody's data. */
export interface SandboxPushed {
  /** The platform it was made for. */
  readonly componentAppId: string;
  /** The event's `InfoType`; absent where the test wrote the XML itself. */
  readonly infoType?: string;
  /** The event's `status`, where it has one. */
  readonly status?: number;
  /** The path it went to. */
  readonly path: string;
  /** 1, and one more for every repetition; 0 where there was nowhere to push to. */
  readonly attempt: number;
  /** The answer; `undefined` while there is none. */
  readonly answered:
    | {
        /** The HTTP status. */
        readonly status: number;
        /** The answer's text. */
        readonly body: string;
      }
    | undefined;
  /** Why it was pushed. The real WeChat never says. */
  readonly why: string;
}

/** More than any answer that says `success`. */
const ANSWER_LIMIT = 64 * 1024;

const THIS_MACHINE = ['127.0.0.1', 'localhost', '[::1]'];

/** Where pushes go, and those under way. */
export class Post {
  readonly pushed: SandboxPushed[] = [];
  readonly #timeoutMs: number;
  readonly #again: (event: number) => Sealed;
  readonly #requests = new Set<http.ClientRequest>();
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #log: (line: string) => void;
  /** By platform; the one of none is for all that have none of their own. */
  readonly #urls = new Map<string | undefined, URL | undefined>();
  /** What began before a reset is not repeated after it. */
  #generation = 0;
  #closed = false;

  /** `again` seals the same event anew; `log` gets a line for each attempt. */
  constructor(timeoutMs: number, again: (event: number) => Sealed, log: (line: string) => void) {
    this.#timeoutMs = timeoutMs;
    this.#again = again;
    this.#log = log;
  }

  to(url: string | undefined, componentAppId?: string, field = 'url'): void {
    this.#urls.set(componentAppId, url === undefined ? undefined : onThisMachine(url, field));
  }

  #urlOf({ componentAppId }: Sealed): URL | undefined {
    return this.#urls.has(componentAppId) ? this.#urls.get(componentAppId) : this.#urls.get(undefined);
  }

  /** Delivers one push that somebody waits for. */
  async deliver(sealed: Sealed, retries: number): Promise<SandboxDelivery> {
    const url = this.#urlOf(sealed);
    if (!url) throw configuration('url', 'there is nowhere to push to: call pushTo first');
    return this.#track(this.#attempts(sealed, url, retries));
  }

  /** Delivers pushes in order, once `before` is over, each repeated twice if need be. Never rejects. */
  async deliverAll(pushes: readonly Sealed[], before?: Promise<void>): Promise<void> {
    if (pushes.length === 0) return;
    const generation = this.#generation;
    const all = async () => {
      await before;
      for (const sealed of pushes) {
        if (generation !== this.#generation) return;
        const url = this.#urlOf(sealed);
        // Rejects only for an event too old to be pushed again: then it is not.
        if (url) {
          await this.#attempts(sealed, url, 2).catch(() => undefined);
          continue;
        }
        this.#note({ ...about(sealed), path: '', attempt: 0, answered: undefined });
        this.#log(`push ${told(sealed)} nowhere: there is no push URL`);
      }
    };
    await this.#track(all());
  }

  /** Waits for every push under way, and for those that follow from them. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
  }

  /** Ends what is under way and forgets what was pushed, and where to. */
  reset(): void {
    this.#generation += 1;
    for (const request of this.#requests) request.destroy();
    this.pushed.length = 0;
    this.#urls.clear();
  }

  #note(pushed: SandboxPushed): void {
    this.pushed.push(pushed);
    if (this.pushed.length > KEPT) this.pushed.shift();
  }

  close(): void {
    this.#closed = true;
    for (const request of this.#requests) request.destroy();
  }

  async #track<T>(work: Promise<T>): Promise<T> {
    this.#underWay.add(work);
    try {
      return await work;
    } finally {
      this.#underWay.delete(work);
    }
  }

  async #attempts(sealed: Sealed, url: URL, retries: number): Promise<SandboxDelivery> {
    const generation = this.#generation;
    for (let attempt = 1; ; attempt += 1) {
      const current = attempt === 1 ? sealed : this.#again(sealed.event);
      const entry = { ...about(sealed), path: url.pathname, attempt, answered: undefined as SandboxPushed['answered'] };
      this.#note(entry);
      const { status, body, durationMs } = await this.#post(current, url);
      if (status !== 0) entry.answered = { status, body };
      const taken = status === 200 && body === 'success';
      const answer = taken ? 'success' : `${status || 'no answer'}, not success`;
      this.#log(`push ${told(sealed)} attempt ${attempt}: ${answer}, ${durationMs} ms: ${entry.why}`);
      if (taken || attempt > retries || this.#closed || generation !== this.#generation) return { status, body, durationMs };
    }
  }

  #post({ query, body }: Sealed, { protocol, hostname, port, pathname, search }: URL): Promise<SandboxDelivery> {
    const began = process.hrtime.bigint();
    return new Promise((resolve) => {
      const end = (status = 0, text = '') => {
        clearTimeout(timer);
        this.#requests.delete(sending);
        sending.destroy();
        resolve({ status, body: text, durationMs: Number((process.hrtime.bigint() - began) / 1000000n) });
      };
      const bytes = Buffer.from(body);
      const { request } = protocol === 'https:' ? https : http;
      const sending = request({
        protocol,
        hostname: hostname.replace(/^\[|\]$/g, ''),
        port,
        path: `${pathname}${search ? `${search}&` : '?'}${query}`,
        method: 'POST',
        headers: { 'content-type': 'text/xml', 'content-length': bytes.length },
        // A connection of its own, which ends with the answer.
        agent: false,
      });
      const timer = setTimeout(end, this.#timeoutMs);
      this.#requests.add(sending);
      sending.on('error', () => end());
      sending.on('close', () => end());
      sending.on('response', (response) => {
        const chunks: Buffer[] = [];
        let length = 0;
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          length += chunk.length;
          if (length > ANSWER_LIMIT) end();
        });
        response.on('error', () => end());
        response.on('end', () => end(response.statusCode, Buffer.concat(chunks).toString('utf8')));
      });
      if (this.#closed) end();
      else sending.end(bytes);
    });
  }
}

const told = ({ infoType, status }: Sealed) => `${infoType ?? 'xml'}${status == null ? '' : ` status ${status}`}`;

const about = ({ componentAppId, infoType, status, why }: Sealed) => ({
  componentAppId,
  ...(infoType != null && { infoType }),
  ...(status != null && { status }),
  why,
});

/** Pushes hold what looks like a person's data, and whoever else listens there did not ask for them. */
function onThisMachine(text: string, field: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw configuration(field, 'must be a URL');
  }
  if (!['http:', 'https:'].includes(url.protocol) || !THIS_MACHINE.includes(url.hostname)) {
    throw configuration(field, 'must be http or https on this machine: 127.0.0.1, localhost or [::1]');
  }
  return url;
}
