// `serial`: the number that WeChat wants as cert_serialno, as `openssl x509 -serial` has it.
import type { Command } from 'commander';

import { SERIAL_DIGITS, contentsOf, type CertificateFacts } from './certificate';
import { answer, remark, say } from './output';
import { opened, readFiles, withMerchant, type MerchantFlags } from './merchant_files';
import { examples } from './parser';
import { UsageError, type World } from './world';

export function serial(program: Command, world: World): void {
  const text = (zh: string, en: string): string => say(world, { zh, en });
  const command = program
    .command('serial')
    .description(text('证书序列号：40 位大写十六进制', 'a certificate’s serial number: 40 upper-case hex digits'))
    .argument(
      '[file]',
      text(
        '证书（也可与私钥在同一个文件里）或 p12；- 为标准输入',
        'the certificate (a key may be in the same file), or a p12; - is standard input',
      ),
    );
  withMerchant(command, world, { key: false })
    .addHelpText('after', () =>
      examples(world, [
        'wechat-realname serial apiclient_cert.pem',
        'wechat-realname serial apiclient_cert.p12 --mch-id 1900006511',
        'cat apiclient_cert.pem | wechat-realname serial - --json',
      ]),
    )
    .action(async (file: string | undefined, flags: MerchantFlags) => run(world, file, flags));
}

async function run(world: World, file: string | undefined, flags: MerchantFlags): Promise<void> {
  const given = file === undefined ? undefined : await world.read(file, '<file>');
  const files = await readFiles(world, flags, given === undefined);
  const p12 = given !== undefined && contentsOf(given).place === 'p12';
  if (p12 || files.p12 !== undefined) {
    const { merchant } = opened(p12 ? { ...files, p12: given, names: { ...files.names, p12: '<file>' } } : files);
    return tellSerials(world, [{ serialNo: merchant.certSerialNo, subject: merchant.report().certificate?.subject ?? '' }]);
  }
  const certificate = given ?? files.certificate ?? files.privateKey;
  if (certificate === undefined) {
    throw new UsageError('<file>', {
      zh: '缺少证书文件，例如 apiclient_cert.pem',
      en: 'is missing: the certificate, such as apiclient_cert.pem',
    });
  }
  const { certificates, wrong } = contentsOf(certificate);
  if (wrong) throw new UsageError(given === undefined ? files.names[files.certificate ? 'certificate' : 'privateKey'] : '<file>', wrong);
  tellSerials(world, certificates);
}

function tellSerials(world: World, found: readonly Pick<CertificateFacts, 'serialNo' | 'subject'>[]): void {
  const certificates = found.map(({ serialNo, subject }) => ({ serialNo, subject, usable: serialNo.length === SERIAL_DIGITS }));
  answer(world, { certificates }, () => certificates.map(({ serialNo }) => serialNo).join('\n'));
  if (certificates.length > 1) {
    remark(world, {
      zh: '文件里有多张证书，按顺序列出；report 显示各是谁的',
      en: 'the file holds several certificates, listed in order; report says whose they are',
    });
  }
  if (certificates.every(({ usable }) => usable)) return;
  world.exit(1);
  remark(world, {
    zh: `序列号不是 ${SERIAL_DIGITS} 位的，不是商户API证书，微信会以 94009 拒绝`,
    en: `a serial number of other than ${SERIAL_DIGITS} digits is not a merchant API certificate’s: WeChat refuses it with 94009`,
  });
}
