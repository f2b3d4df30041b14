import { provinces } from './generated/areas';

/** What is wrong with an ID number; the first that is found, in this order. */
export type IdCardFault = 'length' | 'characters' | 'birth_date' | 'check_character' | 'historic';

/** The area that gave out somebody's first card. */
export interface IdCardArea {
  /** Six digits (GB/T 2260). Areas come and go, so they are not checked. */
  readonly code: string;
  /** The province of the first two digits; absent where they are none's. */
  readonly province?: {
    /** In Chinese. */
    readonly zh: string;
    /** In English. */
    readonly en: string;
  };
}

/** What the number of an ID card says of its holder. Personal data, as the number is. */
export interface IdCardFacts {
  /** The area. */
  readonly area: IdCardArea;
  /** The day of birth, as ISO 8601 writes it: `1949-12-31`. */
  readonly birthDate: string;
  /** The sex that the sequence number stands for. */
  readonly sex: 'male' | 'female';
}

/** Whether something can be the number of an ID card, and if not, why. */
export type IdCardCheck =
  | (IdCardFacts & {
      /** It can be one. */
      readonly valid: true;
      /** As it stands on the card: 18 characters, a capital X. */
      readonly number: string;
    })
  | (IdCardFacts & {
      /** No card that is valid today has it. */
      readonly valid: false;
      /** The 15 digits of a card of the first generation (up to 1999; none is valid since 2013), and right as such. */
      readonly reason: 'historic';
      /** The same person's number today, 18 characters. */
      readonly current: string;
    })
  | {
      /** It cannot. */
      readonly valid: false;
      /** Why not. */
      readonly reason: Exclude<IdCardFault, 'historic'>;
    };

/**
 * Whether this can be the number of a mainland ID card (GB 11643): 18 characters, 17 digits and a digit or X, a birth date
 * that exists (1800 to 2199), and the check character (ISO 7064 MOD 11-2). A small x counts as X. The 15 digits of old
 * cards are told apart: `reason: 'historic'`.
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
  if (typeof number !== 'string') return { valid: false, reason: 'length' };
  if (number.length !== 18) return historic(number) ?? { valid: false, reason: 'length' };
  if (!/^[0-9]{17}[0-9Xx]$/.test(number)) return { valid: false, reason: 'characters' };
  if (!isBirthDate(number)) return { valid: false, reason: 'birth_date' };
  const upper = number.toUpperCase();
  if (upper[17] !== checkCharacter(number)) return { valid: false, reason: 'check_character' };
  return { valid: true, number: upper, ...factsOf(number) };
}

/** 15 digits: without the century and without a check character. What only begins like a number of today is none. */
function historic(number: string): IdCardCheck | undefined {
  if (!/^[0-9]{15}$/.test(number)) return undefined;
  // 996 to 999 were for those who were a hundred years old.
  const century = number.slice(12) < '996' ? '19' : '18';
  const digits = number.slice(0, 6) + century + number.slice(6);
  if (!isBirthDate(digits)) return undefined;
  return { valid: false, reason: 'historic', current: digits + checkCharacter(digits), ...factsOf(digits) };
}

function factsOf(digits: string): IdCardFacts {
  const code = digits.slice(0, 6);
  const province = provinces[+code.slice(0, 2)];
  const area = province ? { code, province: { zh: province[0], en: province[1] } } : { code };
  const birthDate = `${digits.slice(6, 10)}-${digits.slice(10, 12)}-${digits.slice(12, 14)}`;
  return { area, birthDate, sex: +digits[16]! % 2 ? 'male' : 'female' };
}

/** ISO 7064 MOD 11-2, of the first 17 digits. */
function checkCharacter(digits: string): string {
  let sum = 0;
  for (let at = 0; at < 17; at++) sum = ((sum + +digits[at]!) * 2) % 11;
  return '0123456789X'[(12 - sum) % 11]!;
}

/** A date of the Gregorian calendar from 1800 on, without the host's `Date` and its time zone. */
function isBirthDate(digits: string): boolean {
  const [year, month, day] = [+digits.slice(6, 10), +digits.slice(10, 12), +digits.slice(12, 14)];
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] || 0;
  return year >= 1800 && year < 2200 && day >= 1 && day <= days;
}
