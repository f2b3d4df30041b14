/** The kinds of a company's number. */
export type CompanyCodeKind = 'credit_code' | 'organisation_code' | 'licence_number';

/** Whether something can be a company's number, and if not, why. */
export type CreditCodeCheck =
  | {
      /** It can be one. */
      readonly valid: true;
      /** Which one: a unified social credit code, an organisation code, or a business licence number. */
      readonly kind: CompanyCodeKind;
      /** WeChat's `code_type` for it. */
      readonly codeType: 1 | 2 | 3;
      /** As it is sent: an organisation code with its hyphen, the others as they are. */
      readonly code: string;
    }
  | {
      /** It cannot. */
      readonly valid: false;
      /** Why not; the first that is found, in this order. */
      readonly reason: 'length' | 'characters' | 'check_character';
      /** Which kind its length makes it, where it is one's. */
      readonly kind?: CompanyCodeKind;
    };

const CREDIT_CODE = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/**
 * Whether this can be a company's number: a unified social credit code (GB 32100: 18 characters without I, O, S, V and Z,
 * the last by MOD 31), an organisation code (GB 11714: `xxxxxxxx-x`, with or without the hyphen, MOD 11), or a business
 * licence number (15 digits, ISO 7064 MOD 11,10). Letters are capital.
 *
 * Advice for forms: whether there is such a company, only WeChat's answer says.
 *
 * @example
 * ```ts
 * const check = checkCreditCode('9144030071526726XG'); // { valid: true, kind: 'credit_code', codeType: 1, code: … }
 * ```
 */
export function checkCreditCode(code: string): CreditCodeCheck {
  if (typeof code !== 'string') return { valid: false, reason: 'length' };
  if (code.length === 18) {
    if (!/^[0-9A-HJ-NP-RTUW-Y]{18}$/.test(code)) return { valid: false, reason: 'characters', kind: 'credit_code' };
    return checked('credit_code', 1, code, weightedSum(code) % 31 === 0);
  }
  if (code.length === 15) {
    if (!/^[0-9]{15}$/.test(code)) return { valid: false, reason: 'characters', kind: 'licence_number' };
    return checked('licence_number', 3, code, isLicenceNumber(code));
  }
  if (code.length !== 9 && (code.length !== 10 || code[8] !== '-')) return { valid: false, reason: 'length' };
  const [body, last] = [code.slice(0, 8), code.slice(-1)];
  if (!/^[0-9A-Z]{9}$/.test(body + last)) return { valid: false, reason: 'characters', kind: 'organisation_code' };
  const weights = [3, 7, 9, 10, 5, 8, 4, 2];
  let sum = 0;
  for (let at = 0; at < 8; at++) sum += parseInt(body[at]!, 36) * weights[at]!;
  return checked('organisation_code', 2, `${body}-${last}`, last === '0X987654321'[sum % 11]);
}

function checked(kind: CompanyCodeKind, codeType: 1 | 2 | 3, code: string, right: boolean): CreditCodeCheck {
  return right ? { valid: true, kind, codeType, code } : { valid: false, reason: 'check_character', kind };
}

/** The check character makes this a multiple of 31; the weights of the others are the powers of 3. */
function weightedSum(code: string): number {
  let [sum, weight] = [CREDIT_CODE.indexOf(code[17]!), 1];
  for (let at = 0; at < 17; at++) {
    sum += CREDIT_CODE.indexOf(code[at]!) * weight;
    weight = (weight * 3) % 31;
  }
  return sum;
}

/** ISO 7064 MOD 11,10. */
function isLicenceNumber(digits: string): boolean {
  let product = 10;
  for (let at = 0; at < 14; at++) product = (((product + +digits[at]!) % 10 || 10) * 2) % 11;
  return (product + +digits[14]!) % 10 === 1;
}
