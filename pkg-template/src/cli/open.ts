// `open`: what the document does with `base64 -d | openssl rsautl -decrypt | iconv -f gbk -t utf-8`.
import type { Command } from 'commander';

import { operations, type Merchant, type RealNameInfo } from '../index_node';
import { contentsOf } from './certificate';
import { isMedical, openMedical, type MedicalFlags } from './medical';
import { MASKED, answer, fields, maskedName, maskedNumber, remark, say } from './output';
import { NO_SERIAL, opened, readFiles, withMerchant, type MerchantFlags } from './merchant_files';
import { examples } from './parser';
import { named } from './problem';
import { UsageError, textOf, type World } from './world';

interface Flags extends MerchantFlags, MedicalFlags {
  readonly name?: string;
  readonly nameFile?: string;
  readonly id?: string;
  readonly idFile?: string;
}

export function open(program: Command, world: World): void {
  const text = (zh: string, en: string): string => say(world, { zh, en });
  const command = program
    .command('open')
    .description(
      text(
        '解密：getrealnameinfo 或 getmedrealname 回复里的实名信息',
        'open the real name in a reply of getrealnameinfo or getmedrealname',
      ),
    )
    .argument('[reply]', text('回复的 JSON 文件，- 为标准输入', 'file with the reply’s JSON; - is standard input'))
    .option('--name <base64>', text('encryted_real_name 的值', 'the value of encryted_real_name'))
    .option('--name-file <file>', text('同上，从文件读', 'the same, from a file'))
    .option('--id <base64>', text('encryted_credential_id 的值', 'the value of encryted_credential_id'))
    .option('--id-file <file>', text('同上，从文件读', 'the same, from a file'))
    .option('--reveal', text('显示完整的姓名和号码', 'show names and numbers in full'));
  withMerchant(command, world)
    .option(
      '--medical-key-file <file>',
      text(
        'getmedrealname：含医院密钥的文件，32 个字符（或 MEDICAL_KEY）',
        'for getmedrealname: file with the hospital’s key, 32 characters (or MEDICAL_KEY)',
      ),
    )
    .addHelpText('after', () =>
      examples(
        world,
        [
          'wechat-realname open reply.json --key apiclient_key.pem --cert apiclient_cert.pem',
          'curl … | wechat-realname open - --p12 apiclient_cert.p12 --mch-id 1900006511 --reveal',
          'wechat-realname open --name-file name.txt --id-file id.txt --key apiclient_key.pem --json',
          'wechat-realname open medical.json --medical-key-file medical_key.txt',
        ],
        {
          zh: '只要私钥就能解密；另给证书时还会核对两者是否一对。两个字段必须一起给：密钥不对时解出来的是随机字节，\n不是错误，只有身份证号的校验码能看出来。医院的密钥当作回复里 key_version 那一版的。',
          en: 'The key alone opens; with the certificate it is also seen whether they belong together. Both fields are needed: a\nwrong key gives random bytes and no error, and only the ID number’s check character tells. A hospital’s key is taken\nfor that of the reply’s key_version.',
        },
      ),
    )
    .action(async (reply: string | undefined, flags: Flags) => run(world, reply, flags));
}

async function run(world: World, reply: string | undefined, flags: Flags): Promise<void> {
  const given = await readGiven(world, reply, flags);
  if ('body' in given && isMedical(world, given.body, flags)) return openMedical(world, given.body, flags);
  const files = await readFiles(world, flags);
  // The serial number is for signing; opening needs the key alone.
  const { certificate, certSerialNo, p12, privateKey = '' } = files;
  const hasSerial = [certificate, certSerialNo, p12].some((one) => one !== undefined) || contentsOf(privateKey).certificates.length > 0;
  const { merchant } = opened(hasSerial ? files : { ...files, certSerialNo: NO_SERIAL });
  const names = { ...files.names, realName: '--name', credentialId: '--id' };
  const info = named(names, () => ('body' in given ? interpreted(merchant, given.body) : merchant.open(given)));
  merchant.close();
  const { realName, credentialId } = flags.reveal
    ? info
    : { realName: maskedName(info.realName), credentialId: maskedNumber(info.credentialId) };
  answer(world, { realName, credentialId, masked: !flags.reveal }, () =>
    fields(world, [
      [{ zh: '姓名', en: 'name' }, realName],
      [{ zh: '身份证号', en: 'ID number' }, credentialId],
    ]),
  );
  if (!flags.reveal) remark(world, MASKED);
}

type Given = { readonly body: string } | { readonly realName: string; readonly credentialId: string };

async function readGiven(world: World, reply: string | undefined, flags: Flags): Promise<Given> {
  if (reply === undefined && flags.medicalKeyFile !== undefined) {
    throw new UsageError('<reply>', {
      zh: 'getmedrealname 要给整个回复：JSON 文件，- 为标准输入',
      en: 'is missing: of getmedrealname the whole reply is needed, as a file with its JSON (- is standard input)',
    });
  }
  const realName = await fieldOf(world, flags.name, flags.nameFile, '--name');
  const credentialId = await fieldOf(world, flags.id, flags.idFile, '--id');
  if (reply !== undefined) {
    if (realName === undefined && credentialId === undefined) return { body: textOf(await world.read(reply, '<reply>')) };
    throw new UsageError('<reply>', {
      zh: '给了整个回复，就不要再给 --name 和 --id',
      en: 'is the whole reply: give it without --name and --id',
    });
  }
  if (realName !== undefined && credentialId !== undefined) return { realName, credentialId };
  if (realName === undefined && credentialId === undefined) {
    throw new UsageError('<reply>', {
      zh: '缺少要解密的内容：给回复的 JSON 文件（- 为标准输入），或同时给 --name 和 --id',
      en: 'there is nothing to open: give the file of the reply’s JSON (- is standard input), or both --name and --id',
    });
  }
  throw new UsageError(realName === undefined ? '--name' : '--id', {
    zh: '姓名和身份证号要一起给。密钥不对时，解密得到的是随机字节而不是错误，单独一个姓名分不出真假；身份证号有校验码，解对了才会放行。openssl 能单独解一个字段，但它不会告诉您结果是不是真的',
    en: 'name and ID number must be given together. With a wrong key decryption yields random bytes and no error, and a name alone cannot be told from them; the ID number has a check character that proves it. openssl opens one field alone, and cannot say whether what comes out is true',
  });
}

async function fieldOf(
  world: World,
  value: string | undefined,
  file: string | undefined,
  option: string,
): Promise<string | undefined> {
  if (value !== undefined && file !== undefined) {
    throw new UsageError(option, { zh: `与 ${option}-file 只能给一个`, en: `and ${option}-file are the same: give one` });
  }
  if (value === '-' || file !== undefined)
    return textOf(await world.read(file ?? '-', file === undefined ? option : `${option}-file`)).trim();
  return value;
}

/** As the client reads it: both spellings of the fields, refusals, and what no reply looks like. */
function interpreted(merchant: Merchant, body: string): RealNameInfo {
  // Nothing is sent: token and code are there because a call has them.
  const call = operations.getRealNameInfo({ authToken: 'none' }, { accessToken: 'none', merchant });
  return call.interpret({ status: 200, body });
}
