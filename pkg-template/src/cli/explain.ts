// `explain`: what a number of WeChat's means, and what to do. The same number is another thing in another interface.
import type { Command } from 'commander';

import { explain, returnCodes, type Explanation } from '../index_node';
import { answer, padded, paint, printable, remark, say, width } from './output';
import { examples } from './parser';
import { nearest } from './nearest';
import { UsageError, type Text, type World } from './world';

type Interface = ReturnType<typeof returnCodes>[number];

export function explainCodes(program: Command, world: World): void {
  const text = (zh: string, en: string): string => say(world, { zh, en });
  program
    .command('explain')
    .description(text('错误码和状态码的含义、由谁处理、怎样处理', 'what an errcode or status means, who acts, and how'))
    .argument(
      '[interface]',
      text(
        '接口，用本库的名称或微信的名称；不给就列出全部',
        'the interface, by this library’s name or WeChat’s; none: all are listed',
      ),
    )
    .argument('[code]', text('错误码；不给就列出该接口的全部', 'the number; none: all of the interface are listed'))
    .addHelpText('after', () =>
      examples(world, [
        'wechat-realname explain',
        'wechat-realname explain getrealnameinfo 94003',
        'wechat-realname explain verifybetaweapp',
        'wechat-realname explain 1005',
      ]),
    )
    .action((first: string | undefined, second: string | undefined) => {
      // Both orders: there is no interface that is a number.
      const [name, code] = isNumber(first) ? [second, first] : [first, second];
      run(world, name, code);
    });
}

const isNumber = (text: string | undefined): text is string => /^-?[0-9]{1,9}$/.test(text ?? '');

function run(world: World, name: string | undefined, code: string | undefined): void {
  if (code !== undefined && !isNumber(code)) {
    throw new UsageError('<code>', { zh: '应为整数，例如 94003 或 -1', en: 'must be a whole number, such as 94003 or -1' });
  }
  if (name === undefined && code === undefined) return list(world);
  if (name === undefined) return everywhere(world, Number(code));
  const found = interfaceOf(name);
  if (code === undefined) return listCodes(world, found);
  const explanation = explain(found.of, Number(code));
  answer(world, explanation, () => shown(world, [found], explanation));
  if (explanation.known) return;
  world.exit(1);
  // A verify_ret under the name of its interface, for one.
  const elsewhere = knowing(Number(code)).map(({ of }) => of);
  if (elsewhere.length === 0) return;
  remark(world, {
    zh: `别处有这个码：${elsewhere.join('、')}。用 explain ${code} 查看`,
    en: `it is a number of ${elsewhere.join(', ')}: explain ${code} shows it`,
  });
}

/** The interfaces that have a number. */
const knowing = (code: number): readonly Interface[] => returnCodes().filter(({ codes }) => codes.includes(code));

function list(world: World): void {
  const all = returnCodes();
  answer(world, all, () => {
    const { bold, dim } = paint(world);
    const widest = Math.max(...all.map(({ of }) => width(of)));
    const lines = all.map(
      ({ of, wechatName, title, codes }) =>
        `${bold(padded(of, widest))}  ${say(world, title)} ${dim(`(${wechatName === of ? '' : `${wechatName}, `}${codes.length})`)}`,
    );
    const hint = say(world, {
      zh: '看某个接口的全部：explain <接口>；看一个码：explain <接口> <码>',
      en: 'all of an interface: explain <interface>; one of them: explain <interface> <code>',
    });
    return `${lines.join('\n')}\n\n${dim(hint)}`;
  });
}

function listCodes(world: World, found: Interface): void {
  const codes = found.codes.map((code) => explain(found.of, code));
  answer(world, { ...found, codes }, () => {
    const { bold } = paint(world);
    const widest = Math.max(...codes.map(({ code }) => String(code).length));
    const lines = codes.map(({ code, meaning }) => `${bold(String(code).padStart(widest))}  ${say(world, meaning)}`);
    return `${heading(world, found)}\n\n${lines.join('\n')}`;
  });
}

function everywhere(world: World, code: number): void {
  const found = knowing(code);
  const explanations = found.map(({ of }) => explain(of, code));
  if (found.length === 0) world.exit(1);
  answer(world, explanations, () => {
    if (found.length === 0) return say(world, UNKNOWN);
    return alike(found, explanations)
      .map(([interfaces, explanation]) => shown(world, interfaces, explanation))
      .join('\n\n');
  });
}

/** General numbers mean the same in many interfaces: said once. */
function alike(found: readonly Interface[], explanations: readonly Explanation[]): [Interface[], Explanation][] {
  const groups = new Map<string, [Interface[], Explanation]>();
  found.forEach((one, at) => {
    const { of: _, ...said } = explanations[at]!;
    const group = groups.get(JSON.stringify(said));
    if (group) group[0].push(one);
    else groups.set(JSON.stringify(said), [[one], explanations[at]!]);
  });
  return [...groups.values()];
}

const UNKNOWN: Text = {
  zh: '这个版本所知的接口都没有这个码。请看微信返回的 errmsg；询问微信客服时附上其中的 rid',
  en: 'no interface that this version knows has this number. Read WeChat’s errmsg, and give its rid to WeChat’s support',
};

function heading(world: World, { of, wechatName, title }: Interface): string {
  const { bold, dim } = paint(world);
  return `${bold(of)} ${wechatName === of ? '' : `${dim(`(${wechatName})`)} `}${say(world, title)}`;
}

function shown(
  world: World,
  of: readonly Interface[],
  { code, known, meaning, remedy, who, action, retryAfterSeconds }: Explanation,
): string {
  const { bold, yellow, dim } = paint(world);
  const label = (zh: string, en: string): string => dim(say(world, { zh, en }));
  const lines = [...of.map((one) => heading(world, one)), `${(known ? bold : yellow)(String(code))}  ${printable(say(world, meaning))}`];
  lines.push(`${label('怎么办：', 'what to do: ')}${printable(say(world, remedy))}`);
  if (who !== undefined) lines.push(`${label('谁来处理：', 'who acts: ')}${say(world, WHO[who])}`);
  if (action !== undefined) lines.push(`${label('action：', 'action: ')}${action}`);
  if (retryAfterSeconds !== undefined)
    lines.push(`${label('多少秒后可重试：', 'again after: ')}${retryAfterSeconds}${say(world, { zh: '', en: ' s' })}`);
  return lines.join('\n');
}

const WHO: Readonly<Record<NonNullable<Explanation['who']>, Text>> = {
  developer: { zh: '开发者', en: 'the developer' },
  operator: { zh: '运营人员（后台设置、申请权限）', en: 'the operator (consoles, permissions)' },
  end_user: { zh: '用户', en: 'the end user' },
  wechat: { zh: '微信', en: 'WeChat' },
  nobody: { zh: '无需处理', en: 'nobody' },
};

/** By either name, in any case; what is close is suggested. */
function interfaceOf(name: string): Interface {
  const all = returnCodes();
  const plain = (text: string): string => text.toLowerCase().replace(/^.*\//, '');
  const found = all.find(({ of, wechatName }) => [of, wechatName].some((one) => plain(one) === plain(name)));
  if (found) return found;
  const close = nearest(
    plain(name),
    all.flatMap(({ of, wechatName }) => [of, plain(wechatName)]),
  );
  throw new UsageError('<interface>', {
    zh: close === undefined ? '没有这个接口；explain 列出全部' : `没有这个接口；是不是 ${close}？`,
    en:
      close === undefined
        ? 'there is no such interface; explain lists them'
        : `there is no such interface; did you mean ${close}?`,
  });
}
