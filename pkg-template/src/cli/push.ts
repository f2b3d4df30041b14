// `push open`: a push that was captured, opened and read.
import type { Command } from 'commander';

import { betaVerification, openPushChannel, type BetaVerification, type PushEvent } from '../index_node';
import { MASKED, answer, date, fields, paint, printable, remark, say } from './output';
import { examples } from './parser';
import { named } from './problem';
import { timestampOf } from './sign';
import { ENVIRONMENT, UsageError, fromEnvironment, type Text, type World } from './world';

interface Flags {
  readonly body?: string;
  readonly url?: string;
  readonly msgSignature?: string;
  readonly timestamp?: string;
  readonly nonce?: string;
  readonly token?: string;
  readonly key?: string;
  readonly previousKey?: string;
  readonly appId?: string;
  /** `--no-window`. */
  readonly window: boolean;
  readonly now?: string;
  readonly reveal?: boolean;
}

export function push(program: Command, world: World): void {
  const text = (zh: string, en: string): string => say(world, { zh, en });
  const group = program.command('push').description(text('第三方平台收到的推送', 'what WeChat pushes to a third-party platform'));
  group
    .command('open')
    .description(text('验签并解密一条抓下来的推送', 'check and decrypt a captured push'))
    .option('--body <file>', text('请求体，原样；- 为标准输入', 'the body as it came; - is standard input'))
    .option('--url <url>', text('推送到的地址，连同查询参数', 'the address that it came to, with its query'))
    .option('--msg-signature <hex>', text('代替 --url：msg_signature', 'in the place of --url: msg_signature'))
    .option('--timestamp <seconds>', text('代替 --url：timestamp', 'in the place of --url: timestamp'))
    .option('--nonce <text>', text('代替 --url：nonce', 'in the place of --url: nonce'))
    .option('--token <text>', text('消息校验Token（最好用 PUSH_TOKEN）', '消息校验Token (better as PUSH_TOKEN)'))
    .option('--key <text>', text('消息加解密Key（最好用 ENCODING_AES_KEY）', '消息加解密Key (better as ENCODING_AES_KEY)'))
    .option(
      '--previous-key <text>',
      text(
        '换之前的消息加解密Key（或 PREVIOUS_ENCODING_AES_KEY）',
        'the one before the last change (or PREVIOUS_ENCODING_AES_KEY)',
      ),
    )
    .option('--app-id <appid>', text('第三方平台的 AppID（或 COMPONENT_APP_ID）', 'the platform’s app id (or COMPONENT_APP_ID)'))
    .option('--no-window', text('不检查时间；抓下来的推送都是旧的', 'leave its time unchecked: a captured push is old'))
    .option('--now <seconds>', text('当作此刻的时间，秒', 'the time that it is taken to be, in seconds'))
    .option('--reveal', text('显示个人信息、ticket 和授权码', 'show people’s data, tickets and codes'))
    .addHelpText('after', () =>
      examples(
        world,
        [
          "wechat-realname push open --body push.xml --url '/push?msg_signature=…&timestamp=…&nonce=…' --no-window",
          'wechat-realname push open --body - --msg-signature … --timestamp … --nonce … --now 1764000000 < push.xml',
        ],
        {
          zh: 'URL 里有 &，请用引号括起来。Token 和 Key 写在参数里会出现在进程列表里，最好放在环境变量中。',
          en: 'Put the URL in quotes: it has & in it. Token and key in arguments are seen in process lists: better in the environment.',
        },
      ),
    )
    .action(async (flags: Flags) => run(world, flags));
}

async function run(world: World, flags: Flags): Promise<void> {
  if (!flags.window && flags.now !== undefined) {
    throw new UsageError('--now', { zh: '与 --no-window 只能给一个', en: 'and --no-window exclude each other: give one' });
  }
  const query = queryOf(flags);
  const channel = channelOf(world, flags);
  if (flags.body === undefined) {
    throw new UsageError('--body', {
      zh: '缺少请求体：给文件，或用 - 从标准输入读',
      en: 'is missing: the file with the body, or - for standard input',
    });
  }
  const body = await world.read(flags.body, '--body');
  const now = flags.now !== undefined ? timestampOf(flags.now, '--now') : world.now();
  const names = { msgSignature: '--msg-signature', timestamp: '--timestamp', nonce: '--nonce', body: '--body' };
  // Without a window the push is taken to have just come.
  const at = flags.window ? now : timestampOf(query.timestamp);
  const event = named(names, () => channel.open({ ...query, body }, { now: at }));
  const verification = event.infoType === 'notify_third_fastverifybetaapp' ? betaVerification(event, { now }) : undefined;
  const shown = flags.reveal ? event : masked(event);
  const told = { event: shown, ...(verification && { verification }), windowChecked: flags.window, masked: !flags.reveal };
  answer(world, told, () => inWords(world, shown, verification, flags.reveal === true));
  if (!flags.window) {
    remark(world, {
      zh: '没有检查时间：这条推送是不是被人重放的，这里看不出来',
      en: 'its time was not checked: whether somebody sent it again cannot be seen here',
    });
  }
  if (!flags.reveal) remark(world, MASKED);
}

/** The three values, from the address or one by one. */
function queryOf(flags: Flags): { msgSignature: string; timestamp: string; nonce: string } {
  const inUrl = flags.url === undefined ? new URLSearchParams() : searchOf(flags.url);
  const taken = (given: string | undefined, name: string, option: string): string => {
    const value = given ?? inUrl.get(name);
    if (value) return value;
    throw new UsageError(option, {
      zh: `缺少 ${name}：它在推送地址的查询参数里，用 --url 给整个地址，或用 ${option}`,
      en: `${name} is missing: it is in the query of the push’s address. Give all of it as --url, or ${option}`,
    });
  };
  return {
    msgSignature: taken(flags.msgSignature, 'msg_signature', '--msg-signature'),
    timestamp: taken(flags.timestamp, 'timestamp', '--timestamp'),
    nonce: taken(flags.nonce, 'nonce', '--nonce'),
  };
}

/** A whole address, a path, or the query alone; with what pages of HTML make of `&`, and of `&times`. */
function searchOf(url: string): URLSearchParams {
  const plain = url.replace(/&amp;/g, '&').replace(/×tamp/g, '&timestamp');
  return new URLSearchParams(plain.slice(plain.indexOf('?') + 1).replace(/#.*$/, ''));
}

function channelOf(world: World, flags: Flags): ReturnType<typeof openPushChannel> {
  const names: Record<string, string> = {};
  const taken = (
    field: string,
    option: string,
    given: string | undefined,
    name: keyof typeof ENVIRONMENT,
  ): string | undefined => {
    const inEnvironment = given === undefined ? fromEnvironment(world, name) : undefined;
    names[field] = inEnvironment === undefined ? option : ENVIRONMENT[name];
    return given ?? inEnvironment;
  };
  const needed = (
    field: string,
    option: string,
    given: string | undefined,
    name: keyof typeof ENVIRONMENT,
    what: Text,
  ): string => {
    const value = taken(field, option, given, name);
    if (value !== undefined) return value;
    throw new UsageError(option, {
      zh: `缺少${what.zh}：也可以设置 ${ENVIRONMENT[name]}`,
      en: `${what.en} is missing; ${ENVIRONMENT[name]} can hold it too`,
    });
  };
  const token = needed('token', '--token', flags.token, 'pushToken', { zh: '消息校验Token', en: '消息校验Token' });
  const encodingAesKey = needed('encodingAesKey', '--key', flags.key, 'encodingAesKey', {
    zh: '消息加解密Key',
    en: '消息加解密Key (EncodingAESKey)',
  });
  const appId = needed('appId', '--app-id', flags.appId, 'componentAppId', {
    zh: '第三方平台的 AppID',
    en: 'the platform’s app id',
  });
  const previous = taken('previousEncodingAesKey', '--previous-key', flags.previousKey, 'previousEncodingAesKey');
  return named(names, () =>
    openPushChannel({ token, encodingAesKey, appId, ...(previous !== undefined && { previousEncodingAesKey: previous }) }),
  );
}

/** What `console.log` shows of an event: the library says which fields are people's. */
function masked(event: PushEvent): PushEvent {
  const inspect = (event as PushEvent & { [INSPECT]?: () => PushEvent })[INSPECT];
  if (inspect === undefined) throw new Error('an event has lost its mask');
  return inspect();
}

const INSPECT = Symbol.for('nodejs.util.inspect.custom');

function inWords(world: World, event: PushEvent, verification: BetaVerification | undefined, reveal: boolean): string {
  const value = (of: unknown): string | undefined =>
    of === undefined ? undefined : typeof of === 'object' ? JSON.stringify(of, null, 2) : String(of);
  const rows = fields(world, [
    [{ zh: 'InfoType', en: 'InfoType' }, event.infoType],
    [{ zh: '第三方平台', en: 'platform' }, event.componentAppId],
    [{ zh: '小程序', en: 'mini program' }, event.appId],
    [{ zh: '时间', en: 'made' }, event.createTime === undefined ? undefined : date(event.createTime)],
    [{ zh: 'status', en: 'status' }, event.status],
    [{ zh: 'msg', en: 'msg' }, value(event.msg)],
    [{ zh: 'info', en: 'info' }, value(event.info)],
    [{ zh: 'ticket', en: 'ticket' }, value(event.componentVerifyTicket)],
    [{ zh: '授权码', en: 'authorization code' }, value(event.authorizationCode)],
    // The fields above are in it once more; events that nobody knows have nothing else.
    [{ zh: '全部字段', en: 'all fields' }, reveal ? value(event.fields) : undefined],
  ]);
  if (verification === undefined) return rows;
  const { bold } = paint(world);
  const { state, mayCallAgain, notBefore, advice } = verification;
  const stands = fields(world, [
    [{ zh: '进度', en: 'state' }, state],
    [
      { zh: '现在可以再次调用', en: 'may be called again now' },
      say(world, mayCallAgain ? { zh: '可以', en: 'yes' } : { zh: '不可以', en: 'no' }),
    ],
    [{ zh: '最早', en: 'not before' }, notBefore === undefined ? undefined : date(notBefore)],
  ]);
  return `${rows}\n\n${stands}\n${bold(printable(say(world, advice)))}`;
}
