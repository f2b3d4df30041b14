import { seconds } from './clock';
import { core } from './core';
import { crossing, object } from './crossing';
import type { RealNameError } from './error';
import type { BetaVerification, PushEvent, VerifyBetaMiniprogramOutcome } from './generated/core_types';
import { invalid } from './mistake';

/** When something was seen, and when it is asked about; seconds since 1970-01-01 UTC. */
export interface BetaVerificationTimes {
  /** When the event, reply or refusal came. Default: the event's `createTime`, otherwise `now`. */
  seenAt?: number;
  /** Default: this machine's clock. */
  now?: number;
}

/**
 * Where a trial mini program's verification stands, whether `verifyBetaMiniprogram` may be called again and from when on,
 * and what to tell the client, in Chinese and English.
 *
 * Takes the event that WeChat pushed, the error or the outcome of the call, or an errcode alone; each may come back from a
 * database as plain data, with `seenAt` beside it. Whatever is unknown is never a success, and `mayCallAgain` only where a
 * call can do no harm.
 *
 * Throws `INVALID_ARGUMENT` for what is none of these.
 *
 * @example
 * ```ts
 * const { state, mayCallAgain, notBefore, advice } = betaVerification(event);
 * ```
 */
export function betaVerification(
  evidence: PushEvent | RealNameError | VerifyBetaMiniprogramOutcome | number,
  times?: BetaVerificationTimes,
): BetaVerification {
  const { kind, operation, code, number, createTime } = read(evidence);
  const now = times?.now ?? seconds();
  const seenAt = times?.seenAt ?? createTime ?? now;
  const given = { kind, operation: crossing(operation), code: crossing(code), number: crossing(number) };
  return core.run((core) => core.betaVerification(given, crossing(seenAt), crossing(now)));
}

interface Read {
  kind: 'error' | 'event' | 'reply';
  operation?: unknown;
  code?: unknown;
  number?: unknown;
  createTime?: number | undefined;
}

function read(evidence: unknown): Read {
  if (typeof evidence === 'number') return { kind: 'error', code: 'REJECTED', number: evidence };
  const { infoType, status, createTime, operation, code, errcode, fields } = object('evidence', evidence) as Partial<
    Record<'infoType' | 'status' | 'operation' | 'code' | 'errcode' | 'fields', unknown> & { createTime: number }
  >;
  if (infoType != null) {
    if (infoType === 'notify_third_fastverifybetaapp') return { kind: 'event', number: status, createTime };
    throw invalid('evidence', 'is an event of another kind: only notify_third_fastverifybetaapp says how a verification went');
  }
  if (code != null) return { kind: 'error', operation, code, number: errcode };
  if (fields != null) return { kind: 'reply', number: status };
  throw invalid('evidence', 'must be an event, an error or an outcome of verifyBetaMiniprogram, or an errcode');
}
