// A certificate without its key: what `openMerchant` does not read, because nobody can sign with it. The second module does.
import { extras } from '../extras';
import type { Text } from './world';

/** What a certificate says. */
export interface CertificateFacts {
  /** Upper-case hex without DER's sign byte, leading zeros kept. 40 digits in a merchant's. */
  readonly serialNo: string;
  /** `CN=1900006511,OU=…`: the last attribute first. */
  readonly subject: string;
  readonly commonNames: readonly string[];
  readonly notBefore: number;
  readonly notAfter: number;
  readonly bits: number;
}

/** What a file is, by its content. */
export interface Contents {
  /** What is none of the three goes on as a key: the library names it. */
  readonly place: 'certificate' | 'p12' | 'privateKey';
  /** Every certificate that can be read, in the order of the file. */
  readonly certificates: readonly CertificateFacts[];
  /** Why there is none. */
  readonly wrong?: Text;
}

/** As many hex digits as every merchant API certificate's serial number has. */
export const SERIAL_DIGITS = 40;

export function contentsOf(file: string | Uint8Array): Contents {
  return extras.run((core) => core.contentsOf({ file }) as Contents);
}

/** The one that is meant, of several: as the core chooses, by serial number, its length, and the merchant number. */
export function meant(
  certificates: readonly CertificateFacts[],
  { mchId = '', certSerialNo }: { readonly mchId?: string; readonly certSerialNo?: string },
): CertificateFacts | undefined {
  const rank = ({ serialNo, commonNames }: CertificateFacts): number =>
    (serialNo === certSerialNo ? 8 : 0) +
    (serialNo.length === SERIAL_DIGITS ? 4 : 0) +
    (commonNames.includes(mchId) ? 2 : 0) +
    (commonNames.some((name) => /^[0-9]+$/.test(name)) ? 1 : 0);
  return [...certificates].sort((a, b) => rank(b) - rank(a))[0];
}
