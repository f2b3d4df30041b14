// `check id` and `check credit-code`: whether a number can be one. Whether it was given out, only WeChat's answer says.
import type { Command } from 'commander';

import { checkCreditCode, checkIdCard } from '../index_node';
import { MASKED, answer, fields, maskedNumber, paint, remark, say } from './output';
import { examples } from './parser';
import { UsageError, textOf, type Text, type World } from './world';

interface Flags {
  readonly reveal?: boolean;
}

/** What is known of a number, with the parts that are absent where it is wrong. */
interface IdCard {
  readonly valid: boolean;
  readonly reason?: string;
  readonly number?: string;
  readonly current?: string;
  readonly area?: { readonly code: string; readonly province?: Text };
  readonly birthDate?: string;
  readonly sex?: 'male' | 'female';
}

export function check(program: Command, world: World): void {
  const text = (zh: string, en: string): string => say(world, { zh, en });
  const group = program.command('check').description(text('检查证件号码写得对不对', 'whether a number can be one'));
  const reveal = text('显示完整的号码和其中的信息', 'show the number in full, and what is in it');
  group
    .command('id')
    .description(text('居民身份证号码', 'the number of a mainland ID card'))
    .argument(
      '<number>',
      text('号码；- 为标准输入，不会留在 shell 历史里', 'the number; - is standard input, and stays out of the shell’s history'),
    )
    .option('--reveal', reveal)
    .addHelpText('after', () =>
      examples(world, ['wechat-realname check id -', 'wechat-realname check id - --reveal --json < number.txt'], ADVICE),
    )
    .action(async (number: string, flags: Flags) => checkId(world, number, flags));
  group
    .command('credit-code')
    .description(
      text(
        '统一社会信用代码、组织机构代码或营业执照注册号',
        'a unified social credit code, organisation code or business licence number',
      ),
    )
    .argument('<code>', text('号码；- 为标准输入', 'the number; - is standard input'))
    .option('--reveal', reveal)
    .addHelpText('after', () =>
      examples(world, ['wechat-realname check credit-code 91110105MA00000012', 'wechat-realname check credit-code -'], ADVICE),
    )
    .action(async (code: string, flags: Flags) => checkCode(world, code, flags));
}

const ADVICE: Text = {
  zh: '只检查号码的写法和校验码。有没有这张证件、是谁的，只有微信的回复说了算。\n退出码 1：不可能是。',
  en: 'Only how the number is written, and its check character. Whether it was given out, and to whom, WeChat’s answer says.\nExit code 1: it cannot be one.',
};

async function checkId(world: World, given: string, flags: Flags): Promise<void> {
  const found: IdCard = checkIdCard(await numberOf(world, given, '<number>'));
  const { valid, reason, number, current, area, birthDate, sex } = found;
  if (!valid) world.exit(1);
  const hidden = (text: string | undefined): string | undefined =>
    text === undefined || flags.reveal ? text : maskedNumber(text);
  const told = {
    valid,
    ...(reason !== undefined && { reason }),
    ...(number !== undefined && { number: hidden(number) }),
    ...(current !== undefined && { current: hidden(current) }),
    ...(flags.reveal && { ...(area && { area }), ...(birthDate && { birthDate }), ...(sex && { sex }) }),
    masked: !flags.reveal,
  };
  answer(world, told, () => {
    const rows = fields(world, [
      [{ zh: '号码', en: 'number' }, told.number],
      [{ zh: '现在的 18 位号码', en: 'today’s 18 digits' }, told.current],
      [
        { zh: '地区', en: 'area' },
        flags.reveal && area ? `${area.code} ${area.province ? say(world, area.province) : ''}`.trim() : undefined,
      ],
      [{ zh: '出生日期', en: 'birth date' }, flags.reveal ? birthDate : undefined],
      [
        { zh: '性别', en: 'sex' },
        flags.reveal && sex ? say(world, sex === 'male' ? { zh: '男', en: 'male' } : { zh: '女', en: 'female' }) : undefined,
      ],
    ]);
    return `${verdict(world, valid, reason, ID_REASONS)}\n${rows}`;
  });
  if (!flags.reveal && (number ?? current) !== undefined) remark(world, MASKED);
}

async function checkCode(world: World, given: string, flags: Flags): Promise<void> {
  const found = checkCreditCode(await numberOf(world, given, '<code>'));
  if (!found.valid) {
    world.exit(1);
    return answer(
      world,
      { valid: false, reason: found.reason, ...(found.kind && { kind: found.kind }), masked: !flags.reveal },
      () => {
        const kind =
          found.kind === undefined ? '' : `${fields(world, [[{ zh: '种类', en: 'kind' }, say(world, KINDS[found.kind])]])}`;
        return `${verdict(world, false, found.reason, CODE_REASONS)}\n${kind}`;
      },
    );
  }
  const { kind, codeType } = found;
  const code = flags.reveal ? found.code : maskedNumber(found.code);
  answer(world, { valid: true, kind, codeType, code, masked: !flags.reveal }, () => {
    const rows = fields(world, [
      [{ zh: '种类', en: 'kind' }, say(world, KINDS[kind])],
      [{ zh: 'code_type', en: 'code_type' }, codeType],
      [{ zh: '号码', en: 'number' }, code],
    ]);
    return `${verdict(world, true, undefined, CODE_REASONS)}\n${rows}`;
  });
  if (!flags.reveal) remark(world, MASKED);
}

/** Line ends and spaces around it are the shell's; those within it are somebody's mistake. */
async function numberOf(world: World, given: string, option: string): Promise<string> {
  const number = (given === '-' ? textOf(await world.read('-', option)) : given).trim();
  if (number !== '') return number;
  throw new UsageError(option, { zh: '是空的', en: 'is empty' });
}

function verdict(world: World, valid: boolean, reason: string | undefined, reasons: Readonly<Record<string, Text>>): string {
  const { green, red } = paint(world);
  if (valid) return `${green('✓')} ${say(world, { zh: '写法正确', en: 'can be one' })}`;
  const known = reasons[reason ?? ''] ?? { zh: reason ?? '', en: reason ?? '' };
  return `${red('✗')} ${say(world, known)}`;
}

const KINDS: Readonly<Record<'credit_code' | 'organisation_code' | 'licence_number', Text>> = {
  credit_code: { zh: '统一社会信用代码', en: 'unified social credit code' },
  organisation_code: { zh: '组织机构代码', en: 'organisation code' },
  licence_number: { zh: '营业执照注册号', en: 'business licence number' },
};

const ID_REASONS: Readonly<Record<string, Text>> = {
  length: { zh: '长度不对：应为 18 位', en: 'its length is wrong: 18 characters are needed' },
  characters: {
    zh: '含有不该有的字符：应为 17 位半角数字，加一位数字或 X',
    en: 'it has characters that do not belong: 17 digits (not full-width ones) are needed, and a digit or X',
  },
  birth_date: { zh: '第 7 至 14 位不是存在的日期', en: 'characters 7 to 14 are no date that exists' },
  check_character: {
    zh: '最后一位校验码不对：多半是某一位输错了',
    en: 'the last character does not fit: some digit is mistyped, as a rule',
  },
  historic: {
    zh: '是 1999 年以前的 15 位旧号码：写法正确，但微信只收 18 位',
    en: 'it is a 15-digit number of a card up to 1999: rightly written, but WeChat takes 18 digits',
  },
};

const CODE_REASONS: Readonly<Record<string, Text>> = {
  length: {
    zh: '长度不对：应为 18 位（统一社会信用代码）、9 位（组织机构代码）或 15 位（注册号）',
    en: 'its length is wrong: 18 characters (credit code), 9 (organisation code) or 15 (licence number)',
  },
  characters: {
    zh: '含有不该有的字符：只能是半角数字和大写字母，统一社会信用代码不用 I、O、S、V、Z',
    en: 'it has characters that do not belong: only digits and capital letters do, and a credit code has no I, O, S, V and Z',
  },
  check_character: {
    zh: '校验码不对：多半是某一位输错了',
    en: 'the check character does not fit: something is mistyped, as a rule',
  },
};
