// A certificate without its key: what `openMerchant` does not read, because nobody can sign with it. The rule for serial numbers is
// the core's (src/merchant/certificate.rs); cli_files.test.mjs compares both, and openssl.
import { X509Certificate } from 'node:crypto';

import { textOf } from './world';

/** What a certificate says. */
export interface CertificateFacts {
  /** Upper-case hex without DER's sign byte, leading zeros kept. 40 digits in a merchant's. */
  readonly serialNo: string;
  /** `CN=1900006511,OU=…`: the last attribute first, as the library has it. */
  readonly subject: string;
  readonly commonName?: string;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly bits?: number;
}

/** As many hex digits as every merchant API certificate's serial number has. */
export const SERIAL_DIGITS = 40;

/** What a file is, as far as these commands must know before they hand it to the library. */
export type Kind = 'certificate' | 'key' | 'p12';

/** What the file is, by its content. What is none of the three goes on as a key: the library names it. */
export function kindOf(file: string | Uint8Array): Kind {
  const { der, text } = unwrapped(file);
  if (/-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/.test(text)) return 'key';
  if (certificatesIn(file).length > 0 || /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----/.test(text)) return 'certificate';
  return der !== undefined && isPkcs12(der) ? 'p12' : 'key';
}

/** Every certificate of a file, in its order; none where there is none that can be read. */
export function certificatesIn(file: string | Uint8Array): CertificateFacts[] {
  const { der, text } = unwrapped(file);
  const blocks = [...text.matchAll(/-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----([\s\S]*?)-----END/g)].map(([, body]) =>
    Buffer.from((body ?? '').replace(/\s/g, ''), 'base64'),
  );
  return (der === undefined ? blocks : [der]).flatMap((bytes) => factsOf(bytes) ?? []);
}

/** The one that is meant, of several: as the core chooses, by serial number, its length, and the merchant number. */
export function meant(
  certificates: readonly CertificateFacts[],
  { mchId, certSerialNo }: { readonly mchId?: string; readonly certSerialNo?: string },
): CertificateFacts | undefined {
  const rank = ({ serialNo, commonName = '' }: CertificateFacts): number =>
    (serialNo === certSerialNo ? 8 : 0) +
    (serialNo.length === SERIAL_DIGITS ? 4 : 0) +
    (commonName === mchId ? 2 : 0) +
    (/^[0-9]+$/.test(commonName) ? 1 : 0);
  return [...certificates].sort((a, b) => rank(b) - rank(a))[0];
}

/** A file as DER or as text: base64 of either is undone, and `\n` as two characters, as environment variables have it. */
function unwrapped(file: string | Uint8Array): { readonly der?: Uint8Array; readonly text: string } {
  if (typeof file !== 'string' && file[0] === 0x30) return { der: file, text: '' };
  const text = (typeof file === 'string' ? file : textOf(file)).replace(/\\r/g, '').replace(/\\n/g, '\n');
  const compact = text.replace(/\s/g, '');
  if (!/^[A-Za-z0-9+/]+=*$/.test(compact)) return { text };
  const bytes = Buffer.from(compact, 'base64');
  return bytes[0] === 0x30 ? { der: bytes, text: '' } : { text: textOf(bytes) };
}

function factsOf(der: Uint8Array): CertificateFacts | undefined {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(Buffer.from(der));
  } catch {
    return undefined;
  }
  const serialNo = serialOf(der);
  if (serialNo === undefined) return undefined;
  const attributes = certificate.subject.split('\n');
  const commonName = attributes.find((line) => line.startsWith('CN='))?.slice(3);
  const bits = certificate.publicKey.asymmetricKeyDetails?.modulusLength;
  return {
    serialNo,
    subject: attributes.reverse().join(','),
    ...(commonName !== undefined && { commonName }),
    notBefore: Date.parse(certificate.validFrom) / 1000,
    notAfter: Date.parse(certificate.validTo) / 1000,
    ...(bits !== undefined && { bits }),
  };
}

/** The serial number out of the DER, because runtimes write it in their own ways. OpenSSL has read the certificate before. */
function serialOf(der: Uint8Array): string | undefined {
  const tbs = inside(der, inside(der, 0)?.start);
  if (tbs === undefined) return undefined;
  const first = inside(der, tbs.start);
  // The version, where it is not the oldest.
  const serial = first !== undefined && der[tbs.start] === 0xa0 ? inside(der, first.end) : first;
  if (serial === undefined) return undefined;
  const bytes = der.subarray(serial.start, serial.end);
  const signed = bytes.length > 1 && bytes[0] === 0 && (bytes[1] ?? 0) >= 0x80;
  return Buffer.from(signed ? bytes.subarray(1) : bytes)
    .toString('hex')
    .toUpperCase();
}

/** Where the content of the DER value at `at` begins and ends. */
function inside(der: Uint8Array, at: number | undefined): { readonly start: number; readonly end: number } | undefined {
  if (at === undefined) return undefined;
  const head = der[at + 1];
  if (head === undefined) return undefined;
  const more = head < 0x80 ? 0 : head - 0x80;
  if (more > 3) return undefined;
  const length = more === 0 ? head : der.subarray(at + 2, at + 2 + more).reduce((sum, byte) => sum * 256 + byte, 0);
  const start = at + 2 + more;
  return start + length > der.length ? undefined : { start, end: start + length };
}

/** SEQUENCE { INTEGER 3, SEQUENCE { … } }: the beginning of every PKCS#12 file. */
function isPkcs12(der: Uint8Array): boolean {
  const outer = inside(der, 0);
  // BER of an indefinite length, as Java writes it.
  const start = der[1] === 0x80 ? 2 : outer?.start;
  return start !== undefined && der[start] === 2 && der[start + 1] === 1 && der[start + 2] === 3 && der[start + 3] === 0x30;
}
