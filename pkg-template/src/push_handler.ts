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
   * After four seconds WeChat is told `success` even if it is not done, because after five it would send the event again;
   * from then on the event is yours alone, and a failure is told to `onError` only. What takes longer belongs into a queue.
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

/** Where the host can be told that something is still going on after the answer. */
export interface HostContext {
  waitUntil?(promise: Promise<unknown>): void;
}

/** Takes pushes in, for every kind of server. */
export interface PushHandler {
  /**
   * For servers with the Web's `Request` and `Response`: Deno, Bun, edge workers, Hono, Next.js, Node from 18 on.
   *
   * @param host what has `waitUntil` (the `ctx` of a worker): it is handed the work that goes on after the answer
   */
  (request: WebRequest, host?: HostContext): Promise<WebResponse>;
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
const ASK_AGAIN_MS = 250;
/** WeChat has stopped sending an event again long before. */
const REMEMBERED_SECONDS = 24 * 60 * 60;

const SUCCESS: Answer = { status: 200, body: 'success' };
/** WeChat sends the event again. */
const FAILED: Answer = { status: 500, body: '' };
/** Whatever is wrong with a push: a forger learns nothing. */
const REFUSED: Answer = { status: 403, body: '' };

/**
 * A handler for the authorization event receiving URL (授权事件接收URL): checks and opens each push, sees to it that no
 * event is lost and none is acted upon twice, and answers what WeChat expects, in time.
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
  const handler = async (request: WebRequest, host?: HostContext) =>
    toWeb(await taker.take(await fromWeb(request), host));
  return Object.assign(handler, {
    node: async (request: NodeRequest, response: NodeResponse) =>
      toNode(response, await taker.take(await fromNode(request))),
    cloudbase: async (event: CloudBaseHttpEvent) => toCloudBase(await taker.take(fromCloudBase(event))),
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
  readonly #underWay = new Map<string, Promise<Answer>>();

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

  async take(arrived: Arrived, host?: HostContext): Promise<Answer> {
    if (arrived === 'not a POST') return { status: 405, body: '' };
    let event: PushEvent;
    try {
      if (arrived instanceof RealNameError) throw arrived;
      event = this.#channel.open(arrived, this.#now && { now: this.#now() });
    } catch (thrown) {
      this.#tell(thrown);
      return REFUSED;
    }
    const before = this.#underWay.get(event.eventKey);
    if (before) return before;
    const answer = this.#answer(event, host).finally(() => this.#underWay.delete(event.eventKey));
    this.#underWay.set(event.eventKey, answer);
    return answer;
  }

  /** The answer: when the event has been acted upon, and after four seconds at the latest. */
  #answer(event: PushEvent, host: HostContext | undefined): Promise<Answer> {
    return new Promise((resolve) => {
      const claim = new Claim(this.#replay, event, this.#channel.toleranceSeconds);
      const stage = { isActing: false, isLate: false };
      const work = this.#work(event, claim, stage).then(
        (acted) => resolve(acted ? SUCCESS : FAILED),
        (thrown: unknown) => {
          resolve(FAILED);
          this.#tell(thrown, event);
        },
      );
      const timer = setTimeout(() => {
        stage.isLate = true;
        // Nothing has begun: let WeChat send it again.
        if (!stage.isActing) return resolve(FAILED);
        // With this answer WeChat will not ask again, so nobody else may act on it any more. A store that hangs must not
        // cost the answer.
        const told = () => resolve(SUCCESS);
        setTimeout(told, REMEMBER_MS);
        claim.remember().then(told, (thrown: unknown) => this.#tell(thrown, event));
        try {
          host?.waitUntil?.(work);
        } catch (thrown) {
          this.#tell(thrown, event);
        }
      }, ANSWER_AFTER_MS);
      void work.then(() => clearTimeout(timer));
    });
  }

  /** Acts on the event, unless that was done before; `false` where it came to nothing in time. */
  async #work(event: PushEvent, claim: Claim, stage: { isActing: boolean; isLate: boolean }): Promise<boolean> {
    // Whoever has it answers within four seconds: then it is done, or it is our turn.
    while (!(await claim.lease())) {
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
      if (stage.isLate) return false;
    }
    try {
      if (await claim.isRemembered()) return true;
      if (this.#platform && event.infoType === 'component_verify_ticket') await this.#platform.acceptTicket(event);
      if (stage.isLate) return false;
      stage.isActing = true;
      try {
        await this.#onEvent(event);
      } catch (thrown) {
        await claim.forget();
        throw thrown;
      }
      // It is done, so WeChat must not send it again, even if that cannot be remembered.
      await claim.remember().catch((thrown: unknown) => this.#tell(thrown, event));
      return true;
    } finally {
      await claim.giveBack();
    }
  }

  #tell(error: unknown, event?: PushEvent): void {
    const ignored = () => undefined;
    try {
      Promise.resolve(this.#onError(error, event)).catch(ignored);
    } catch {
      ignored();
    }
  }
}

/**
 * One event's two marks in the replay store: the lease of whoever acts on it now, and that it is done. Two, because a
 * process may die in between: its lease ends, and the event is not taken for done.
 */
class Claim {
  readonly #replay: ReplayStore;
  readonly #lease: string;
  readonly #done: readonly string[];
  readonly #seconds: number;

  constructor(replay: ReplayStore, { eventKey, replayKey }: PushEvent, toleranceSeconds: number) {
    this.#replay = replay;
    this.#lease = `${eventKey}:acting`;
    // The event, however often WeChat encrypts it anew, and these very bytes.
    this.#done = [eventKey, replayKey];
    // These bytes must be known for as long as their timestamp could pass.
    this.#seconds = Math.max(REMEMBERED_SECONDS, 2 * toleranceSeconds);
  }

  lease(): Promise<boolean> {
    return this.#replay.claim(this.#lease, LEASE_SECONDS);
  }

  giveBack(): Promise<void> {
    return this.#replay.release(this.#lease);
  }

  /** Only for who has the lease: asking is claiming, for a moment. */
  async isRemembered(): Promise<boolean> {
    for (const key of this.#done) {
      if (!(await this.#replay.claim(key, LEASE_SECONDS))) return true;
      await this.#replay.release(key);
    }
    return false;
  }

  async remember(): Promise<void> {
    for (const key of this.#done) await this.#replay.claim(key, this.#seconds);
  }

  async forget(): Promise<void> {
    for (const key of this.#done) await this.#replay.release(key);
  }
}

/** One line, without anybody's data: errors of ours have none, and of others' only the name and code are shown. */
function logError(error: unknown, event?: PushEvent): void {
  const { name, code } = foreign(error);
  const what = error instanceof RealNameError ? `${error.code}: ${error.message}` : `${name}${code ? ` ${code}` : ''}`;
  const of = event ? `the event ${event.eventKey} (${event.infoType}) failed` : 'a push was refused';
  console.error(`wechat-realname: ${of}: ${what}`);
}
