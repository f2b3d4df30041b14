// A merchant's files from options or the environment, as far as the library's own rules allow.
import type { Command } from 'commander';

import { openMerchant, type Merchant, type MerchantFile, type MerchantOptions } from '../index_node';
import { say } from './output';
import { named, type Names } from './problem';
import { ENVIRONMENT, UsageError, fromEnvironment, textOf, type Text, type World } from './world';

/** What `withMerchant` adds to a command. */
export interface MerchantFlags {
  readonly mchId?: string;
  readonly key?: string;
  readonly cert?: string;
  readonly p12?: string;
  readonly password?: string;
  readonly passwordFile?: string;
  readonly serial?: string;
}

/** Files that were read, and what the user calls them. */
export interface Files {
  readonly mchId?: string;
  readonly privateKey?: MerchantFile;
  readonly certificate?: MerchantFile;
  readonly p12?: MerchantFile;
  readonly password?: string;
  readonly certSerialNo?: string;
  readonly names: Names;
}

/** Adds the options that name a merchant's files. A certificate is looked at without its key. */
export function withMerchant(command: Command, world: World, { key = true } = {}): Command {
  const text = (zh: string, en: string): string => say(world, { zh, en });
  if (key)
    command.option(
      '--key <file>',
      text('商户私钥 apiclient_key.pem（或 MCH_KEY）', 'the merchant’s key, apiclient_key.pem (or MCH_KEY)'),
    );
  command
    .option(
      '--cert <file>',
      text('商户API证书 apiclient_cert.pem（或 MCH_CERT）', 'its certificate, apiclient_cert.pem (or MCH_CERT)'),
    )
    .option(
      '--p12 <file>',
      text('代替两者的 apiclient_cert.p12（或 MCH_P12）', 'in the place of both, apiclient_cert.p12 (or MCH_P12)'),
    );
  if (key) {
    const what = text(
      '证书序列号，没有证书文件时用（或 CERT_SERIAL_NO）',
      'the certificate’s serial number, where there is no file (or CERT_SERIAL_NO)',
    );
    command.option('--serial <number>', what);
  }
  return command
    .option(
      '--mch-id <number>',
      text('商户号（或 MCH_ID）；默认取自证书的 CN', 'the merchant number (or MCH_ID); default: the certificate’s CN'),
    )
    .option(
      '--password-file <file>',
      text(
        '密码文件，用于加密的私钥或 p12（或 MCH_PASSWORD）；p12 默认为商户号',
        'file with the password of an encrypted key or a p12 (or MCH_PASSWORD); default for a p12: the merchant number',
      ),
    )
    .option('--password <text>', text('同上，但密码会出现在进程列表里', 'the same, seen in process lists'));
}

/**
 * Reads what options and environment name; an option goes before a variable. Without `filesInEnvironment` the variables of
 * files are left aside: others are looked at.
 */
export async function readFiles(world: World, flags: MerchantFlags, filesInEnvironment = true): Promise<Files> {
  p12Alone(flags);
  const outside = filesInEnvironment ? world : { ...world, env: { ...world.env, MCH_KEY: '', MCH_CERT: '', MCH_P12: '' } };
  const pem = flags.key !== undefined || flags.cert !== undefined || fromEnvironment(outside, 'privateKey') !== undefined;
  const p12 = flags.p12 !== undefined || !pem ? await fileOf(outside, 'p12', flags.p12, '--p12') : undefined;
  const privateKey = p12 === undefined ? await fileOf(outside, 'privateKey', flags.key, '--key') : undefined;
  const certificate = p12 === undefined ? await fileOf(outside, 'certificate', flags.cert, '--cert') : undefined;
  const mchId = flags.mchId ?? fromEnvironment(world, 'mchId');
  const certSerialNo = flags.serial ?? fromEnvironment(world, 'certSerialNo');
  const password = await passwordOf(world, flags);
  const typed = (option: string, given: string | undefined, name: keyof typeof ENVIRONMENT): string =>
    given === undefined && fromEnvironment(world, name) !== undefined ? ENVIRONMENT[name] : option;
  const names = {
    mchId: typed('--mch-id', flags.mchId, 'mchId'),
    privateKey: typed('--key', flags.key, 'privateKey'),
    certificate: typed('--cert', flags.cert, 'certificate'),
    p12: typed('--p12', flags.p12, 'p12'),
    password: typed('--password', flags.password ?? flags.passwordFile, 'password'),
    certSerialNo: typed('--serial', flags.serial, 'certSerialNo'),
  };
  return {
    names,
    ...(mchId !== undefined && { mchId }),
    ...(p12 !== undefined && { p12 }),
    ...(privateKey !== undefined && { privateKey }),
    ...(certificate !== undefined && { certificate }),
    ...(certSerialNo !== undefined && { certSerialNo }),
    ...(password !== undefined && { password }),
  };
}

/** An open merchant, and its number where anything names it: signing and opening do not need it. */
export interface OpenedMerchant {
  readonly merchant: Merchant;
  readonly mchId?: string;
  /** Whether the number is only what the certificate says. */
  readonly fromCertificate: boolean;
}

/** Opens the merchant. Its number is the certificate's CN where it was not given. */
export function opened(files: Files): OpenedMerchant {
  const { mchId, names } = files;
  if (mchId !== undefined) {
    return { merchant: named(names, () => openMerchant(optionsOf(files, mchId))), mchId, fromCertificate: false };
  }
  if (files.p12 !== undefined && files.password === undefined) throw new UsageError('--mch-id', P12_NEEDS_A_PASSWORD);
  const merchant = named(names, () => openMerchant(optionsOf(files, NO_NUMBER)));
  const number = /(?:^|,)CN=([0-9]{1,32})(?:,|$)/.exec(merchant.report().certificate?.subject ?? '')?.[1];
  if (number === undefined) return { merchant, fromCertificate: false };
  merchant.close();
  return { merchant: named(names, () => openMerchant(optionsOf(files, number))), mchId: number, fromCertificate: true };
}

/** A p12 is in the place of the two others. */
export function p12Alone({ p12, key, cert }: Pick<MerchantFlags, 'p12' | 'key' | 'cert'>): void {
  if (p12 === undefined || (key === undefined && cert === undefined)) return;
  throw new UsageError('--p12', {
    zh: 'p12 里已有私钥和证书，不要再给 --key 或 --cert',
    en: 'holds key and certificate: give it without --key and --cert',
  });
}

/** The bytes of what was handed in as a file or as its text. */
async function fileOf(
  world: World,
  name: 'privateKey' | 'certificate' | 'p12',
  given: string | undefined,
  option: string,
): Promise<MerchantFile | undefined> {
  if (given !== undefined) return world.read(given, option);
  const inEnvironment = fromEnvironment(world, name);
  if (inEnvironment === undefined || isContent(inEnvironment)) return inEnvironment;
  return world.read(inEnvironment, ENVIRONMENT[name]);
}

/** No merchant's, and never sent: the library wants a number, and neither a signature nor a reply depends on it. */
const NO_NUMBER = '0';

/** No certificate's: for a key alone, where nothing is signed. */
export const NO_SERIAL = '0'.repeat(40);

const P12_NEEDS_A_PASSWORD: Text = {
  zh: 'p12 的密码一般就是商户号：请给 --mch-id，或用 --password-file 给密码',
  en: 'the password of a p12 is the merchant number as a rule: give --mch-id, or the password with --password-file',
};

function optionsOf(files: Files, mchId: string): MerchantOptions {
  const { p12, privateKey, certificate, certSerialNo, password } = files;
  const more = { ...(password !== undefined && { password }), ...(certSerialNo !== undefined && { certSerialNo }) };
  if (p12 !== undefined) return { mchId, p12, ...more };
  if (privateKey === undefined) {
    throw new UsageError('--key', {
      zh: '缺少商户私钥：请给 --key 或 --p12，或设置 MCH_KEY',
      en: 'the merchant’s key is missing: give --key or --p12, or set MCH_KEY',
    });
  }
  return { mchId, privateKey, ...(certificate !== undefined && { certificate }), ...more };
}

/** Consoles make variables of whole files; no path is as long as a key. */
export function isContent(value: string): boolean {
  return value.includes('-----BEGIN') || value.length > 500;
}

async function passwordOf(world: World, flags: MerchantFlags): Promise<string | undefined> {
  if (flags.password !== undefined) return flags.password;
  return flags.passwordFile === undefined ? fromEnvironment(world, 'password') : passwordIn(world, flags.passwordFile);
}

/** Editors end files with a line end, which is no part of a password. */
export async function passwordIn(world: World, file: string): Promise<string> {
  return textOf(await world.read(file, '--password-file')).replace(/\r?\n$/, '');
}
