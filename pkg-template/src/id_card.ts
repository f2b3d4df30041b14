/** What is wrong with an ID number; the first that is found, in this order. */
export type IdCardFault = 'length' | 'characters' | 'birth_date' | 'check_character';

/** Whether something can be the number of an ID card, and if not, why. */
export type IdCardCheck =
  | {
      /** It can be one. */
      readonly valid: true;
    }
  | {
      /** It cannot. */
      readonly valid: false;
      /** Why not. */
      readonly reason: IdCardFault;
    };

/**
 * Whether this can be the number of a mainland ID card (GB 11643): 18 characters, 17 digits and a digit or X, a birth date
 * that exists (1800 to 2199), and the check character (ISO 7064 MOD 11-2). A small x counts as X.
 *
 * Advice for forms, before the user is sent anywhere: whether such a card was ever given out, and to whom, only WeChat's
 * answer says. Spaces are not removed.
 *
 * @example
 * ```ts
 * const check = checkIdCard(number);
 * if (!check.valid) this.setData({ hint: check.reason === 'length' ? '请输入18位身份证号' : '身份证号有误，请核对' });
 * ```
 */
export function checkIdCard(number: string): IdCardCheck {
  if (typeof number !== 'string' || number.length !== 18) return { valid: false, reason: 'length' };
  if (!/^[0-9]{17}[0-9Xx]$/.test(number)) return { valid: false, reason: 'characters' };
  const [year, month, day] = [number.slice(6, 10), number.slice(10, 12), number.slice(12, 14)];
  if (!isDate(+year, +month, +day)) return { valid: false, reason: 'birth_date' };
  if (number[17]!.toUpperCase() !== checkCharacter(number)) return { valid: false, reason: 'check_character' };
  return { valid: true };
}

/** ISO 7064 MOD 11-2, of the first 17 digits. */
function checkCharacter(number: string): string {
  let sum = 0;
  for (let at = 0; at < 17; at++) sum = ((sum + +number[at]!) * 2) % 11;
  return '0123456789X'[(12 - sum) % 11]!;
}

/** A date of the Gregorian calendar from 1800 on, without the host's `Date` and its time zone. */
function isDate(year: number, month: number, day: number): boolean {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] || 0;
  return year >= 1800 && year < 2200 && day >= 1 && day <= days;
}
