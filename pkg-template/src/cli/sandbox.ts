// `sandbox`: WeChat on this machine, for programs in any language, until it is stopped.
import type { Command } from 'commander';

import { RealNameError } from '../error';
import type { Sandbox, SandboxLatency, SandboxOptions } from '../sandbox';
import { say } from './output';
import type { World } from './world';

interface Flags {
  readonly port: string;
  readonly forms: string;
  readonly latency: string;
  readonly timestampTolerance: string;
  readonly pushUrl?: string;
  readonly quiet?: boolean;
}

/** The library's names → what the user typed. */
const TYPED: Readonly<Record<string, string>> = {
  port: '--port',
  forms: '--forms',
  latency: '--latency',
  timestampTolerance: '--timestamp-tolerance',
  pushUrl: '--push-url',
};

export function sandbox(program: Command, world: World): void {
  const text = (zh: string, en: string): string => say(world, { zh, en });
  program
    .command('sandbox')
    .description(text('在本机运行一个微信沙箱，供任何语言的程序测试', 'a WeChat on this machine, for tests of programs in any language'))
    .option('--port <number>', text('端口；0 为任意空闲端口', 'the port; 0 is any that is free'), '8090')
    .option('--forms <both|2026>', text('verifybetaweapp 接受哪种参数：两种，或只接受 2026 年的新版', 'which forms of verifybetaweapp are taken: both, or that of 2026 alone'), 'both')
    .option('--latency <ms>', text('每个应答要等多少毫秒，如 200 或 100-400', 'how many milliseconds each answer takes, such as 200 or 100-400'), '0')
    .option('--timestamp-tolerance <seconds>', text('getrealnameinfo 的 timestamp 最多可以差多少秒（微信没有公布）', 'how far a timestamp of getrealnameinfo may be off (WeChat does not publish it)'), '300')
    .option('--push-url <url>', text('把推送发到哪里（本机的授权事件接收URL）', 'where pushes go (an authorization event receiving URL on this machine)'))
    .option('--quiet', text('不输出日志', 'no log'))
    .addHelpText('after', () =>
      text(
        `
示例：
  $ wechat-realname sandbox
  $ wechat-realname sandbox --port 0 --json
  $ curl http://127.0.0.1:8090/sandbox

准备好后，标准输出只有一行 ready 和地址；日志写到标准错误，每个请求一行，说明为何这样应答。Ctrl-C 停止。`,
        `
Examples:
  $ wechat-realname sandbox
  $ wechat-realname sandbox --port 0 --json
  $ curl http://127.0.0.1:8090/sandbox

Once it is ready, standard output has one line: ready, and the address. The log goes to standard error: one line for each
request, which says why it was answered so. Ctrl-C stops it.`,
      ),
    )
    .action(async (flags: Flags) => {
      // Before the start, so that a signal that comes early is not lost.
      const stopped = world.stopped();
      // The other commands need not read it.
      const { startSandbox } = await import('../sandbox');
      const started = await startSandbox(optionsOf(flags, world)).catch((thrown: unknown) => {
        throw typed(thrown);
      });
      world.out(`${world.json ? JSON.stringify(readyOf(started)) : line(started, text)}\n`);
      await stopped;
      await started.close();
    });
}

function optionsOf({ port, forms, latency, timestampTolerance, pushUrl, quiet }: Flags, world: World): SandboxOptions {
  const options = {
    port: numberOf(port),
    forms: forms as NonNullable<SandboxOptions['forms']>,
    latency: latencyOf(latency),
    timestampTolerance: numberOf(timestampTolerance),
    ...(pushUrl !== undefined && { pushUrl }),
  };
  return quiet ? options : { ...options, log: (logged) => world.err(`${logged}\n`) };
}

/** An empty text is no 0. */
const numberOf = (given: string) => (given.trim() === '' ? NaN : Number(given));

/** `200`, or `100-400`. */
function latencyOf(given: string): SandboxLatency {
  const [, min, max] = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(given.trim()) ?? [];
  return max === undefined ? Number(min ?? NaN) : { min: Number(min), max: Number(max) };
}

/** The same as `GET /sandbox` begins with: all that a program needs. */
function readyOf({ baseUrl, appId, appSecret, accessToken, merchant, platform, medicalKeys }: Sandbox): object {
  return { ready: baseUrl, baseUrl, appId, appSecret, accessToken, merchant, platform, medicalKeys };
}

function line({ baseUrl }: Sandbox, text: (zh: string, en: string) => string): string {
  const more = text(
    `GET ${baseUrl}/sandbox 有 AppID、密钥、证书和全部控制地址；Ctrl-C 停止`,
    `GET ${baseUrl}/sandbox has app ids, secrets, certificate and all controls; Ctrl-C stops it`,
  );
  return `ready ${baseUrl} (${more})`;
}

/** The mistake, with the option that it is of. */
function typed(thrown: unknown): unknown {
  if (!(thrown instanceof RealNameError) || thrown.field === undefined) return thrown;
  const { code, field, message, action } = thrown;
  const option = TYPED[field] ?? field;
  const said = message.startsWith(`${field}: `) ? `${option}: ${message.slice(field.length + 2)}` : message;
  return new RealNameError({ code, field: option, message: said, ...(action && { action }) });
}
