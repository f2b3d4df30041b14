// The findings of `report`: the library's own, and those about a certificate without its key.
import type { CertificateReport, Check, CheckState } from '../index_node';
import { SERIAL_DIGITS, type CertificateFacts } from './certificate';
import { date } from './output';
import type { Text } from './world';

/** The library refuses to open what fails; a report says it instead. */
export interface Found {
  readonly check: Check;
  readonly state: CheckState | 'failed';
  readonly message: string;
}

/** The library's `MerchantReport`, without what could not be found out. */
export interface SetUp {
  readonly mchId?: string;
  readonly certSerialNo?: string;
  readonly bits?: number;
  readonly certificate?: CertificateReport;
  readonly findings: readonly Found[];
}

interface Against {
  readonly now: number;
  readonly mchId: string | undefined;
  readonly certSerialNo: string | undefined;
}

/** What can be said of a certificate alone. */
export function findingsOfCertificate(facts: CertificateFacts, { now, mchId, certSerialNo }: Against): SetUp {
  const { serialNo, subject, commonNames, notBefore, notAfter, bits } = facts;
  const found = (check: Check, state: Found['state'], message: string): Found => ({ check, state, message });
  return {
    ...(mchId !== undefined && { mchId }),
    certSerialNo: serialNo,
    bits,
    certificate: { subject, notBefore, notAfter },
    findings: [
      found('key', 'not_checked', 'key not checked: no privateKey given'),
      serialNo.length !== SERIAL_DIGITS
        ? found('serial', 'failed', 'the serial number has other than 40 hex digits: not a merchant API certificate')
        : certSerialNo === undefined
          ? found('serial', 'passed', 'the serial number has 40 hex digits, as WeChat wants it')
          : asWritten(certSerialNo) === serialNo
            ? found('serial', 'passed', 'the serial number is the certificate’s')
            : found('serial', 'failed', 'the serial number is not the certificate’s'),
      now < notBefore
        ? found('validity', 'warning', `the certificate is not valid before ${date(notBefore)}`)
        : now > notAfter
          ? found('validity', 'warning', `the certificate expired on ${date(notAfter)}`)
          : found('validity', 'passed', `the certificate is valid until ${date(notAfter)}`),
      mchId === undefined
        ? found('merchantNumber', 'not_checked', 'merchant number not checked: give --mch-id to compare it with the certificate')
        : commonNames.includes(mchId)
          ? found('merchantNumber', 'passed', 'the certificate was issued to this merchant number')
          : found('merchantNumber', 'warning', 'the certificate was issued to another CN than mchId: is it this merchant’s?'),
    ],
  };
}

/** Colons and small letters are how tools write serial numbers. */
export const asWritten = (serial: string): string => serial.trim().replace(/:/g, '').toUpperCase();

/** A finding in both languages: the library's sentence, and its Chinese by what was checked and what came of it. */
export function inWords({ check, state, message }: Found): Text {
  // A date in the sentence, or why.
  const when = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d/.exec(message)?.[0].replace('T', ' ');
  const en = message
    .replace('no privateKey', 'no private key')
    .replace('privateKey', 'the private key')
    .replace('mchId', '--mch-id')
    .replace(/(\d)T(\d\d:\d\d:\d\d)Z/, '$1 $2 UTC');
  return { zh: CHINESE[check][state](message, when === undefined ? '' : `${when} UTC`), en };
}

type Words = (message: string, when: string) => string;

const CHINESE: Readonly<Record<Check, Readonly<Record<Found['state'], Words>>>> = {
  key: {
    passed: () => '私钥与证书是一对',
    failed: () => '私钥与证书不是一对：出自不同的商户，或换证书时私钥也换了',
    warning: (message) => message,
    not_checked: (message) =>
      message.includes('privateKey') ? '没有给私钥，未核对它与证书是否一对' : '没有给证书，未核对它与私钥是否一对',
  },
  serial: {
    passed: (message) => (message.includes('40') ? '序列号是 40 位十六进制，符合微信的要求' : '序列号就是这张证书的'),
    failed: (message) => (message.includes('40') ? '序列号不是 40 位十六进制：这不是商户API证书' : '序列号不是这张证书的'),
    warning: (message) => message,
    not_checked: () => '没有给证书，未核对序列号',
  },
  validity: {
    passed: (_, when) => `证书有效，到期时间 ${when}`,
    warning: (message, when) => (message.includes('expired') ? `证书已于 ${when} 过期` : `证书从 ${when} 起才有效`),
    failed: (message) => message,
    not_checked: () => '没有给证书，未检查有效期',
  },
  merchantNumber: {
    passed: () => '证书是发给这个商户号的',
    warning: () => '证书的 CN 不是这个商户号：是这个商户的证书吗？',
    failed: (message) => message,
    not_checked: (message) =>
      message.includes('--mch-id') ? '未核对商户号：用 --mch-id 给出，就会与证书比对' : '没有给证书，未核对商户号',
  },
};
