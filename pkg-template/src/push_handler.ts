import { server } from '#host';

import { RealNameError } from './error';
import { foreign } from './foreign';
import type { PushEvent } from './generated/core_types';
import { configuration } from './mistake';
import { isPlatform, type Platform } from './platform';
import { isPushChannel, type PushChannel } from './push';
import {
  fromCloudBase,
  fromNode,
  fromWeb,
  toCloudBase,
  toNode,
  toWeb,
  type Answer,
  type Arrived,
  type CloudBaseHttpEvent,
  type CloudBaseHttpResult,
  type NodeRequest,
  type NodeResponse,
  type WebRequest,
  type WebResponse,
} from './push_http';
import { replayInMemory, type ReplayStore } from './store';
import { UnderWay } from './under_way';

/** How pushes are taken in. */
export interface PushHandlerOptions {
  /** What `openPushChannel` returned. */
  channel: PushChannel;
  /** What `createPlatform` returned: tickets are kept there before WeChat is told `success`. */
  platform?: Platform;
  /**
   * Remembers what was acted upon. Default: this process's memory. Where several processes take pushes, one that they
   * share: `replayIn(keyv)`, or one of your own.
   */
  replay?: ReplayStore;
  /**
   * Acts on an event, tickets included. Called once for each event, however often WeChat sends it. What it throws, or the
   * rejection of its promise, makes WeChat send the event again.
   *
   * Where it is not done after four seconds, WeChat is told `success` all the same, because after five it would send the event again;
   * from then on the event is yours alone, and a failure is told to `onError` only. What takes longer belongs in a queue.
   */
  onEvent: (event: PushEvent) => unknown;
  /**
   * Told of what nobody else is told: pushes that were refused (a wrong key, a forger), and failures after WeChat had its
   * `success`, with the event that is now yours alone. Default: one line on `console.error`, without anybody's data.
   */
  onError?: (error: unknown, event?: PushEvent) => void;
  /** The present, in seconds since 1970-01-01 UTC. Default: this machine's clock. For tests with a clock of their own. */
  now?: () => number;
}

/** Takes pushes in, for every kind of server. */
export interface PushHandler {
  /**
   * For servers with the Web's `Request` and `Response`: Deno, Bun, Hono, Next.js, Node from 18 on.
   *
   * @param host what has `waitUntil(promise)`, such as the `ctx` of a worker: it is handed the work that goes on after the
   * answer. Anything else is ignored; on edge runtimes, where such work ends without it, WeChat is then told to send the event
   * again.
   */
  (request: WebRequest, host?: unknown): Promise<WebResponse>;
  /**
   * For `http.createServer(handler.node)`, Express (`app.post(path, handler.node)`) and Koa
   * (`handler.node(ctx.req, ctx.res)` with `ctx.respond = false`). The body must not have been parsed; `express.raw` and
   * `express.text` are fine.
   */
  node(request: NodeRequest, response: NodeResponse): Promise<void>;
  /**
   * For a CloudBase cloud function behind an HTTP trigger: `exports.main = handler.cloudbase`. The function is frozen after
   * its answer, so what `onEvent` has not done within four seconds may never be done: put long work into a queue or a
   * database first.
   */
  cloudbase(event: CloudBaseHttpEvent): Promise<CloudBaseHttpResult>;
}

/** WeChat waits for five seconds. */
const ANSWER_AFTER_MS = 4000;
/** What a store may take to remember, at the moment of the answer. */
const REMEMBER_MS = 500;
/**
 * How long an event belongs to the one who is about to act on it. Longer than the answer takes, so that nobody else acts
 * meanwhile; and short, so that a process that dies does not keep the event from the next.
 */
const LEASE_SECONDS = 10;
/** How long a key is claimed that is only asked for; over well before the lease is. */
const PROBE_SECONDS = 2;
const ASK_AGAIN_MS = 250;

const SUCCESS: Answer = { status: 200, body: 'success' };
/** WeChat sends the event again. */
const FAILED: Answer = { status: 500, body: '' };
/** Whatever is wrong with a push: a forger learns nothing. */
const REFUSED: Answer = { status: 403, body: '' };

/**
 * A handler for the authorization event receiving URL (授权事件接收URL): checks and opens each push, sees to it that no
 * event is lost and none is acted upon twice, and answers what WeChat expects, in time.
 *
 * What several processes know of each other is what the replay store knows: where it hangs or forgets, an event can be acted
 * upon by two of them, but none is lost.
 *
 * Throws `CONFIGURATION` for options that cannot work.
 *
 * @example
 * ```ts
 * const handler = createPushHandler({ channel, platform, onEvent: (event) => queue.add(event) });
 * http.createServer(handler.node).listen(port);
 * ```
 */
export function createPushHandler(options: PushHandlerOptions): PushHandler {
  const taker = new Taker(options);
  const handler = async (request: WebRequest, host?: unknown) => {
    const since = Date.now();
    return toWeb(await taker.take(await fromWeb(request), since, host));
  };
  return Object.assign(handler, {
    node: async (request: NodeRequest, response: NodeResponse) => {
      const since = Date.now();
      const answer = await taker.take(await fromNode(request), since);
      try {
        toNode(request, response, answer);
      } catch (thrown) {
        // The server has answered for itself: too late, or closed.
        taker.tell(thrown);
      }
    },
    cloudbase: async (event: CloudBaseHttpEvent) => toCloudBase(await taker.take(fromCloudBase(event), Date.now())),
  });
}

class Taker {
  readonly #channel: PushChannel;
  readonly #platform: Platform | undefined;
  readonly #replay: ReplayStore;
  readonly #onEvent: (event: PushEvent) => unknown;
  readonly #onError: (error: unknown, event?: PushEvent) => unknown;
  readonly #now: (() => number) | undefined;
  /** What is being answered in this process: a second delivery waits for the same answer. */
  readonly #underWay = new UnderWay<Answer>();
  /** What this process has acted upon, or has promised WeChat to: known even if the replay store fails. */
  readonly #acted = replayInMemory();

  constructor(options: PushHandlerOptions) {
    const { channel, platform, replay = replayInMemory(), onEvent, onError = logError, now } = options ?? {};
    if (!isPushChannel(channel)) throw configuration('channel', 'must be what openPushChannel returned');
    if (platform !== undefined && !isPlatform(platform)) {
      throw configuration('platform', 'must be what createPlatform returned');
    }
    if (platform && platform.componentAppId !== channel.appId) {
      throw configuration('platform', 'is another one than the channel’s: componentAppId and appId differ');
    }
    if (typeof replay?.claim !== 'function' || typeof replay.release !== 'function') {
      throw configuration('replay', 'must have claim and release');
    }
    if (typeof onEvent !== 'function') throw configuration('onEvent', 'must be a function');
    if (typeof onError !== 'function') throw configuration('onError', 'must be a function');
    if (now !== undefined && typeof now !== 'function') throw configuration('now', 'must be a function');
    this.#channel = channel;
    this.#platform = platform;
    this.#replay = replay;
    this.#onEvent = onEvent.bind(options);
    this.#onError = onError.bind(options);
    this.#now = now?.bind(options);
  }

  /** `since`: when the request came, in milliseconds. */
  async take(arrived: Arrived, since: number, host?: unknown): Promise<Answer> {
    if (arrived === 'not a POST') return { status: 405, body: '' };
    let event: PushEvent;
    try {
      if (arrived instanceof RealNameError) throw arrived;
      event = this.#channel.open(arrived, this.#now && { now: this.#now() });
    } catch (thrown) {
      this.tell(thrown);
      return REFUSED;
    }
    for (let before = this.#underWay.get(event.eventKey); before; before = this.#underWay.get(event.eventKey)) {
      const answer = await before;
      if (answer) return answer;
    }
    return this.#underWay.begin(event.eventKey, () => this.#answer(event, since, host));
  }

  /** Tells the operator. Watching must not break anything. */
  tell(error: unknown, event?: PushEvent): void {
    const ignored = () => undefined;
    try {
      Promise.resolve(this.#onError(error, event)).catch(ignored);
    } catch {
      ignored();
    }
  }

  /** The answer: when the event has been acted upon, and after four seconds at the latest. */
  #answer(event: PushEvent, since: number, host: unknown): Promise<Answer> {
    return new Promise((resolve) => {
      const claim = new Claim(this.#replay, event, this.#channel.rememberSeconds);
      const stage: Stage = { isActing: false, isLate: false };
      // Once the event has been acted upon for too long, the answer is `success`, whatever becomes of it.
      const isPromised = () => stage.isActing && stage.isLate;
      const work = this.#work(event, claim, stage).then(
        (acted) => resolve(acted || isPromised() ? SUCCESS : FAILED),
        (thrown: unknown) => {
          resolve(isPromised() ? SUCCESS : FAILED);
          this.tell(thrown, event);
        },
      );
      const timer = setTimeout(() => {
        stage.isLate = true;
        // Nothing has begun: let WeChat send it again.
        if (!stage.isActing) return resolve(FAILED);
        if (!this.#goesOn(work, host, event)) return resolve(FAILED);
        // With this answer WeChat will not ask again, so nobody else may act on it any more. A store that hangs must not
        // cost the answer.
        void this.#acted.claim(event.eventKey, claim.seconds);
        const told = () => resolve(SUCCESS);
        const hurry = setTimeout(told, REMEMBER_MS);
        claim
          .remember()
          .catch((thrown: unknown) => this.tell(thrown, event))
          .then(told)
          .finally(() => clearTimeout(hurry));
      }, Math.max(0, ANSWER_AFTER_MS - (Date.now() - since)));
      void work.then(() => clearTimeout(timer));
    });
  }

  /** Whether work will be done that goes on after the answer. The host is told of it, where it wants to know. */
  #goesOn(work: Promise<void>, host: unknown, event: PushEvent): boolean {
    try {
      const { waitUntil } = (host ?? {}) as { waitUntil?(promise: Promise<unknown>): void };
      if (typeof waitUntil === 'function') waitUntil.call(host, work);
      else if (!server.outlivesRequests) throw configuration('host', 'onEvent takes longer than the answer: call handler(request, ctx)');
      return true;
    } catch (thrown) {
      this.tell(thrown, event);
      return server.outlivesRequests;
    }
  }

  /** Acts on the event, unless that was done before; `false` where it came to nothing in time. */
  async #work(event: PushEvent, claim: Claim, stage: Stage): Promise<boolean> {
    if (await this.#acted.has(event.eventKey)) return true;
    // Whoever has it answers within four seconds: then it is done, or it is our turn.
    while (!(await claim.lease())) {
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
      if (stage.isLate) return false;
    }
    try {
      if (await claim.isRemembered()) return true;
      if (stage.isLate) return false;
      if (this.#platform && event.infoType === 'component_verify_ticket') await this.#platform.acceptTicket(event);
      if (stage.isLate) return false;
      stage.isActing = true;
      await this.#onEvent(event);
      // It is done, so WeChat must not send it again, even if the store cannot remember that.
      await this.#acted.claim(event.eventKey, claim.seconds);
      await claim.remember().catch((thrown: unknown) => this.tell(thrown, event));
      return true;
    } catch (thrown) {
      // In time to have WeChat send it again; what follows must not make a success of it.
      if (!stage.isLate) stage.isActing = false;
      this.tell(thrown, event);
      return false;
    } finally {
      await claim.giveBack((thrown) => this.tell(thrown, event));
    }
  }
}

/** How far an event has come. */
interface Stage {
  /** `onEvent` has been called. */
  isActing: boolean;
  /** The answer is due. */
  isLate: boolean;
}

/**
 * One event's two marks in the replay store: the lease of whoever acts on it now, and that it is done. Two, because a
 * process may die in between: its lease ends, and the event is not taken for done.
 */
class Claim {
  /** How long the event is remembered. */
  readonly seconds: number;
  readonly #replay: ReplayStore;
  readonly #lease: string;
  readonly #done: readonly string[];
  /** When the lease began, at the latest. */
  #leasedAt = 0;
  /** A question may stand that could not be taken back, so the lease must outlive it. */
  #isStuck = false;
  #remembering: Promise<void> | undefined;

  constructor(replay: ReplayStore, { eventKey, replayKey }: PushEvent, seconds: number) {
    this.seconds = seconds;
    this.#replay = replay;
    this.#lease = `${eventKey}:acting`;
    // The event, however often WeChat encrypts it anew, and these very bytes.
    this.#done = [eventKey, replayKey];
  }

  async lease(): Promise<boolean> {
    this.#leasedAt = Date.now();
    return this.#replay.claim(this.#lease, LEASE_SECONDS);
  }

  /** Never rejects, and takes its time only to a point: the answer waits for it. */
  async giveBack(tell: (thrown: unknown) => void): Promise<void> {
    // What is over may be somebody else's by now.
    if (this.#isStuck || this.#age() >= LEASE_SECONDS) return;
    const released = Promise.resolve(this.#lease).then((lease) => this.#replay.release(lease));
    let hurry: ReturnType<typeof setTimeout> | undefined;
    const enough = new Promise<void>((resolve) => {
      hurry = setTimeout(resolve, REMEMBER_MS);
    });
    await Promise.race([released.catch(tell), enough]);
    clearTimeout(hurry);
  }

  /** Only for who has the lease. */
  async isRemembered(): Promise<boolean> {
    for (const key of this.#done) {
      if (this.#replay.has) {
        if (await this.#replay.has(key)) return true;
        continue;
      }
      // Claiming is asking, for a moment; and nobody may ask at the same time. Once the answer is due, nothing follows.
      if (this.#age() >= ANSWER_AFTER_MS / 1000) return false;
      this.#isStuck = true;
      const isNew = await this.#replay.claim(key, PROBE_SECONDS);
      if (isNew) await this.#replay.release(key);
      this.#isStuck = false;
      if (!isNew) return true;
    }
    return false;
  }

  /** Only for who has the lease. Once is enough, whoever asks for it. */
  remember(): Promise<void> {
    this.#remembering ??= this.#markAll().catch((thrown: unknown) => {
      this.#remembering = undefined;
      throw thrown;
    });
    return this.#remembering;
  }

  async #markAll(): Promise<void> {
    const marked = await Promise.allSettled(
      // Each on its own, and twice: one of them is enough to know the event by.
      this.#done.map((key) => this.#mark(key).catch(() => this.#mark(key))),
    );
    for (const result of marked) if (result.status === 'rejected') throw result.reason;
  }

  async #mark(key: string): Promise<void> {
    const isNew = await this.#replay.claim(key, this.seconds);
    // Where it cannot be asked, a key may be claimed by a question alone, for a moment.
    if (isNew || this.#replay.has) return;
    await this.#replay.release(key);
    await this.#replay.claim(key, this.seconds);
  }

  /** Of the lease, in seconds. */
  #age(): number {
    return (Date.now() - this.#leasedAt) / 1000;
  }
}

/** One line, without anybody's data: errors of ours have none, and of others' only the name and code are shown. */
function logError(error: unknown, event?: PushEvent): void {
  const { name, code } = foreign(error);
  const what = error instanceof RealNameError ? `${error.code}: ${error.message}` : `${name}${code ? ` ${code}` : ''}`;
  const of = event ? `the event ${event.eventKey} (${event.infoType}) failed` : 'a push was refused';
  console.error(`wechat-realname: ${of}: ${what}`);
}
