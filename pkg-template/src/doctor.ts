// Gathers what the doctor is told: files are read by its caller; here are the calls, and what the machine says of itself. What
// it all means is decided in Rust.
import type { Request } from './generated/core_types';
import type { Diagnosis, DoctorFinding } from './generated/doctor_types';
import type { Explanation } from './explain';
import { withinLimit } from './limit';
import type { MerchantOptions } from './merchant';
import { sendWithNode } from './send_node';

/** What is known of a set-up, by the names of Rust's `Evidence`. All of it may be absent. */
export interface Given {
  readonly appId?: string;
  readonly appSecret?: string;
  readonly accessToken?: string;
  readonly baseUrl?: string;
  readonly trustedHosts?: readonly string[];
  readonly mchId?: string;
  readonly privateKey?: string | Uint8Array;
  readonly certificate?: string | Uint8Array;
  readonly p12?: string | Uint8Array;
  readonly password?: string;
  readonly certSerialNo?: string;
  readonly otherCertificate?: string | Uint8Array;
  readonly authToken?: string;
  readonly code?: string;
  readonly request?: string;
  readonly componentAppId?: string;
  readonly componentAppSecret?: string;
  readonly pushToken?: string;
  readonly encodingAesKey?: string;
  readonly previousEncodingAesKey?: string;
  readonly pushUrl?: string;
  readonly push?: string;
  readonly texts?: readonly { readonly name: string; readonly text: string }[];
}

/** How a call went, by the names of Rust's `Call`. */
export interface CallMade {
  readonly of: 'getStableAccessToken' | 'getCategory';
  readonly code?: string;
  readonly errcode?: number;
  readonly status?: number;
  readonly ip?: string;
  readonly categories?: number;
}

/** What of the package is used: the command line has it in files of its own. */
export interface Tools {
  diagnose(evidence: object): Diagnosis;
  /** Opens the merchant's files and closes them again. Throws a `RealNameError` where they are refused. */
  open(files: MerchantOptions): void;
  stableToken(given: { appId: string; appSecret: string }, context: Context): Prepared<{ accessToken: string }>;
  category(context: Context & { accessToken: string }): Prepared<{ categories: readonly unknown[] }>;
  explain(of: string, code: number): Explanation;
  /** Seconds since 1970-01-01 UTC. */
  now(): number;
}

interface Context {
  readonly baseUrl?: string;
  readonly trustedHosts?: readonly string[];
}

interface Prepared<Outcome> {
  readonly request: Request;
  interpret(reply: { status: number; body: Uint8Array }): Outcome;
}

export interface Examined extends Diagnosis {
  /** The calls that were made. */
  readonly calls: readonly CallMade[];
}

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** No call is made. */
  readonly offline: boolean;
  readonly timeoutMs: number;
}

/** Examines a set-up: makes at most two calls, and none of them uses anything up. */
export async function examine(given: Given, around: Surroundings, tools: Tools): Promise<Examined> {
  const refused = refusal(given, tools);
  const evidence = { ...given, ...machine(around.env), ...(refused && { refused }) };
  const before = tools.diagnose({ ...evidence, now: tools.now() });
  if (around.offline) return { ...before, calls: [] };
  const { calls, serverDate, at } = await ask(given, before.findings, around.timeoutMs, tools);
  // Files under a password cost a second each.
  if (calls.length === 0) return { ...before, calls };
  const now = at ?? tools.now();
  const explained = calls.map((call) => ({ ...call, ...wordsOf(call, tools) }));
  const diagnosis = tools.diagnose({ ...evidence, now, calls: explained, ...(serverDate !== undefined && { serverDate }) });
  return { ...diagnosis, calls };
}

/** No certificate's: for a key alone. */
const NO_SERIAL = '0'.repeat(40);

/** What `openMerchant` says against the files: it looks at all of a key, where the rules see its public half alone. */
function refusal(given: Given, tools: Tools): { field: string; reason: string } | undefined {
  const { privateKey, certificate, p12, password, certSerialNo } = given;
  // Neither a key nor a certificate depends on the number; a p12's password may.
  const mchId = /^[0-9]{1,32}$/.test(given.mchId ?? '') ? (given.mchId as string) : '0';
  const more = { ...(password !== undefined && { password }), ...(certSerialNo !== undefined && { certSerialNo }) };
  const open = (files: MerchantOptions): { field: string; reason: string } | undefined => {
    try {
      tools.open(files);
      return undefined;
    } catch (error) {
      const { code, field = 'privateKey', message = '' } = error as { code?: string; field?: string; message?: string };
      if (code === undefined || !['INVALID_ARGUMENT', 'INVALID_KEY', 'KEY_MISMATCH'].includes(code)) throw error;
      return { field, reason: message.replace(`${field}: `, '') };
    }
  };
  if (p12 !== undefined) return mchId === '0' && password === undefined ? undefined : open({ mchId, p12, ...more });
  if (privateKey === undefined) return undefined;
  const files = { mchId, privateKey, ...(certificate !== undefined && { certificate }), ...more };
  const refused = open(files);
  // That there is no certificate is no mistake in a key.
  return refused?.field === 'certSerialNo' && certSerialNo === undefined ? open({ ...files, certSerialNo: NO_SERIAL }) : refused;
}

interface Network {
  readonly calls: readonly CallMade[];
  readonly serverDate?: string | undefined;
  /** This machine's time when the first reply came. */
  readonly at?: number | undefined;
}

const NOTHING: Network = { calls: [] };

/** What the catalogue says of a refusal. */
function wordsOf({ of, errcode }: CallMade, tools: Tools): Partial<Explanation> {
  if (errcode === undefined) return {};
  const { known, meaning, remedy } = tools.explain(of, errcode);
  return known ? { meaning, remedy } : {};
}

/** The calls: `stable_token` and `get_category`. Never one that uses up a user's code. */
async function ask(given: Given, found: readonly DoctorFinding[], timeoutMs: number, tools: Tools): Promise<Network> {
  // What cannot be right is not sent: WeChat counts refusals.
  const wrong = (field: string): boolean => found.some((finding) => finding.severity === 'error' && finding.field === field);
  const { appId, appSecret, baseUrl, trustedHosts } = given;
  if (wrong('baseUrl')) return NOTHING;
  const context = { ...(baseUrl !== undefined && { baseUrl }), ...(trustedHosts !== undefined && { trustedHosts }) };
  const calls: CallMade[] = [];
  let serverDate: string | undefined;
  let at: number | undefined;
  const make = async <Outcome>(of: CallMade['of'], prepare: () => Prepared<Outcome>, more: (outcome: Outcome) => object) => {
    try {
      const { request, interpret } = prepare();
      const reply = await withinLimit(of, timeoutMs, undefined, ({ signal }) => sendWithNode(request, signal));
      if (serverDate === undefined && reply.date !== undefined) [serverDate, at] = [reply.date, tools.now()];
      const outcome = interpret(reply);
      calls.push({ of, ...more(outcome) });
      return outcome;
    } catch (error) {
      calls.push({ of, ...harmless(error) });
      return undefined;
    }
  };
  let { accessToken } = given;
  if (appId !== undefined && appSecret !== undefined) {
    if (wrong('appId') || wrong('appSecret')) return NOTHING;
    const token = await make('getStableAccessToken', () => tools.stableToken({ appId, appSecret }, context), () => ({}));
    // A token that was given besides is the one that calls are made on.
    accessToken = accessToken ?? token?.accessToken;
  }
  const token = accessToken;
  const lost = calls.some(({ code }) => code === 'NETWORK' || code === 'TIMEOUT');
  if (token !== undefined && !lost && !wrong('accessToken')) {
    await make('getCategory', () => tools.category({ ...context, accessToken: token }), ({ categories }) => ({ categories: categories.length }));
  }
  return { calls, serverDate, at };
}

/** Of an error what holds no value of the request: texts of others quote addresses, and with them tokens. */
function harmless(error: unknown): Partial<CallMade> {
  const { code, errcode, status, ip } = (error ?? {}) as { code?: unknown; errcode?: number; status?: number; ip?: string };
  return {
    code: typeof code === 'string' && /^[A-Z_]{3,40}$/.test(code) && !/^E[A-Z]+$/.test(code) ? code : 'NETWORK',
    ...(errcode !== undefined && { errcode }),
    ...(status !== undefined && { status }),
    ...(ip !== undefined && { ip }),
  };
}

/** What the environment does to every connection of Node's. */
function machine(env: Surroundings['env']): { tlsUnchecked: boolean; proxyUnused: boolean } {
  const set = (name: string): boolean => Boolean(env[name] || env[name.toLowerCase()]);
  const used = env.NODE_USE_ENV_PROXY === '1' || Boolean(env.NODE_OPTIONS?.includes('--use-env-proxy'));
  return {
    tlsUnchecked: env.NODE_TLS_REJECT_UNAUTHORIZED === '0',
    proxyUnused: (set('HTTPS_PROXY') || set('ALL_PROXY')) && !used,
  };
}

/**
 * The variables of a file as `docker --env-file`, `node --env-file` and dotenv have it: `NAME=value`, quotes around a value
 * (which may then have line ends in it), `export` before it, remarks after #.
 */
export function variablesOf(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  const line = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*("(?:\\[^]|[^"\\])*"|'[^']*'|`[^`]*`|[^\r\n]*)/gm;
  for (const [, name = '', given = ''] of text.matchAll(line)) {
    found[name] = /^(["'`])[^]*\1$/.test(given) && given.length > 1 ? unquoted(given) : given.replace(/(?:^|[ \t])#.*$/, '').trim();
  }
  return found;
}

function unquoted(given: string): string {
  const inside = given.slice(1, -1);
  return given.startsWith('"') ? inside.replace(/\\n/g, '\n').replace(/\\(["\\])/g, '$1') : inside;
}
