// `sign`: what the document does with `openssl dgst -sha256 -sign | base64`.
import type { Command } from 'commander';

import { inWords } from './findings';
import { answer, fields, remark, say } from './output';
import { opened, readFiles, withMerchant, type MerchantFlags } from './merchant_files';
import { examples } from './parser';
import { UsageError, type World } from './world';

interface Flags extends MerchantFlags {
  readonly timestamp?: string;
  readonly verbose?: boolean;
  readonly printString?: boolean;
}

export function sign(program: Command, world: World): void {
  const command = program
    .command('sign')
    .description(say(world, { zh: '签名：getrealnameinfo 的 sign 参数', en: 'the signature that getrealnameinfo takes' }));
  withMerchant(command, world)
    .option('--timestamp <seconds>', say(world, { zh: '时间戳，秒；默认现在', en: 'the timestamp, in seconds; default: now' }))
    .option(
      '--verbose',
      say(world, { zh: '连同签名原串和请求字段一起显示', en: 'with the string that is signed and the fields of the request' }),
    )
    .option(
      '--print-string',
      say(world, {
        zh: '只输出签名原串，末尾不换行，可接 openssl',
        en: 'only the string that is signed, without a line end, for openssl',
      }),
    )
    .addHelpText('after', () =>
      examples(world, [
        'wechat-realname sign --key apiclient_key.pem --cert apiclient_cert.pem',
        'wechat-realname sign --p12 apiclient_cert.p12 --mch-id 1900006511 --json',
        'wechat-realname sign --key apiclient_key.pem --cert apiclient_cert.pem --print-string',
      ]),
    )
    .action(async (flags: Flags) => run(world, flags));
}

async function run(world: World, flags: Flags): Promise<void> {
  const timestamp = flags.timestamp === undefined ? world.now() : timestampOf(flags.timestamp);
  const { merchant, mchId } = opened(await readFiles(world, flags));
  const { certSerialNo } = merchant;
  const signature = merchant.sign(timestamp);
  const { findings } = merchant.report({ now: world.now() });
  merchant.close();
  for (const found of findings)
    if (found.state === 'warning' && !(found.check === 'merchantNumber' && mchId === undefined)) remark(world, inWords(found));
  // The rule is the core's; cli.test.mjs has openssl verify the one against the other.
  const stringToSign = `cert_serialno=${certSerialNo}&timestamp=${timestamp}`;
  if (flags.printString && !world.json) return world.out(stringToSign);
  const body = { ...(mchId !== undefined && { mch_id: mchId }), cert_serialno: certSerialNo, timestamp, sign: signature };
  answer(world, { sign: signature, certSerialNo, timestamp, stringToSign, body }, () => {
    if (!flags.verbose) return signature;
    return fields(world, [
      [{ zh: '签名原串', en: 'string to sign' }, stringToSign],
      [{ zh: 'mch_id', en: 'mch_id' }, mchId ?? say(world, { zh: '未知：请给 --mch-id', en: 'unknown: give --mch-id' })],
      [{ zh: 'cert_serialno', en: 'cert_serialno' }, certSerialNo],
      [{ zh: 'timestamp', en: 'timestamp' }, timestamp],
      [{ zh: 'sign', en: 'sign' }, signature],
    ]);
  });
}

/** WeChat takes a uint32 of seconds; what `Date.now()` gives is the usual mistake. */
export function timestampOf(text: string, option = '--timestamp'): number {
  const seconds = /^[0-9]{1,10}$/.test(text) ? Number(text) : Infinity;
  if (seconds <= 0xffffffff) return seconds;
  throw new UsageError(option, {
    zh: /^[0-9]{13}$/.test(text) ? '看起来是毫秒；这里要秒，请除以 1000' : '应为 1970-01-01 以来的秒数，整数',
    en: /^[0-9]{13}$/.test(text)
      ? 'looks like milliseconds; seconds are needed, so divide by 1000'
      : 'must be whole seconds since 1970-01-01',
  });
}
