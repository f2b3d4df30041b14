// `doctor`: what is wrong with a set-up, before a call finds out.
import { Option, type Command } from 'commander';

import { examine, variablesOf, type Examined, type Given } from '../doctor';
import { extras } from '../extras';
import type { Diagnosis, DoctorCheck, DoctorFinding } from '../generated/doctor_types';
import { explain, openMerchant, operations } from '../index_node';
import { isContent, p12Alone, passwordIn } from './merchant_files';
import { answer, paint, padded, printable, say, width } from './output';
import { ENVIRONMENT, UsageError, textOf, type Text, type World } from './world';

interface Flags {
  readonly appId?: string;
  readonly mchId?: string;
  readonly key?: string;
  readonly cert?: string;
  readonly p12?: string;
  readonly password?: string;
  readonly passwordFile?: string;
  readonly serial?: string;
  readonly otherCert?: string;
  readonly componentAppId?: string;
  readonly pushUrl?: string;
  readonly push?: string;
  readonly request?: string;
  readonly authToken?: string;
  readonly code?: string;
  readonly text?: readonly string[];
  readonly dotenv?: string;
  readonly envFile?: string;
  readonly baseUrl?: string;
  readonly trustHost?: readonly string[];
  readonly timeout?: string;
  readonly offline?: boolean;
}

export function doctor(program: Command, world: World): void {
  const text = (zh: string, en: string): string => say(world, { zh, en });
  program
    .command('doctor')
    .description(
      text(
        '调用之前找出配置里的错误：原因、影响、怎么改',
        'find what is wrong with a set-up before a call does: what, why, and how to mend it',
      ),
    )
    .option('--dotenv <file>', text('从 .env 文件读取下列变量', 'read the variables below from a .env file'))
    // Node takes an option of this name for its own, wherever it stands: a file that is missing ends it without a word of ours.
    .addOption(new Option('--env-file <file>').hideHelp())
    .option('--app-id <appid>', text('小程序的 AppID（或 APP_ID）', 'the mini program’s app id (or APP_ID)'))
    .option('--key <file>', text('商户私钥 apiclient_key.pem（或 MCH_KEY）', 'the merchant’s key, apiclient_key.pem (or MCH_KEY)'))
    .option('--cert <file>', text('商户API证书 apiclient_cert.pem（或 MCH_CERT）', 'its certificate, apiclient_cert.pem (or MCH_CERT)'))
    .option('--p12 <file>', text('代替两者的 apiclient_cert.p12（或 MCH_P12）', 'in the place of both, apiclient_cert.p12 (or MCH_P12)'))
    .option(
      '--password-file <file>',
      text('密码文件，用于加密的私钥或 p12（或 MCH_PASSWORD）', 'file with the password of an encrypted key or a p12 (or MCH_PASSWORD)'),
    )
    .option('--password <text>', text('同上，但密码会出现在进程列表里', 'the same, seen in process lists'))
    .option('--mch-id <number>', text('商户号（或 MCH_ID）', 'the merchant number (or MCH_ID)'))
    .option('--serial <number>', text('配置的证书序列号（或 CERT_SERIAL_NO）', 'the serial number as it is configured (or CERT_SERIAL_NO)'))
    .option(
      '--other-cert <file>',
      text(
        '另一张证书，例如微信支付平台证书：看序列号是不是它的',
        'another certificate, such as WeChat Pay’s platform certificate: whether the serial number is its own',
      ),
    )
    .option(
      '--request <file>',
      text(
        '一个发出过的请求体（getrealnameinfo 或 checkrealnameinfo）',
        'the body of a request as it was sent (getrealnameinfo or checkrealnameinfo)',
      ),
    )
    .option('--auth-token <text>', text('按钮给的 auth_token：只看格式', 'an auth_token from the button: its form alone'))
    .option('--code <text>', text('同意页给的 code：只看格式', 'a code from the consent page: its form alone'))
    .option(
      '--component-app-id <appid>',
      text('第三方平台的 AppID（或 COMPONENT_APP_ID）', 'the third-party platform’s app id (or COMPONENT_APP_ID)'),
    )
    .option(
      '--push-url <url>',
      text('后台里配置的授权事件接收URL', 'the authorization event receiving URL (授权事件接收URL) as the console has it'),
    )
    .option('--push <file>', text('一条收到的推送的请求体', 'the body of a push as it arrived'))
    .option(
      '--text <file...>',
      text('要查找 ×tamp 的文件：源代码、被签名的字符串', 'files to look through for ×tamp: sources, a string that was signed'),
    )
    .option(
      '--base-url <url>',
      text('微信以外的地址，例如沙箱（或 WECHAT_BASE_URL）', 'another address than WeChat’s, such as a sandbox’s (or WECHAT_BASE_URL)'),
    )
    .option('--trust-host <host...>', text('自己的网关的域名', 'the name of a gateway of your own'))
    .option('--timeout <seconds>', text('每次调用最多等几秒，默认 10', 'how many seconds a call may take; default 10'))
    .option('--offline', text('不联网', 'make no call'))
    .addHelpText('after', () => `\n${say(world, AFTER)}`)
    .action(async (flags: Flags) => run(world, flags));
}

const AFTER: Text = {
  zh: `示例：
  $ wechat-realname doctor --mch-id 1900006511 --key apiclient_key.pem --cert apiclient_cert.pem --offline
  $ wechat-realname doctor --dotenv .env
  $ wechat-realname doctor --offline --cert apiclient_cert.pem --request request.json

只放在环境变量或 --dotenv 里的：APP_SECRET、ACCESS_TOKEN、COMPONENT_APP_SECRET、PUSH_TOKEN、ENCODING_AES_KEY、
PREVIOUS_ENCODING_AES_KEY。

会发出的调用，除此之外没有别的：
  POST /cgi-bin/stable_token   有 AppID 和 AppSecret 时；普通模式，从不 force_refresh，不影响正在使用的令牌
  GET  /wxa/get_category       有令牌时；只读
不会用掉用户的 code 或 auth_token。--offline 一个也不发。

退出码：0 没有错误（可能有提醒）；1 有错误；2 用法有误；3 只有“连不上”这一个错误。`,
  en: `Examples:
  $ wechat-realname doctor --mch-id 1900006511 --key apiclient_key.pem --cert apiclient_cert.pem --offline
  $ wechat-realname doctor --dotenv .env
  $ wechat-realname doctor --offline --cert apiclient_cert.pem --request request.json

Taken from the environment or --dotenv alone: APP_SECRET, ACCESS_TOKEN, COMPONENT_APP_SECRET, PUSH_TOKEN,
ENCODING_AES_KEY, PREVIOUS_ENCODING_AES_KEY.

The calls that are made, and no others:
  POST /cgi-bin/stable_token   with app id and secret; a plain one, never force_refresh: tokens in use stay good
  GET  /wxa/get_category       with a token; it only reads
No code or auth_token of a user is used up. --offline makes neither.

Exit codes: 0 no errors (there may be warnings); 1 errors; 2 wrong use; 3 the only error is that nothing can be reached.`,
};

async function run(world: World, flags: Flags): Promise<void> {
  const { given, names } = await read(world, flags);
  const timeoutMs = 1000 * Number(flags.timeout ?? 10);
  if (!(timeoutMs > 0 && timeoutMs <= 600_000)) {
    throw new UsageError('--timeout', { zh: '应为 600 以内的秒数', en: 'must be seconds, 600 at most' });
  }
  const nothing = Object.keys(given).every((name) => name === 'baseUrl' || name === 'trustedHosts');
  if (nothing) throw new UsageError(undefined, NOTHING_GIVEN);
  const examined = await examineHere(world, given, { env: world.env, offline: flags.offline === true, timeoutMs });
  const { findings, checks, calls } = examined;
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) world.exit(errors.every(({ id }) => id === 'UNREACHABLE') ? 3 : 1);
  answer(world, { healthy: errors.length === 0, findings, checks, calls }, () => told(world, examined, names, flags.offline === true));
}

const NOTHING_GIVEN: Text = {
  zh: '没有可检查的内容：请给出 --app-id、--key 和 --cert、--request 等，或用 --dotenv 指定 .env；--help 有全部选项',
  en: 'there is nothing to examine: give --app-id, --key and --cert, --request and so on, or a .env with --dotenv; --help has them all',
};

function examineHere(world: World, given: Given, around: Parameters<typeof examine>[1]): Promise<Examined> {
  if (!('WebAssembly' in globalThis)) return Promise.resolve({ findings: [NO_WEBASSEMBLY], checks: [], calls: [] });
  return examine(given, around, {
    diagnose: (evidence) => extras.run((core) => core.diagnose(evidence) as Diagnosis),
    open: (files) => openMerchant(files).close(),
    stableToken: (params, context) => operations.getStableAccessToken(params, context),
    category: (context) => operations.getCategory({}, context),
    explain,
    now: world.now,
  });
}

/** The only rule that cannot be in Rust. */
const NO_WEBASSEMBLY: DoctorFinding = {
  id: 'WEBASSEMBLY_OFF',
  severity: 'error',
  certainty: 'certain',
  what: { zh: '这个进程里没有 WebAssembly。', en: 'this process has no WebAssembly.' },
  why: { zh: '本库的核心是 WebAssembly，没有它什么也做不了。', en: 'the core of this library is WebAssembly: without it nothing works.' },
  how: {
    zh: '去掉 node --jitless（或 NODE_OPTIONS 里的它），或换一个允许 WebAssembly 的运行环境。',
    en: 'take --jitless away (from the command or NODE_OPTIONS), or use a runtime that allows WebAssembly.',
  },
};

/** The evidence by its names, and what the user typed for each. */
async function read(world: World, flags: Flags): Promise<{ given: Given; names: Readonly<Record<string, string>> }> {
  const path = flags.dotenv ?? flags.envFile;
  const file = path === undefined ? undefined : textOf(await world.read(path, '--dotenv'));
  const inFile = file === undefined ? {} : variablesOf(file);
  const known: readonly string[] = Object.values(ENVIRONMENT);
  if (file !== undefined && !Object.keys(inFile).some((name) => known.includes(name))) {
    throw new UsageError('--dotenv', {
      zh: `里面没有这里认识的变量，应为 ${known.slice(0, 6).join('、')} 等，一行一个 名称=值`,
      en: `holds no variable that is known here: ${known.slice(0, 6).join(', ')} …, NAME=value on a line each`,
    });
  }
  const env = { ...world.env, ...inFile };
  const names: Record<string, string> = {};
  const given: Record<string, unknown> = {};
  const take = (name: string, option: string, value: unknown): void => {
    if (value === undefined) return;
    given[name] = value;
    names[name] = option;
  };
  /** As it stands there: white space around a value is one of the mistakes. */
  const variable = (name: keyof typeof ENVIRONMENT): string | undefined => (env[ENVIRONMENT[name]]?.trim() ? env[ENVIRONMENT[name]] : undefined);
  const setting = (name: keyof typeof ENVIRONMENT, option?: string, typed?: string): void => {
    if (typed !== undefined && option !== undefined) take(name, option, typed);
    else take(name, ENVIRONMENT[name], variable(name));
  };
  setting('appId', '--app-id', flags.appId);
  setting('appSecret');
  setting('accessToken');
  setting('baseUrl', '--base-url', flags.baseUrl);
  setting('mchId', '--mch-id', flags.mchId);
  setting('certSerialNo', '--serial', flags.serial);
  setting('componentAppId', '--component-app-id', flags.componentAppId);
  setting('componentAppSecret');
  setting('pushToken');
  setting('encodingAesKey');
  setting('previousEncodingAesKey');
  take('authToken', '--auth-token', flags.authToken);
  take('code', '--code', flags.code);
  take('pushUrl', '--push-url', flags.pushUrl);
  take('trustedHosts', '--trust-host', flags.trustHost);

  p12Alone(flags);
  const fileOf = async (name: 'privateKey' | 'certificate' | 'p12', option: string, typed: string | undefined): Promise<void> => {
    const inEnvironment = variable(name)?.trim();
    if (typed !== undefined) take(name, option, await world.read(typed, option));
    else if (inEnvironment === undefined) return;
    else if (isContent(inEnvironment)) take(name, ENVIRONMENT[name], inEnvironment);
    else take(name, ENVIRONMENT[name], await world.read(inEnvironment, ENVIRONMENT[name]));
  };
  const pem = flags.key !== undefined || flags.cert !== undefined;
  if (!pem) await fileOf('p12', '--p12', flags.p12);
  if (given.p12 === undefined) {
    await fileOf('privateKey', '--key', flags.key);
    await fileOf('certificate', '--cert', flags.cert);
  }
  if (flags.password !== undefined) take('password', '--password', flags.password);
  else if (flags.passwordFile !== undefined) take('password', '--password-file', await passwordIn(world, flags.passwordFile));
  else take('password', ENVIRONMENT.password, variable('password'));
  const { otherCert } = flags;
  if (otherCert !== undefined) take('otherCertificate', '--other-cert', await world.read(otherCert, '--other-cert'));
  for (const name of ['request', 'push'] as const) {
    const path = flags[name];
    if (path !== undefined) take(name, `--${name}`, textOf(await world.read(path, `--${name}`)));
  }
  const texts = file === undefined ? [] : [{ name: '--dotenv', text: file }];
  for (const [index, path] of (flags.text ?? []).entries()) {
    texts.push({ name: `--text ${index + 1}`, text: textOf(await world.read(path, '--text')) });
  }
  if (texts.length > 0) take('texts', '--text', texts);
  return { given, names };
}

/** What an option is called for evidence that is not there. */
const OPTIONS: Readonly<Record<string, string>> = {
  appId: '--app-id',
  appSecret: 'APP_SECRET',
  accessToken: 'APP_SECRET | ACCESS_TOKEN',
  mchId: '--mch-id',
  privateKey: '--key | --p12',
  certificate: '--cert | --p12',
  certSerialNo: '--cert | --serial',
  request: '--request',
  componentAppId: '--component-app-id',
  pushToken: 'PUSH_TOKEN',
  encodingAesKey: 'ENCODING_AES_KEY',
  pushUrl: '--push-url',
  push: '--push',
  texts: '--text',
};

type Names = Readonly<Record<string, string>>;

function told(world: World, { findings, checks, calls }: Examined, names: Names, offline: boolean): string {
  const { bold, green, dim } = paint(world);
  const text = (zh: string, en: string): string => say(world, { zh, en });
  const lines = findings.flatMap((finding) => [...entry(world, finding, names), '']);
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const rest = findings.length - errors;
  if (findings.length === 0) lines.push(green(text('没有发现问题。', 'Nothing is wrong.')));
  else {
    const en = `${errors} ${errors === 1 ? 'error' : 'errors'}, ${rest} ${rest === 1 ? 'remark' : 'remarks'}.`;
    lines.push(bold(text(`${errors} 个错误，${rest} 个提醒。`, en)));
  }
  const done = checks.filter((check) => check.done);
  if (done.length > 0) lines.push('', bold(text('检查过：', 'Checked:')), ...done.map(({ what }) => `  ${say(world, what)}`));
  const open = checks.filter((check) => !check.done);
  if (open.length > 0) lines.push('', bold(text('没有检查：', 'Not checked:')), ...unchecked(world, open, offline ? 'offline' : errors > 0 ? 'errors' : 'nothing'));
  const made = calls.map(({ of }) => (of === 'getCategory' ? 'get_category' : 'stable_token'));
  const said = made.length === 0 ? text('没有发出任何调用。', 'No call was made.') : text('发出的调用：', 'Calls made: ');
  lines.push('', dim(`${said}${made.join(', ')}`));
  return lines.join('\n');
}

function entry(world: World, { severity, certainty, id, field, what, why, how }: DoctorFinding, names: Names): string[] {
  const { red, yellow, bold, dim } = paint(world);
  const mark = severity === 'error' ? red('✗') : severity === 'warning' ? yellow('!') : dim('i');
  const guess = certainty === 'likely' ? dim(say(world, { zh: '（推测）', en: ' (a guess)' })) : '';
  const label = (zh: string, en: string): string => dim(say(world, { zh, en }));
  const typed = field === undefined ? '' : dim(` ${names[field] ?? field}`);
  return [
    `${mark} ${bold(printable(inTheirWords(say(world, what), names)))}${guess}`,
    `  ${dim(id)}${typed}`,
    `  ${label('影响：', 'why: ')}${say(world, why)}`,
    `  ${label('怎么办：', 'what to do: ')}${printable(inTheirWords(say(world, how), names))}`,
  ];
}

/** The library's names, where they are no words of a sentence, as the user typed them: `privateKey` is `--key`. */
function inTheirWords(sentence: string, names: Names): string {
  let text = sentence;
  for (const [name, option] of Object.entries(names)) {
    if (/[A-Z]/.test(name)) text = text.replace(new RegExp(`\\b${name}\\b`, 'g'), option);
  }
  return text;
}

/** Why there was no call that would have shown it. */
const NO_CALL = {
  offline: { zh: '去掉 --offline', en: 'without --offline' },
  errors: { zh: '先改正上面的错误', en: 'once the errors above are mended' },
  nothing: { zh: 'APP_SECRET | ACCESS_TOKEN', en: 'APP_SECRET | ACCESS_TOKEN' },
};

function unchecked(world: World, open: readonly DoctorCheck[], because: keyof typeof NO_CALL): string[] {
  const texts = open.map(({ what }) => say(world, what));
  const widest = Math.max(0, ...open.map(({ needs }, index) => (needs.length > 0 ? width(texts[index] ?? '') : 0)));
  const { dim } = paint(world);
  const network = say(world, NO_CALL[because]);
  return open.map(({ needs }, index) => {
    const what = texts[index] ?? '';
    const given = needs.map((name) => (name === 'network' ? network : (OPTIONS[name] ?? name)));
    return needs.length === 0 ? `  ${what}` : `  ${padded(what, widest)}  ${dim(given.join(', '))}`;
  });
}
