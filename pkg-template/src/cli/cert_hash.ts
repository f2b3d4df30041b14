// `cert-hash`: WeChat's hash of a name and an ID number, and what went wrong where other code makes another (84018).
import type { Command } from 'commander';

import { operations } from '../index_node';
import { mistakesIn, stringOf, type Mistake } from './cert_hash_mistakes';
import { answer, fields, paint, say } from './output';
import { examples } from './parser';
import { named } from './problem';
import { UsageError, textOf, type Text, type World } from './world';

interface Flags {
  readonly expect?: string;
  readonly reveal?: boolean;
}

export function certHash(program: Command, world: World): void {
  const text = (zh: string, en: string): string => say(world, { zh, en });
  program
    .command('cert-hash')
    .description(
      text(
        '微信人脸核身的 cert_hash：计算，或找出别的程序错在哪里',
        'the cert_hash of face verification: make it, or see why other code makes another',
      ),
    )
    .argument(
      '<file>',
      text('两行的文件：姓名、身份证号；- 为标准输入', 'file of two lines: the name, below it the ID number; - is standard input'),
    )
    .option(
      '--expect <hash>',
      text('别的程序算出的 cert_hash：比较，并指出常见的错误', 'what other code made: compared, and the usual mistakes are named'),
    )
    .option('--reveal', text('显示被哈希的字符串（base64 就是姓名和号码本身）', 'show the string that is hashed (its base64 is name and number)'))
    .addHelpText('after', () =>
      examples(
        world,
        [
          'wechat-realname cert-hash person.txt',
          'wechat-realname cert-hash person.txt --reveal',
          'wechat-realname cert-hash - --expect 3c241f7ff324977aeb91f173bb2a7b06569e6fd784d5573db34a636d8671108b < person.txt',
        ],
        {
          zh: '文件须为 UTF-8。两行按原样使用，须与 getVerifyId 时一字不差；证件类型总是 IDENTITY_CARD。\n退出码 1：与 --expect 不同。',
          en: 'The file is UTF-8. Both lines are taken as they are, and must be getVerifyId’s to the character; the kind of document is\nalways IDENTITY_CARD. Exit code 1: --expect is another.',
        },
      ),
    )
    .action(async (file: string, flags: Flags) => run(world, file, flags));
}

async function run(world: World, file: string, flags: Flags): Promise<void> {
  const expected = flags.expect === undefined ? undefined : hashIn(flags.expect);
  const [certName, certNo] = linesOf(textOf(await world.read(file, '<file>')));
  const certHash = made(certName, certNo);
  const { string, ...base64 } = stringOf(certName, certNo);
  const compared = expected === undefined ? undefined : compare(expected, certHash, certName, certNo);
  if (compared?.matches === false) world.exit(1);
  const told = {
    certHash,
    ...(flags.reveal && { string, base64 }),
    ...(compared && { matches: compared.matches, mistakes: compared.mistakes.map(({ id }) => id) }),
    masked: !flags.reveal,
  };
  answer(world, told, () => {
    const steps = fields(world, [
      [{ zh: 'cert_type', en: 'cert_type' }, `IDENTITY_CARD → ${base64.certType}`],
      [{ zh: 'cert_name', en: 'cert_name' }, `${certName} → ${base64.certName}`],
      [{ zh: 'cert_no', en: 'cert_no' }, `${certNo} → ${base64.certNo}`],
      [{ zh: '字符串', en: 'string' }, string],
      [{ zh: 'cert_hash', en: 'cert_hash' }, certHash],
    ]);
    return [flags.reveal ? steps : certHash, ...(compared ? inWords(world, compared) : [])].join('\n');
  });
}

/** The core's. Nothing is sent: the rest is there because a call has it. */
function made(certName: string, certNo: string): string {
  const params = { verifyId: 'none', outSeqNo: 'nobodys', openid: 'none', certName, certNo };
  const names = { certName: '<file>:1', certNo: '<file>:2' };
  const { request } = named(names, () => operations.queryVerifyInfo(params, { accessToken: 'none' }));
  return (JSON.parse(request.body ?? '') as { cert_hash: string }).cert_hash;
}

interface Compared {
  readonly matches: boolean;
  readonly mistakes: readonly Mistake[];
}

function compare(expected: string, certHash: string, certName: string, certNo: string): Compared {
  if (expected === certHash) return { matches: true, mistakes: [] };
  const small = expected.toLowerCase();
  const others = mistakesIn(small, certName, certNo);
  return { matches: false, mistakes: others === undefined ? [] : [...(small === expected ? [] : [CAPITALS]), ...others] };
}

const CAPITALS: Mistake = {
  id: 'capitals',
  text: { zh: '它的十六进制是大写；应为小写', en: 'its hex digits are capitals; WeChat wants small ones' },
};

function inWords(world: World, { matches, mistakes }: Compared): string[] {
  const { green, red } = paint(world);
  if (matches) return [`${green('✓')} ${say(world, { zh: '与 --expect 相同', en: 'the same as --expect' })}`];
  const why = mistakes.length > 0 ? MISTAKES : NO_MISTAKE;
  return [`${red('✗')} ${say(world, why)}`, ...mistakes.map(({ text }) => `  ${say(world, text)}`)];
}

const MISTAKES: Text = { zh: '--expect 不同，错在：', en: '--expect is another, made with mistakes:' };

const NO_MISTAKE: Text = {
  zh: '--expect 不同，也不是常见的错误造成的：姓名或号码与这里的不同，或算法不同。用 --reveal 显示字符串，逐段比对',
  en: '--expect is another, and none of the usual mistakes gives it: its name or number is not the one here, or something else is. --reveal shows the string, to compare it part by part',
};

/** 64 hex digits; capitals are one of the mistakes that are found. */
function hashIn(given: string): string {
  const hash = given.trim();
  if (/^[0-9a-f]{64}$/i.test(hash)) return hash;
  throw new UsageError('--expect', {
    zh: '应为 64 位十六进制：SHA-256 的十六进制写法，不是它的 base64，也不是 MD5 或 SHA-1',
    en: 'must be 64 hex digits: SHA-256 in hex, not in base64, and neither MD5 nor SHA-1',
  });
}

/** Line ends belong to the file. All else is taken as it is: white space around a name is a mistake, and the core says so. */
function linesOf(text: string): [name: string, number: string] {
  const wrong = (said: Text): UsageError => new UsageError('<file>', said);
  if (text.includes('\ufffd')) {
    throw wrong({
      zh: '不是 UTF-8 文本（Windows 上多半是 GBK）：请另存为 UTF-8',
      en: 'is not UTF-8 (on Windows it is often GBK): save it as UTF-8',
    });
  }
  const [name, number, ...more] = text.replace(/[\r\n]+$/, '').split(/\r?\n/);
  if (name === undefined || number === undefined || more.length > 0) {
    throw wrong({
      zh: '应为两行：第一行姓名，第二行身份证号，没有别的内容',
      en: 'must have two lines and nothing else: the name, and below it the ID number',
    });
  }
  if (/^\d{17}[\dXx]$/.test(name)) {
    throw wrong({ zh: '两行颠倒了：先姓名，后身份证号', en: 'has them the wrong way round: the name comes first' });
  }
  return [name, number];
}
