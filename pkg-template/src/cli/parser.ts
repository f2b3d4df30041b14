// What commander says, in both languages, and never with what the user typed: a number may stand where a command belongs.
import { CommanderError, type Command } from 'commander';

import { paint, say, width } from './output';
import { UsageError, type Text, type World } from './world';

/** Titles of commander's help, which knows English only. */
const TITLES: Readonly<Record<string, string>> = {
  'Usage:': '用法：',
  'Arguments:': '参数：',
  'Options:': '选项：',
  'Global Options:': '通用选项：',
  'Commands:': '命令：',
};

/** A program whose help is in the user's language and whose mistakes are thrown; its commands inherit that. */
export function hearing(program: Command, world: World): Command {
  const zh = world.language === 'zh';
  const { bold } = paint({ ...world, colour: { stdout: true, stderr: true } });
  return program
    .exitOverride()
    .showHelpAfterError(false)
    .helpOption('-h, --help', say(world, { zh: '显示帮助', en: 'show help' }))
    .helpCommand('help [command]', say(world, { zh: '显示某个命令的帮助', en: 'show the help of a command' }))
    .configureOutput({
      writeOut: world.out,
      writeErr: world.err,
      // Told by `tell`, like all others.
      outputError: () => undefined,
      getOutHasColors: () => world.colour.stdout,
      getErrHasColors: () => world.colour.stderr,
    })
    .configureHelp({
      showGlobalOptions: true,
      displayWidth: (text) => width(text.replace(/\u001b\[\d+m/g, '')),
      styleTitle: (title) => bold((zh && TITLES[title]) || title),
    });
}

/** Examples below a command's help. */
export function examples(world: World, lines: readonly string[], more?: Text): string {
  const title = say(world, { zh: '示例：', en: 'Examples:' });
  const shown = lines.map((line) => `  $ ${line}`).join('\n');
  return `\n${title}\n${shown}${more === undefined ? '' : `\n\n${say(world, more)}`}`;
}

/** A mistake that commander found; `shown` where it was none, `help` where it showed the help instead. */
export function usageOf(error: unknown): UsageError | 'shown' | 'help' | undefined {
  if (!(error instanceof CommanderError)) return undefined;
  if (error.exitCode === 0) return 'shown';
  if (error.code === 'commander.help') return 'help';
  const text = textOf(error.code, error.message);
  return new UsageError(optionIn(error), text);
}

function optionIn({ message }: CommanderError): string | undefined {
  return /'(--[a-z][a-z-]{1,30})[ ']/.exec(message)?.[1];
}

function textOf(code: string, message: string): Text {
  const meant = /\(Did you mean (?:one of )?([a-z, -]+)\?\)/.exec(message)?.[1];
  const guess: Text = {
    zh: meant === undefined ? '。--help 会列出全部' : `。是不是 ${meant}？`,
    en: meant === undefined ? '; --help lists what there is' : `; did you mean ${meant}?`,
  };
  switch (code) {
    case 'commander.unknownCommand':
      return { zh: `没有这个命令${guess.zh}`, en: `there is no such command${guess.en}` };
    case 'commander.unknownOption':
      return { zh: `没有这个选项${guess.zh}`, en: `there is no such option${guess.en}` };
    case 'commander.optionMissingArgument':
      return { zh: '后面缺少值', en: 'needs a value after it' };
    case 'commander.missingArgument': {
      const name = /'([a-z-]+)'/.exec(message)?.[1] ?? '';
      return { zh: `缺少参数 <${name}>。--help 有示例`, en: `<${name}> is missing; --help has examples` };
    }
    case 'commander.excessArguments':
      return {
        zh: '参数太多。含有空格的值请用引号括起来；--help 有示例',
        en: 'there are too many arguments. Put a value with spaces in quotes; --help has examples',
      };
    case 'commander.conflictingOption':
      return { zh: '不能与另一个选项同时使用；请看 --help', en: 'cannot be used together with another option; see --help' };
    default:
      return { zh: '命令写得不对；请看 --help', en: 'this is not how the command is used; see --help' };
  }
}
