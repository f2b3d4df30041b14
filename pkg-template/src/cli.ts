#!/usr/bin/env node
// `npx wechat-realname`: each command is a file in cli/.
import { Command } from 'commander';

import { certHash } from './cli/cert_hash';
import { check } from './cli/check';
import { doctor } from './cli/doctor';
import { explainCodes } from './cli/explain';
import { open } from './cli/open';
import { say } from './cli/output';
import { hearing, usageOf } from './cli/parser';
import { playground } from './cli/playground';
import { tell } from './cli/problem';
import { push } from './cli/push';
import { report } from './cli/report';
import { sandbox } from './cli/sandbox';
import { serial } from './cli/serial';
import { sign } from './cli/sign';
import { UsageError, worldOf, type World } from './cli/world';
import { version } from './generated/version';

/** In the order of the help. */
const COMMANDS: readonly ((program: Command, world: World) => void)[] = [
  sign,
  open,
  serial,
  report,
  explainCodes,
  check,
  certHash,
  push,
  doctor,
  sandbox,
  playground,
];

async function main(): Promise<void> {
  const world = worldOf(process);
  // `| head` has seen enough: not a mistake of anybody's.
  process.stdout.on('error', (error: { code?: string }) => process.exit(error.code === 'EPIPE' ? process.exitCode : 3));
  try {
    await programOf(world).parseAsync(process.argv);
  } catch (error) {
    const mistake = usageOf(error);
    if (mistake === 'shown') return;
    if (mistake === 'help' && !world.json) return world.exit(2);
    tell(world, mistake === 'help' ? NO_COMMAND : (mistake ?? error));
  }
}

/** Where commander shows the help instead; programs get an error. */
const NO_COMMAND = new UsageError(undefined, {
  zh: '缺少命令；--help 会列出全部',
  en: 'a command is missing; --help lists them',
});

function programOf(world: World): Command {
  const program = hearing(new Command('wechat-realname'), world);
  program
    .description(
      say(world, {
        zh: '微信实名信息接口的命令行工具：签名、解密、看懂证书和错误码。除了 doctor、sandbox 和 playground，所有命令都不联网。',
        en:
          'WeChat’s real-name interfaces on the command line: sign, open, understand certificates and codes. ' +
          'But for doctor, sandbox and playground nothing touches the network.',
      }),
    )
    .version(version, '-V, --version', say(world, { zh: '显示版本', en: 'print the version' }))
    .option('--json', say(world, { zh: '输出一个 JSON 文档，供程序使用', en: 'print one JSON document, for programs' }))
    .option('--lang <zh|en>', say(world, { zh: '语言（也可用 WECHAT_REALNAME_LANG）', en: 'language (or WECHAT_REALNAME_LANG)' }))
    .option('--no-color', say(world, { zh: '不用颜色（也可用 NO_COLOR）', en: 'no colours (or NO_COLOR)' }))
    .hook('preAction', (_, command) => {
      const { lang } = command.optsWithGlobals<{ lang?: string }>();
      if (lang !== undefined && lang !== 'zh' && lang !== 'en') {
        throw new UsageError('--lang', { zh: '只能是 zh 或 en', en: 'must be zh or en' });
      }
    })
    .addHelpText('after', () => `\n${say(world, AFTER)}`);
  for (const add of COMMANDS) add(program, world);
  return program;
}

const AFTER = {
  zh: `示例：
  $ npx wechat-realname report apiclient_key.pem apiclient_cert.pem
  $ npx wechat-realname explain 94003
  $ npx wechat-realname sign --key apiclient_key.pem --cert apiclient_cert.pem

参数里的密钥和证件号会出现在进程列表和 shell 历史里：请用文件、环境变量，或用 - 从标准输入读。
退出码：0 完成，没有问题；1 答案是“否”或发现了问题；2 用法有误；3 没能做成。`,
  en: `Examples:
  $ npx wechat-realname report apiclient_key.pem apiclient_cert.pem
  $ npx wechat-realname explain 94003
  $ npx wechat-realname sign --key apiclient_key.pem --cert apiclient_cert.pem

Secrets and ID numbers in arguments are seen in process lists and kept in the shell's history: use files, the environment,
or - for standard input.
Exit codes: 0 done, nothing wrong; 1 the answer is no, or there are findings; 2 wrong use; 3 it could not be done.`,
};

void main();
