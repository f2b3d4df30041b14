// What the commands see of the outside: environment, files, standard input, two streams, the time. Nothing else in this folder
// reads `process`, so that a test can be the outside.
import { createReadStream } from 'node:fs';

/** The languages of every text for people. */
export type Language = 'zh' | 'en';

/** A text for people, in both. */
export interface Text {
  readonly zh: string;
  readonly en: string;
}

/** 0: done, nothing wrong. 1: the answer is "no", or there are findings. 2: wrong use. 3: it could not be done. */
export type ExitCode = 0 | 1 | 2 | 3;

export interface World {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `--lang`, else WECHAT_REALNAME_LANG, else LC_ALL, LC_MESSAGES or LANG, else the system's. */
  readonly language: Language;
  /** `--json`: one document on standard output, and nothing else there. */
  readonly json: boolean;
  /** Whether colours may be written: a terminal, and neither NO_COLOR nor `--no-color`; or FORCE_COLOR. */
  readonly colour: { readonly stdout: boolean; readonly stderr: boolean };
  /**
   * The bytes of a file; `-` is standard input, once. What cannot be read is a `UsageError` that names the option and not
   * the path: people paste a key where its path belongs.
   */
  read(file: string, option: string): Promise<Uint8Array>;
  out(text: string): void;
  err(text: string): void;
  /** Seconds since 1970-01-01 UTC. */
  now(): number;
  /** What the process ends with. The highest that was said counts. */
  exit(code: ExitCode): void;
  /** Resolves with Ctrl+C or a supervisor's SIGTERM, from now on; the next one ends the process the hard way. */
  stopped(): Promise<void>;
}

/** The user's mistake: told with the option's name, and with exit code 2. */
export class UsageError extends Error {
  /** `option` as it is typed: `--key`. */
  constructor(
    readonly option: string | undefined,
    readonly text: Text,
  ) {
    super(text.en);
    this.name = 'UsageError';
  }
}

/** The environment's names, the same as in the guides and examples. */
export const ENVIRONMENT = {
  appId: 'APP_ID',
  appSecret: 'APP_SECRET',
  accessToken: 'ACCESS_TOKEN',
  mchId: 'MCH_ID',
  /** The path of the file, or its text. */
  privateKey: 'MCH_KEY',
  /** The path of the file, or its text. */
  certificate: 'MCH_CERT',
  /** The path of the file, or base64 of it. */
  p12: 'MCH_P12',
  password: 'MCH_PASSWORD',
  certSerialNo: 'CERT_SERIAL_NO',
  componentAppId: 'COMPONENT_APP_ID',
  componentAppSecret: 'COMPONENT_APP_SECRET',
  pushToken: 'PUSH_TOKEN',
  encodingAesKey: 'ENCODING_AES_KEY',
  previousEncodingAesKey: 'PREVIOUS_ENCODING_AES_KEY',
  baseUrl: 'WECHAT_BASE_URL',
  /** A hospital's, for patients' names: its text. */
  medicalKey: 'MEDICAL_KEY',
} as const;

/** A variable of the environment; an empty one counts as absent. */
export function fromEnvironment(world: World, name: keyof typeof ENVIRONMENT): string | undefined {
  return world.env[ENVIRONMENT[name]]?.trim() || undefined;
}

/** As much of `process` as a world is made of. */
export interface Machine {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: AsyncIterable<unknown> & { readonly isTTY?: boolean };
  readonly stdout: { write(text: string): unknown; readonly isTTY?: boolean };
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean };
  exitCode?: number | string | null | undefined;
  once(signal: Signal, heard: () => void): unknown;
  removeListener(signal: Signal, heard: () => void): unknown;
}

type Signal = 'SIGINT' | 'SIGTERM';
const SIGNALS: readonly Signal[] = ['SIGINT', 'SIGTERM'];

/** More than any file or reply that these commands take. */
const LONGEST = 4 * 1024 * 1024;

/** The outside, as `process` has it. `argv` is looked at before the parser does: help and its mistakes have a language too. */
export function worldOf(machine: Machine): World {
  const { env, stdin, stdout, stderr } = machine;
  const words = beforeEnd(machine.argv.slice(2));
  const language = languageOf(words, env);
  const colourful = (stream: { readonly isTTY?: boolean }): boolean => {
    if (words.includes('--no-color') || env.NO_COLOR) return false;
    if (env.FORCE_COLOR !== undefined) return !['0', 'false'].includes(env.FORCE_COLOR);
    return stream.isTTY === true && env.TERM !== 'dumb';
  };
  let taken: string | undefined;
  return {
    env,
    language,
    json: words.includes('--json'),
    colour: { stdout: colourful(stdout), stderr: colourful(stderr) },
    async read(file, option) {
      if (file !== '-') return readAll(createReadStream(file), option);
      if (taken !== undefined) throw onlyOnce(option, taken);
      taken = option;
      if (stdin.isTTY) {
        const hint = {
          zh: `${option}：请输入内容，以 Ctrl-D 结束（Windows 为 Ctrl-Z 加回车）：`,
          en: `${option}: type or paste it, and end with Ctrl-D (on Windows Ctrl-Z and Enter):`,
        };
        stderr.write(`${hint[language]}\n`);
      }
      return readAll(stdin, option);
    },
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    now: () => Math.floor(Date.now() / 1000),
    exit(code) {
      if (code > Number(machine.exitCode ?? 0)) machine.exitCode = code;
    },
    stopped: () =>
      new Promise((resolve) => {
        const heard = (): void => {
          for (const signal of SIGNALS) machine.removeListener(signal, heard);
          resolve();
        };
        for (const signal of SIGNALS) machine.once(signal, heard);
      }),
  };
}

/** Bytes as text: a byte order mark is taken off, and what PowerShell redirects into files is UTF-16. */
export function textOf(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const utf16 = first === 0xff && second === 0xfe;
  return Buffer.from(bytes)
    .toString(utf16 ? 'utf16le' : 'utf8')
    .replace(/^\uFEFF/, '');
}

/** What comes after `--` is no option. */
function beforeEnd(words: readonly string[]): readonly string[] {
  const end = words.indexOf('--');
  return end < 0 ? words : words.slice(0, end);
}

function languageOf(words: readonly string[], env: World['env']): Language {
  const at = words.indexOf('--lang');
  const given = at < 0 ? words.find((word) => word.startsWith('--lang='))?.slice(7) : words[at + 1];
  const named = given || env.WECHAT_REALNAME_LANG || env.LC_ALL || env.LC_MESSAGES || env.LANG;
  // Windows has none of these variables.
  return /^zh/i.test(named || Intl.DateTimeFormat().resolvedOptions().locale) ? 'zh' : 'en';
}

/** Piece by piece: what never ends (a device) is cut off, and has no size to ask for. */
async function readAll(pieces: AsyncIterable<unknown>, option: string): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of pieces) {
      const bytes = Buffer.from(chunk as Uint8Array);
      length += bytes.length;
      if (length > LONGEST) throw tooLong(option);
      chunks.push(bytes);
    }
  } catch (error) {
    throw error instanceof UsageError ? error : unreadable(option, (error as { code?: unknown }).code);
  }
  return Buffer.concat(chunks);
}

const UNREADABLE: Readonly<Record<string, Text>> = {
  ENOENT: {
    zh: '没有这个文件。相对路径从当前目录算起；这里要填文件的路径，不是文件的内容',
    en: 'there is no such file. A relative path counts from the folder you are in, and it must be the path, not the content',
  },
  EACCES: { zh: '没有读取这个文件的权限', en: 'you are not allowed to read this file' },
  EISDIR: { zh: '这是一个目录，不是文件', en: 'this is a folder, not a file' },
};

function unreadable(option: string, code: unknown): UsageError {
  const known = typeof code === 'string' ? UNREADABLE[code] : undefined;
  const named = /^E[A-Z]+$/.test(String(code)) ? ` (${String(code)})` : '';
  return new UsageError(option, known ?? { zh: `读不了这个文件${named}`, en: `this file cannot be read${named}` });
}

const tooLong = (option: string): UsageError =>
  new UsageError(option, { zh: '超过 4 MiB，不会是这里要的内容', en: 'is longer than 4 MiB: not what belongs here' });

const onlyOnce = (option: string, taken: string): UsageError =>
  new UsageError(option, {
    zh: `标准输入只能读一次，已经给了 ${taken}：其中一个请改用文件`,
    en: `standard input can be read once, and ${taken} took it: give one of the two as a file`,
  });
