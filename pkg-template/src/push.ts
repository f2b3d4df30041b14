import { seconds } from './clock';
import { core } from './core';
import { crossing, object, plain } from './crossing';
import { RealNameError } from './error';
import type { PushEvent } from './generated/core_types';
import { personalOfEvents } from './generated/operation_list';
import { hiding } from './masked';
import { configuration } from './mistake';
import { BODY_LIMIT, sizeOf } from './body';

/** What the platform's console has for its push channel. */
export interface PushChannelOptions {
  /** 消息校验Token. */
  token: string;
  /** 消息加解密Key (EncodingAESKey), 43 characters. */
  encodingAesKey: string;
  /** The key before the last change: WeChat goes on using it for a while. */
  previousEncodingAesKey?: string;
  /** The platform's own app id (`component_appid`). */
  appId: string;
  /** How far a push's timestamp may be off, in seconds: 1 to 86,400. Default 300. */
  toleranceSeconds?: number;
}

/** A push as it arrived: three values of the query, and the body. */
export interface PushDelivery {
  /** `msg_signature` of the query (`signature` covers no content and is not used). */
  msgSignature: string;
  /** `timestamp` of the query. */
  timestamp: string;
  /** `nonce` of the query. */
  nonce: string;
  /** The body as it arrived, not parsed. */
  body: string | Uint8Array;
}

/** Opens what WeChat pushes to a third-party platform's authorization event receiving URL (授权事件接收URL). */
export interface PushChannel {
  /** The platform's own app id. */
  readonly appId: string;
  /** How far a push's timestamp may be off, in seconds. */
  readonly toleranceSeconds: number;
  /** How long the keys of an event must be remembered so that it cannot be sent again, in seconds: thirty days and the window. */
  readonly rememberSeconds: number;
  /**
   * Checks, decrypts and reads one push. Remembers nothing: claim `replayKey` and `eventKey` before you act, for
   * `rememberSeconds` (`createPushHandler` does), or a push could be sent again.
   *
   * Throws `INVALID_SIGNATURE`, `REPLAYED` for a timestamp outside the window or an event that is older than thirty days,
   * and `MALFORMED_PUSH` for a body that is no
   * push and for everything after the signature's check.
   *
   * @param options `now`: seconds since 1970-01-01 UTC; default this machine's clock
   */
  open(delivery: PushDelivery, options?: { now?: number }): PushEvent;
}

/**
 * Reads the options of a push channel. The keys stay in the object, out of reach of `console.log` and `JSON.stringify`.
 *
 * Throws `CONFIGURATION`, naming the option.
 *
 * @example
 * ```ts
 * const channel = openPushChannel({ token, encodingAesKey, appId: componentAppId });
 * const event = channel.open({ msgSignature, timestamp, nonce, body });
 * ```
 */
export function openPushChannel(options: PushChannelOptions): PushChannel {
  return new OpenPushChannel(options);
}

class OpenPushChannel implements PushChannel {
  readonly appId: string;
  readonly toleranceSeconds: number;
  readonly rememberSeconds: number;
  /** Plain data, handed in with each push: a fault of the module leaves it as it is. */
  readonly #options: Record<string, unknown>;

  constructor(options: PushChannelOptions) {
    if (typeof options !== 'object' || options === null) throw configuration('options', 'must be an object');
    this.#options = plain('options', options);
    const { toleranceSeconds, rememberSeconds } = core.run(({ checkPushChannel }) => checkPushChannel(this.#options));
    this.toleranceSeconds = toleranceSeconds;
    this.rememberSeconds = rememberSeconds;
    this.appId = this.#options.appId as string;
  }

  static is(value: unknown): value is PushChannel {
    return typeof value === 'object' && value !== null && #options in value;
  }

  open(delivery: PushDelivery, options?: { now?: number }): PushEvent {
    const { msgSignature, timestamp, nonce, body } = object('delivery', delivery) as PushDelivery;
    if (sizeOf(body) > BODY_LIMIT) throw tooLarge();
    const given = {
      msgSignature: crossing(msgSignature),
      timestamp: crossing(timestamp),
      nonce: crossing(nonce),
      body: crossing(body, BODY_LIMIT),
    };
    const now = crossing(options?.now ?? seconds());
    const event: PushEvent = core.run(({ openPush }) => openPush(this.#options, given, now));
    return hiding(event, personalOfEvents);
  }
}
Object.defineProperty(OpenPushChannel, 'name', { value: 'PushChannel' });

/** @internal Whether it is what `openPushChannel` returned. */
export const isPushChannel = OpenPushChannel.is;

/** @internal */
export function tooLarge(): RealNameError {
  return new RealNameError({ code: 'MALFORMED_PUSH', message: 'the body is larger than 1 MiB: no push of WeChat’s is' });
}
