import type { ForeignError } from './foreign';
import type { Action, ErrorCode, ErrorReport } from './generated/core_types';

/**
 * The one error of this package. `code` says what happened, `action` what can be done about it.
 *
 * Neither the message nor any property holds a name, a number, a token or a key.
 *
 * @example
 * ```ts
 * try {
 *   await client.getRealNameInfo({ authToken });
 * } catch (error) {
 *   if (error instanceof RealNameError && error.action === 'ask_user_again') return askAgain();
 *   throw error;
 * }
 * ```
 */
export class RealNameError extends Error {
  /** What happened; stable across versions. */
  readonly code!: ErrorCode;
  /** Which call failed, where it got as far as being sent; a platform's tokens are calls of their own. */
  readonly operation?: string;
  /** The parameter or option that is wrong. */
  readonly field?: string;
  /** WeChat's number, for `REJECTED`. Its meaning belongs to the operation. */
  readonly errcode?: number;
  /** WeChat's text, for `REJECTED`, with everything secret of the request masked. */
  readonly errmsg?: string;
  /** The id of the request at WeChat, which its support asks for. */
  readonly rid?: string;
  /** WeChat's diagnostic hint, which its support asks for. */
  readonly hint?: string;
  /** What can be done about it, where one thing can be said. */
  readonly action?: Action;
  /** Where the call was one too many: after how many seconds it may be made again. */
  readonly retryAfterSeconds?: number;
  /** Where WeChat does not know the machine that called: its address, as WeChat sees it. */
  readonly ip?: string;
  /** The HTTP status, for `HTTP_STATUS`. */
  readonly status?: number;
  /** Where another error is behind this one: its name and codes, never its text. */
  override readonly cause?: ForeignError;

  /** For this package, and for tests that need one. */
  constructor(report: ErrorReport, cause?: ForeignError) {
    super(report.message);
    const { message: _, ...properties } = report;
    Object.assign(this, properties, cause && { cause });
  }

  /** What `JSON.stringify` shows: everything but the stack. */
  toJSON(): ErrorReport & {
    /** `RealNameError`. */
    name: string;
    /** As in the error. */
    cause?: ForeignError;
  } {
    return { ...this, name: this.name, message: this.message };
  }
}
// On the prototype and a literal, so that it survives minifiers and stays out of the properties.
Object.defineProperty(RealNameError.prototype, 'name', { value: 'RealNameError' });
