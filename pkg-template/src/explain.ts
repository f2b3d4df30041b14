import { seconds } from './clock';
import type { RealNameError } from './error';
import type { Action, Who } from './generated/core_types';
import { invalid } from './mistake';

/** One text in two languages. */
export interface Texts {
  /** In Chinese. */
  readonly zh: string;
  /** In English. */
  readonly en: string;
}

/** What a number of WeChat's means, in the interface that it came from. */
export interface Explanation {
  /** Whether this version knows the number. If not, `meaning` and `remedy` say so. */
  readonly known: boolean;
  /** The interface, as this library spells it; `notify_third_fastverifybetaapp` for statuses. */
  readonly of: string;
  /** The number. */
  readonly code: number;
  /** What it means, in a few words. */
  readonly meaning: Texts;
  /** What to do about it, for whoever acts. */
  readonly remedy: Texts;
  /** Who acts, where the number is known. */
  readonly who?: Who;
  /** What a program can do about it; absent where nothing was refused. */
  readonly action?: Action;
  /** After how many seconds the call may be made again, where that is known. */
  readonly retryAfterSeconds?: number;
  /** WeChat's own text, as it came with the error. */
  readonly errmsg?: string;
}

/** An interface of WeChat's and the numbers that it answers with. */
export interface ReturnCodes {
  /** The interface, as this library spells it: what `explain` takes. */
  readonly of: string;
  /** As WeChat's documents and addresses spell it; `explain` takes it too. */
  readonly wechatName: string;
  /** Where the numbers stand. */
  readonly kind: 'errcode' | 'status' | 'verify_ret';
  /** What the interface does. */
  readonly title: Texts;
  /** Its own numbers and, for an `errcode`, those that every interface may answer; in order. */
  readonly codes: readonly number[];
}

/**
 * What a number of WeChat's means, what to do about it and who does it, in Chinese and English.
 *
 * The same number means different things in different interfaces: `of` is this library's name of the interface or WeChat's
 * (`checkrealnameinfo`, `stable_token`, `verifybetaweapp`), in any case. A number that is not known gives `known: false`; an
 * interface that is not known throws `INVALID_ARGUMENT`.
 *
 * @example
 * ```ts
 * const { meaning, remedy, who } = explain('getRealNameInfo', 94007);
 * ```
 */
export function explain(of: string, code: number): Explanation;
/**
 * The same for an error, as it was thrown or as plain data from a log; `undefined` if it holds no `errcode`.
 *
 * @example
 * ```ts
 * client.getRealNameInfo({ authToken }).catch((error) => console.error(explain(error)?.remedy.zh ?? error));
 * ```
 */
export function explain(error: RealNameError): Explanation | undefined;
export function explain(given: unknown, code?: unknown): Explanation | undefined {
  if (typeof given === 'object' && given !== null) return explainError(given);
  if (typeof given !== 'string') throw invalid('of', 'must be the name of an interface, or an error');
  if (!Number.isSafeInteger(code)) throw invalid('code', 'must be a whole number');
  const found = interfaceOf(given);
  if (!found) throw invalid('of', `is no interface of this library: ${returnCodes().map(({ of }) => of).join(', ')}`);
  return explanation(found.of, code as number, found);
}

/** Every interface with the numbers that are known of it. */
export function returnCodes(): readonly ReturnCodes[] {
  const { general, interfaces } = catalogue();
  return interfaces.map(({ own, ...about }) => {
    const codes = Object.keys(about.kind === 'errcode' ? { ...general, ...own } : own).map(Number);
    return { ...about, title: { ...about.title }, codes: codes.sort((one, other) => one - other) };
  });
}

type Catalogue = typeof import('./generated/return_codes');
type Interface = Catalogue['interfaces'][number];

/** The texts are read by the first call that asks for them, and in Node they are a file of their own. */
const catalogue = (): Catalogue => require('./generated/return_codes');

function explainError(given: object): Explanation | undefined {
  const { errcode, operation, errmsg, action, retryAfterSeconds } = given as Partial<RealNameError>;
  if (!Number.isSafeInteger(errcode)) return undefined;
  const found = typeof operation === 'string' ? interfaceOf(operation) : undefined;
  return {
    ...explanation(found?.of ?? String(operation ?? ''), errcode!, found),
    // The error knows when it came, and a newer version may have known more.
    ...(typeof action === 'string' && { action }),
    ...(typeof retryAfterSeconds === 'number' && { retryAfterSeconds }),
    ...(typeof errmsg === 'string' && { errmsg }),
  };
}

function interfaceOf(name: string): Interface | undefined {
  const named = (known: string): boolean => known.toLowerCase() === name.toLowerCase();
  return catalogue().interfaces.find(({ of, wechatName }) => named(of) || named(wechatName));
}

/** `found`: whose number it is; without it, only what every interface may answer is known. */
function explanation(of: string, code: number, found: Interface | undefined): Explanation {
  const { rows, general, success, unknown } = catalogue();
  const isErrcode = !found || found.kind === 'errcode';
  const at = (list: Readonly<Record<string, number>>): number | undefined => list[code];
  const index = (found && at(found.own)) ?? (isErrcode ? (code === 0 ? success : at(general)) : undefined);
  const row = index === undefined ? undefined : rows[index];
  if (!row) return { known: false, of, code, meaning: { ...unknown.meaning }, remedy: { ...unknown.remedy } };
  const [meaningZh, meaningEn, remedyZh, remedyEn, who, action, after] = row;
  return {
    known: true,
    of,
    code,
    meaning: { zh: meaningZh, en: meaningEn },
    remedy: { zh: remedyZh, en: remedyEn },
    who,
    ...(action && { action }),
    ...(after && { retryAfterSeconds: after === 'next_day' ? untilMidnightInBeijing(seconds()) : after }),
  };
}

/** Daily quotas are assumed to begin anew then; as the core has it. */
function untilMidnightInBeijing(now: number): number {
  const [day, beijing] = [86_400, 28_800];
  return day - ((now % day) + beijing) % day;
}
