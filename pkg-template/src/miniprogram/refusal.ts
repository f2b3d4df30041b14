/** The user did not agree, or gave up. */
export interface Cancelled {
  /** Ask again only when the user does. */
  readonly outcome: 'cancelled';
}

/** A second tap. */
export interface AlreadyAsking {
  /** An earlier call is still waiting, and gets the answer: there is nothing to do. */
  readonly outcome: 'already_asking';
}

/** WeChat did not let the user get that far. */
export interface Failed {
  /** `errMsg` says why. */
  readonly outcome: 'failed';
  /** WeChat's text, of at most 200 characters. It is for developers, not for users. */
  readonly errMsg: string;
}

/** Nobody means one tap by two so far apart. */
const SECOND_TAP_MS = 3000;

/** @internal Whether a tap now is the second one of a tap then. */
export const isSecondTap = (since: number): boolean => Math.abs(Date.now() - since) <= SECOND_TAP_MS;

/** @internal */
export const message = (errMsg: string): string => errMsg.slice(0, 200);

/** @internal */
export const failed = (errMsg: string): Failed => ({ outcome: 'failed', errMsg: message(errMsg) });

/**
 * @internal Whether WeChat's text says that it was the user's own doing. Only `fail cancel` of `wx.navigateToMiniProgram` is
 * documented; the others are how WeChat says elsewhere that the user declined (`user deny`, `auth deny`). "access denied" is
 * no user's doing.
 */
export const isUsersDoing = (errMsg: string): boolean => /cancel|(user|auth) den/i.test(errMsg);

/** @internal Whether it says that the mini program may not make this call at all (reported). */
export const saysNotAdmitted = (errMsg: string): boolean => /access denied|jsapi has no permission/i.test(errMsg);

/** @internal What became of it, by WeChat's text. */
export const refusal = (errMsg: unknown, otherwise: string): Cancelled | Failed => {
  if (typeof errMsg !== 'string' || errMsg === '') return failed(otherwise);
  return isUsersDoing(errMsg) ? { outcome: 'cancelled' } : failed(errMsg);
};
