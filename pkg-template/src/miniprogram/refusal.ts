/** The user did not agree, or came back without having agreed. */
export interface Cancelled {
  /** Ask again only when the user does. */
  readonly outcome: 'cancelled';
}

/** WeChat did not let the user get that far. */
export interface Failed {
  /** `errMsg` says why. */
  readonly outcome: 'failed';
  /** WeChat's text, of at most 200 characters. It is for developers, not for users. */
  readonly errMsg: string;
}

/** @internal */
export const failed = (errMsg: string): Failed => ({ outcome: 'failed', errMsg: errMsg.slice(0, 200) });

/**
 * @internal What became of it, by WeChat's text. Only `fail cancel` of `wx.navigateToMiniProgram` is documented; the others
 * are how WeChat says elsewhere that the user declined (`user deny`, `auth deny`). "access denied" is no user's doing.
 */
export const refusal = (errMsg: unknown, otherwise: string): Cancelled | Failed => {
  if (typeof errMsg !== 'string' || errMsg === '') return failed(otherwise);
  return /cancel|(user|auth) den/i.test(errMsg) ? { outcome: 'cancelled' } : failed(errMsg);
};
