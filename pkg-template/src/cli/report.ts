// `report`: what was checked of a merchant's files, with what result, and what could not be.
import type { Command } from 'commander';

import { RealNameError } from '../error';
import { contentsOf, meant, type CertificateFacts } from './certificate';
import { answer, date, fields, paint, printable, remark, say } from './output';
import { NO_SERIAL, opened, readFiles, withMerchant, type Files, type MerchantFlags } from './merchant_files';
import { examples } from './parser';
import { tell } from './problem';
import { asWritten, findingsOfCertificate, inWords, type Found, type SetUp } from './findings';
import { UsageError, type Text, type World } from './world';

export function report(program: Command, world: World): void {
  const text = (zh: string, en: string): string => say(world, { zh, en });
  const command = program
    .command('report')
    .description(
      text(
        '检查商户的私钥、证书、p12 是不是一套，何时到期',
        'whether a merchant’s key, certificate and p12 belong together, and until when they are good',
      ),
    )
    .argument(
      '[files...]',
      text('私钥、证书或 p12，是什么由内容判断', 'key, certificate or p12; which is which is seen from the content'),
    );
  withMerchant(command, world)
    .addHelpText('after', () =>
      examples(world, [
        'wechat-realname report apiclient_key.pem apiclient_cert.pem --mch-id 1900006511',
        'wechat-realname report apiclient_cert.p12 --mch-id 1900006511',
        'wechat-realname report apiclient_cert.pem --serial 5AB1C2D3E4F5061728394A5B6C7D8E9F00112233',
      ]),
    )
    .action(async (names: string[], flags: MerchantFlags) => run(world, names, flags));
}

async function run(world: World, names: readonly string[], flags: MerchantFlags): Promise<void> {
  const files = await sorted(
    world,
    names,
    await readFiles(world, names.length === 0 ? flags : withoutFiles(flags), names.length === 0),
  );
  const found =
    files.privateKey === undefined && files.p12 === undefined
      ? ofCertificate(files, world.now())
      : ofMerchant(files, world.now());
  const { setUp, problem } = found;
  const bad = setUp.findings.some(({ state }) => state === 'failed' || state === 'warning');
  if (bad) world.exit(1);
  answer(world, setUp, () => shown(world, setUp));
  if (problem && !world.json) tell({ ...world, exit: () => undefined }, problem);
  else if (!bad && setUp.findings.some(({ state }) => state === 'not_checked')) {
    remark(world, {
      zh: '标 – 的没有检查：缺少相应的文件或选项',
      en: 'what has a – was not checked: a file or option for it is missing',
    });
  }
}

function withoutFiles({ key, cert, p12, ...flags }: MerchantFlags): MerchantFlags {
  const given = Object.entries({ '--key': key, '--cert': cert, '--p12': p12 }).find(([, value]) => value !== undefined);
  if (given === undefined) return flags;
  throw new UsageError(given[0], {
    zh: '文件要么全部作为参数给出，要么全部用选项',
    en: 'give the files all as arguments, or all as options',
  });
}

/** Each file in the place that its content says. */
async function sorted(world: World, paths: readonly string[], files: Files): Promise<Files> {
  const places: Record<string, Uint8Array> = {};
  const typed: Record<string, string> = {};
  for (const [at, path] of paths.entries()) {
    const option = paths.length === 1 ? '<files>' : `<files>[${at + 1}]`;
    const bytes = await world.read(path, option);
    const { place } = contentsOf(bytes);
    if (places[place] !== undefined) {
      throw new UsageError(option, {
        zh: `与 ${typed[place]} 是同一类文件：一次检查一个商户，每类给一个`,
        en: `is of the same kind as ${typed[place]}: one merchant at a time, one file of each kind`,
      });
    }
    places[place] = bytes;
    typed[place] = option;
  }
  if (places.p12 !== undefined && (places.privateKey ?? places.certificate) !== undefined) {
    throw new UsageError(typed.p12, {
      zh: '是 p12，里面已有私钥和证书，请单独检查',
      en: 'is a p12, which holds key and certificate itself: look at it alone',
    });
  }
  return { ...files, ...places, names: { ...files.names, ...typed } };
}

interface Result {
  readonly setUp: SetUp;
  readonly problem?: unknown;
}

function ofMerchant(files: Files, now: number): Result {
  const { certificate, certSerialNo, p12, privateKey = '' } = files;
  const nothingToCompare =
    [certificate, certSerialNo, p12].every((one) => one === undefined) && contentsOf(privateKey).certificates.length === 0;
  try {
    const { merchant, mchId, fromCertificate } = opened(nothingToCompare ? { ...files, certSerialNo: NO_SERIAL } : files);
    const { findings, certSerialNo: serialNo, bits, certificate: facts } = merchant.report({ now });
    merchant.close();
    return {
      setUp: {
        ...(mchId !== undefined && { mchId }),
        ...(!nothingToCompare && { certSerialNo: serialNo }),
        bits,
        ...(facts && { certificate: facts }),
        findings: findings.map(({ check, state, message }): Found => {
          // The number was taken from the certificate: that they agree says nothing.
          if (check === 'merchantNumber' && (fromCertificate || mchId === undefined))
            return { check, state: 'not_checked', message: NOT_COMPARED };
          return { check, state, message };
        }),
      },
    };
  } catch (problem) {
    if (!(problem instanceof RealNameError) || problem.code !== 'KEY_MISMATCH') throw problem;
    return { setUp: mismatched(files, now), problem };
  }
}

const NOT_COMPARED = 'merchant number not checked: give --mch-id to compare it with the certificate';

/** What of the three does not fit: the serial number, if key and certificate do without it. */
function mismatched(files: Files, now: number): SetUp {
  const { certSerialNo, ...others } = files;
  const { setUp, problem } = certSerialNo === undefined ? { setUp: undefined, problem: undefined } : ofMerchant(others, now);
  if (setUp && problem === undefined) {
    const failed: Found = { check: 'serial', state: 'failed', message: 'the serial number is not the certificate’s' };
    return { ...setUp, findings: setUp.findings.map((found) => (found.check === 'serial' ? failed : found)) };
  }
  const key: Found = { check: 'key', state: 'failed', message: 'privateKey is not the key of the certificate' };
  const certificate = theOne(files, files.certificate ?? files.privateKey ?? '');
  if (certificate === undefined) return { findings: [key] };
  const alone = findingsOfCertificate(certificate, { now, mchId: files.mchId, certSerialNo });
  return { ...alone, findings: alone.findings.map((found) => (found.check === 'key' ? key : found)) };
}

function theOne({ mchId, certSerialNo }: Files, file: string | Uint8Array): CertificateFacts | undefined {
  return meant(contentsOf(file).certificates, { ...(mchId && { mchId }), ...(certSerialNo && { certSerialNo: asWritten(certSerialNo) }) });
}

function ofCertificate(files: Files, now: number): Result {
  const { certificate, mchId, certSerialNo, names } = files;
  if (certificate === undefined) {
    throw new UsageError('<files>', {
      zh: '缺少要检查的文件：apiclient_key.pem、apiclient_cert.pem 或 apiclient_cert.p12',
      en: 'there is nothing to look at: give apiclient_key.pem, apiclient_cert.pem or apiclient_cert.p12',
    });
  }
  const first = theOne(files, certificate);
  if (first) return { setUp: findingsOfCertificate(first, { now, mchId, certSerialNo }) };
  throw new UsageError(names.certificate, contentsOf(certificate).wrong ?? UNREADABLE);
}

const UNREADABLE: Text = { zh: '证书读不出来', en: 'holds no certificate that can be read' };

function shown(world: World, { mchId, certSerialNo, bits, certificate, findings }: SetUp): string {
  const { green, yellow, red, dim } = paint(world);
  const marks = { passed: green('✓'), warning: yellow('!'), failed: red('✗'), not_checked: dim('–') };
  const facts = fields(world, [
    [{ zh: '商户号', en: 'merchant number' }, mchId],
    [{ zh: '证书序列号', en: 'serial number' }, certSerialNo],
    [{ zh: '密钥', en: 'key' }, bits === undefined ? undefined : `RSA ${bits}`],
    [{ zh: '证书主题', en: 'subject' }, certificate?.subject],
    [{ zh: '生效时间', en: 'valid from' }, certificate && date(certificate.notBefore)],
    [{ zh: '到期时间', en: 'valid until' }, certificate && date(certificate.notAfter)],
  ]);
  const lines = findings.map((found) => `${marks[found.state]} ${printable(say(world, inWords(found)))}`);
  return `${facts}\n\n${lines.join('\n')}`;
}
