import { refusal, saysNotAdmitted, type Cancelled, type Failed } from './refusal';
import { property, text } from './wx';

/** Longer than any token that was seen. */
const LONGEST_TOKEN = 4096;

/** The attributes of the button that asks for real name and ID number. */
export interface RealNameAuthButton {
  /** For `open-type`. */
  readonly openType: 'getRealnameAuthInfo';
  /** For `category-id`. */
  readonly categoryId: readonly [number, number];
}

/** The event of that button; as much of it as is read. */
export interface RealNameAuthEvent {
  /** What WeChat's button says. */
  readonly detail: unknown;
}

/** A parameter that can never be right. The message names the field and never its value. */
export interface InvalidArgument extends Error {
  /** As a `RealNameError` has it. */
  readonly code: 'INVALID_ARGUMENT';
  /** The parameter that is wrong. */
  readonly field: string;
}

/** What became of a tap on that button. */
export type AuthTokenOutcome =
  | {
      /** The user agreed. */
      readonly outcome: 'token';
      /** For one `getRealNameInfo` of your server: send it on as it is, and do not log it. */
      readonly authToken: string;
    }
  | Cancelled
  | (Failed & {
      /** This mini program is not on WeChat's list for the interface (reported): trying again is of no use. */
      readonly notAdmitted: boolean;
    });

/**
 * The attributes of the button that asks the user for real name and ID number, for `getRealNameInfo`. WeChat has no call in
 * its place: the user must tap the button, and type the WeChat Pay password.
 *
 * `categoryId` is a first- and a second-level category of this mini program, from `getCategory`. Throws `InvalidArgument`
 * where they are not two positive whole numbers: WeChat would only say so after the user's tap.
 *
 * For mini programs that WeChat admitted (before 2019-11-10, reported); iOS and Android, WeChat 6.5.22 or later.
 * WeChat's document: 微信支付实名信息授权 (`getRealnameAuthInfo`).
 *
 * @example
 * ```ts
 * Page({ data: { button: realNameAuthButton({ categoryId: [99, 904] }) } });
 * ```
 * ```html
 * <button open-type="{{button.openType}}" category-id="{{button.categoryId}}" bindgetrealnameauthinfo="onAuth">
 * ```
 */
export function realNameAuthButton(options: { readonly categoryId: readonly [number, number] }): RealNameAuthButton {
  const ids = property(options, 'categoryId');
  const [first, second] = Array.isArray(ids) && ids.length === 2 ? ids : [];
  if (!isId(first) || !isId(second)) {
    const message = 'categoryId: must be two positive whole numbers, the ids of a first- and a second-level category';
    throw Object.assign(new Error(message), { code: 'INVALID_ARGUMENT', field: 'categoryId' } as const);
  }
  return { openType: 'getRealnameAuthInfo', categoryId: [first, second] };
}

const isId = (id: unknown): id is number => Number.isSafeInteger(id) && (id as number) > 0;

/**
 * What the event of that button says: the token, or why there is none. It never throws.
 *
 * WeChat documents the token alone. Its texts for refusals are known from reports; one that cannot be read as the user's own
 * doing is `failed`.
 *
 * @example
 * ```ts
 * async onAuth(event) {
 *   const asked = authTokenFrom(event);
 *   if (asked.outcome === 'token') await this.submit(asked.authToken);
 *   if (asked.outcome === 'failed') this.setData({ typeItInstead: asked.notAdmitted, hint: '暂时无法授权' });
 * }
 * ```
 */
export function authTokenFrom(event: RealNameAuthEvent): AuthTokenOutcome {
  const detail = property(event, 'detail');
  const authToken = text(property(detail, 'auth_token'), LONGEST_TOKEN);
  if (authToken !== undefined) return { outcome: 'token', authToken };
  const refused = refusal(property(detail, 'errMsg'), 'getRealnameAuthInfo:fail the event has no auth_token');
  if (refused.outcome === 'cancelled') return refused;
  return { outcome: 'failed', errMsg: refused.errMsg, notAdmitted: saysNotAdmitted(refused.errMsg) };
}
