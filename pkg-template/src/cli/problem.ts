// What went wrong, as a person wants to read it: what, why, what to do. Or as JSON. Never a stack, and never a value.
import { RealNameError } from '../error';
import { extras } from '../extras';
import { explain, type ErrorCode } from '../index_node';
import { paint, printable, say } from './output';
import { UsageError, type ExitCode, type Text, type World } from './world';

/** The library's names of what was given → what the user typed: `privateKey` → `--key`, or MCH_KEY. */
export type Names = Readonly<Record<string, string | undefined>>;

const typedAs = new WeakMap<RealNameError, Names>();

/** Does something with the library, whose errors are told with the options' names. */
export function named<T>(names: Names, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof RealNameError) typedAs.set(error, names);
    throw error;
  }
}

interface Problem {
  readonly code: string;
  readonly field?: string;
  readonly message: string;
  readonly more?: Readonly<Record<string, unknown>>;
  /** In words, where the message alone is not what a user wants. */
  readonly title: Text;
  readonly remedy?: Text;
  readonly exit: ExitCode;
}

/** Tells of an error, and sets the exit code. */
export function tell(world: World, error: unknown): void {
  const { code, field, message, more, title, remedy, exit } = problemOf(world, error);
  world.exit(exit);
  if (world.json) {
    world.out(`${JSON.stringify({ error: { code, ...(field && { field }), message, ...more } }, null, 2)}\n`);
    return;
  }
  const { red, dim } = paint(world, 'stderr');
  const label = say(world, { zh: '错误：', en: 'error: ' });
  const lines = [`${red(label)}${printable(say(world, title))} ${code === 'USAGE' ? '' : dim(`[${code}]`)}`.trimEnd()];
  if (remedy) lines.push(`  ${dim(say(world, { zh: '怎么办：', en: 'what to do: ' }))}${say(world, remedy)}`);
  world.err(`${lines.join('\n')}\n`);
}

function problemOf(world: World, error: unknown): Problem {
  if (error instanceof UsageError) {
    const { option, text } = error;
    const title = option === undefined ? text : { zh: `${option}：${text.zh}`, en: `${option}: ${text.en}` };
    return { code: 'USAGE', ...(option && { field: option }), message: say(world, title), title, exit: 2 };
  }
  if (error instanceof RealNameError) return ofLibrary(error);
  // The kind of it alone: a message of somebody else's may hold anything.
  const kind = error instanceof Error && /^[A-Z][A-Za-z]{2,30}$/.test(error.name) ? ` (${error.name})` : '';
  return { ...INTERNAL, title: { zh: INTERNAL.title.zh + kind, en: INTERNAL.title.en + kind } };
}

function ofLibrary(error: RealNameError): Problem {
  const names = typedAs.get(error) ?? {};
  const { code, errcode, errmsg, rid, action, operation, retryAfterSeconds, ip } = error;
  const field = error.field === undefined ? undefined : (names[error.field] ?? error.field);
  const message = inWordsOf(names, error, field);
  const { what, remedy, exit } = /into a patient/.test(message) ? NO_PATIENT : BY_CODE[code];
  const found = REMEDIES.find(([part]) => part.test(message))?.[1];
  // The catalogue has what WeChat's number means in both languages.
  const meant = errcode === undefined || operation === undefined ? undefined : explain(operation, errcode);
  // The English sentence has it already; WeChat's support asks for it.
  const support = rid === undefined ? '' : `（rid ${rid}）`;
  return {
    code,
    ...(field && { field }),
    message,
    more: { operation, errcode, errmsg, rid, action, retryAfterSeconds, ip },
    title: {
      zh: meant ? `${what}，错误码 ${errcode}：${meant.meaning.zh}${support}` : inChinese(names, error, what),
      en: message,
    },
    remedy: meant?.remedy ?? found ?? remedy,
    exit,
  };
}

/** The library's sentence with what the user typed in the place of its own names. */
function inWordsOf(names: Names, { message, field }: Pick<RealNameError, 'message' | 'field'>, typed: string | undefined): string {
  const prefixed = field !== undefined && message.startsWith(`${field}: `);
  let text = prefixed ? `${typed}: ${message.slice(field.length + 2)}` : message;
  for (const [name, option] of Object.entries(names)) {
    // Names in camelCase are no words of a sentence; the others are.
    if (option && /[A-Z]/.test(name)) text = text.replace(new RegExp(`\\b${name}\\b`, 'g'), option);
  }
  return text;
}

/** The same in Chinese: what it is about, and the core's reason. */
function inChinese(names: Names, { code, field, message }: RealNameError, what: string): string {
  // Their English says in one long sentence what `what` and the remedy say.
  if (CONSTANT.includes(code)) return what;
  const reason = extras.run((core) => core.inChinese(message));
  if (reason === message) return `${what}。详情：${inWordsOf(names, { message, ...(field && { field }) }, field && (names[field] ?? field))}`;
  const about = field ?? Object.keys(names).find((name) => message.startsWith(name));
  return about === undefined ? reason : `${names[about] ?? about}：${reason}`;
}

const CONSTANT: readonly ErrorCode[] = ['CLOSED', 'DECRYPTION_FAILED', 'INTERNAL', 'INVALID_SIGNATURE', 'NO_ENTROPY', 'REPLAYED'];

/** Parts of messages → their remedy, where it is another than their code's. */
const REMEDIES: readonly (readonly [RegExp, Text])[] = [
  [
    /does not open with the merchant number/,
    {
      zh: '先核对商户号（--mch-id）：p12 的密码默认就是它。改过密码的，用 --password-file 给出',
      en: 'see that --mch-id is right: it is the password of a p12, unless that was changed. Another one is given with --password-file',
    },
  ],
  [
    /hand in its password/,
    {
      zh: '把密码存成文件，用 --password-file 给出，或设置 MCH_PASSWORD',
      en: 'put the password into a file and give it as --password-file, or set MCH_PASSWORD',
    },
  ],
  [
    /is not the one of this/,
    { zh: '核对 --password-file 或 MCH_PASSWORD 里的密码', en: 'look at the password in --password-file or MCH_PASSWORD' },
  ],
  [
    /^the (?:XML|body) /,
    {
      zh: '把推送的请求体原样存下来再试：加密的 XML，未经解析',
      en: 'save the body of the push as it came, the encrypted XML before anything parsed it, and try again',
    },
  ],
  [
    /cipher_algorithm/,
    {
      zh: '换用本库的新版本；没有的话，请把 cipher_algorithm 的值报告给我们',
      en: 'take a newer version of this library; if there is none, report the value of cipher_algorithm to us',
    },
  ],
  [
    /is not as long as the/,
    {
      zh: '换成发起请求的那个商户号和证书的私钥（report 命令显示它的位数），再确认密文完整',
      en: 'take the key of the merchant number and certificate that made the call (report says its size), and see that the ciphertext is complete',
    },
  ],
];

const INTERNAL: Problem = {
  code: 'INTERNAL',
  message: 'a fault in wechat-realname; please report it',
  title: { zh: '这是 wechat-realname 自己的故障', en: 'a fault in wechat-realname itself' },
  remedy: {
    zh: '请附上命令（去掉密钥和个人信息）报告给我们',
    en: 'please report it, with the command and without secrets or people’s data',
  },
  exit: 3,
};

interface Known {
  /** In Chinese; the library's own sentence is English. */
  readonly what: string;
  readonly remedy: Text;
  readonly exit: ExitCode;
}

const RETRY: Text = { zh: '稍后再试；检查网络和代理', en: 'try again in a moment; look at the network and at proxies' };
const REPORT: Text = { zh: '请报告给我们', en: 'please report it' };

/** DECRYPTION_FAILED has another key behind it where the reply is a hospital's. */
const NO_PATIENT: Known = {
  what: '没有解出患者的实名信息；这里不能说得更细，否则会帮助改动密文的人',
  remedy: {
    zh: '先确认密钥是这家医院、这个环境的，并且是回复的 key_version 那一版，再确认密文完整、没有被改动',
    en: 'first see that the key is this hospital’s, of this environment and of the reply’s key_version, then that the ciphertext is complete and unchanged',
  },
  exit: 3,
};

const BY_CODE: Readonly<Record<ErrorCode, Known>> = {
  INVALID_ARGUMENT: {
    what: '参数缺失，或不可能正确',
    remedy: { zh: '改正上面的选项；--help 有示例', en: 'mend the option that is named; --help has examples' },
    exit: 2,
  },
  CONFIGURATION: {
    what: '设置缺失，或不可能正确',
    remedy: { zh: '改正上面的选项；--help 有示例', en: 'mend the option that is named; --help has examples' },
    exit: 2,
  },
  INVALID_KEY: {
    what: '密钥或证书文件不能用',
    remedy: {
      zh: '换成商户平台发的文件：apiclient_key.pem、apiclient_cert.pem 或 apiclient_cert.p12。report 命令可以看出一个文件是什么',
      en: 'take the files of the merchant platform: apiclient_key.pem, apiclient_cert.pem or apiclient_cert.p12. The command report says what a file is',
    },
    exit: 2,
  },
  KEY_MISMATCH: {
    what: '私钥、证书和序列号不是一套',
    remedy: {
      zh: '三者须出自同一个商户的同一次申请；换过证书的话，私钥和序列号都会变',
      en: 'all three must be of one merchant and one application: with a renewed certificate, key and serial number change too',
    },
    exit: 2,
  },
  DECRYPTION_FAILED: {
    what: '没有解出姓名和身份证号；这里不能说得更细，否则会泄露私钥的信息',
    remedy: {
      zh: '先确认私钥属于发起请求的那个商户号和证书（report 命令），再确认密文完整、没有被改动',
      en: 'first see that the key is of the merchant number and certificate that made the call (report), then that the ciphertexts are complete and unchanged',
    },
    exit: 3,
  },
  REJECTED: {
    what: '微信拒绝了请求',
    remedy: {
      zh: '用 explain <接口> <错误码> 看含义和处理办法',
      en: 'explain <interface> <code> has the meaning and the remedy',
    },
    exit: 3,
  },
  INVALID_SIGNATURE: {
    what: '推送的 msg_signature 不对',
    remedy: {
      zh: '对照第三方平台后台的消息校验Token；请求体要原样保存，不能经过解析或改动',
      en: 'compare the console’s 消息校验Token; the body must be as it came, not parsed or reformatted',
    },
    exit: 3,
  },
  MALFORMED_PUSH: {
    what: '不是微信的推送，或解不开',
    remedy: {
      zh: '对照消息加解密Key（换过的话，把旧的给 --previous-key）和第三方平台的 AppID',
      en: 'compare 消息加解密Key (after a change, give the old one as --previous-key) and the platform’s app id',
    },
    exit: 3,
  },
  REPLAYED: {
    what: '推送的时间不在允许范围内：旧的推送，或本机时钟不准',
    remedy: {
      zh: '抓下来的推送都是旧的：加 --no-window 不检查时间，或用 --now 指定当时的时间',
      en: 'a captured push is old: --no-window leaves its time unchecked, --now says what time it was',
    },
    exit: 3,
  },
  MALFORMED_RESPONSE: {
    what: '回复不是接口文档所说的样子',
    remedy: {
      zh: '确认给的是微信回复的完整 JSON；中间有代理时，看看它是否改动了内容',
      en: 'see that it is the whole JSON that WeChat answered with, and that no proxy changed it',
    },
    exit: 3,
  },
  HTTP_STATUS: { what: '服务器返回了错误的 HTTP 状态码', remedy: RETRY, exit: 3 },
  NETWORK: { what: '连接不上，或中途断开', remedy: RETRY, exit: 3 },
  TIMEOUT: { what: '超时没有回答', remedy: RETRY, exit: 3 },
  ABORTED: { what: '调用被中止', remedy: RETRY, exit: 3 },
  NO_ENTROPY: {
    what: '这台机器没有随机数，没有它就不使用私钥',
    remedy: { zh: '在别的机器或 Node 上运行', en: 'run it on another machine or another Node' },
    exit: 3,
  },
  CLOSED: { what: '商户已关闭', remedy: REPORT, exit: 3 },
  INTERNAL: { what: 'wechat-realname 自己的故障', remedy: REPORT, exit: 3 },
};
