/**
 * WeChat's side of the interfaces, on this machine: for tests, and to build before you are admitted. Node only.
 *
 * A magic value provokes an answer without any set-up. It stands in an access token, `code`, `authToken`, `appSecret`,
 * `componentAppSecret`, ticket, authorization code, refresh token, `verifyId`, `wxmedAuthcode`, or as `enterpriseName` or
 * `certName`:
 *
 * | value | answer |
 * |---|---|
 * | `sandbox:94004`, `sandbox:-1`, … | a refusal with this errcode |
 * | `sandbox:timeout`, `sandbox:reset` | nothing, ever; the connection is cut |
 * | `sandbox:html-502` | status 502 with a proxy's page |
 * | `sandbox:empty`, `sandbox:not-json`, `sandbox:no-fields`, `sandbox:wrong-types` | a broken reply |
 * | `sandbox:V_OP_NM_MA/V_NM_ID_UM` as a `code` | this result |
 * | `sandbox:junk`, `sandbox:short` as an `authToken` | ciphertexts that do not open |
 * | `sandbox:push-89251`, `sandbox:100001`, `sandbox:status-3` as an `enterpriseName` | the push of a status; a reply with it |
 * | `sandbox:verify_ret=90002` as a `certName` | a verification that has ended so, without anybody at a phone |
 * | `sandbox:verify_ret=10300` as a `verifyId` | this `verify_ret` |
 * | `sandbox:junk`, `sandbox:short` as a `wxmedAuthcode` | a ciphertext that does not open |
 * | `sandbox:key_version=7`, `sandbox:algorithm` as a `wxmedAuthcode` | this `key_version`; another `cipher_algorithm` |
 *
 * @module wechat-realname/sandbox
 */
import { randomBytes } from 'node:crypto';

import { seconds } from './clock';
import { object, plain } from './crossing';
import { extras } from './extras';
import type { SandboxFault, SandboxMiniProgram, SandboxPlatform, SandboxTrial } from './generated/sandbox_types';
import { asConfiguration, configuration, invalid } from './mistake';
import { controlOf } from './sandbox_control';
import { Post, type Sealed } from './sandbox_post';
import { Server } from './sandbox_server';
import type { Sandbox, SandboxOptions, SandboxPush } from './sandbox_shape';

export type {
  SandboxAuthorization,
  SandboxConsent,
  SandboxFault,
  SandboxMerchant,
  SandboxMiniProgram,
  SandboxPerson,
  SandboxPlatform,
  SandboxPushFault,
  SandboxPushKind,
  SandboxPushOrder,
  SandboxTrial,
} from './generated/sandbox_types';
export type { SandboxDelivery, SandboxPushed } from './sandbox_post';
export type { Sandbox, SandboxExchange, SandboxLatency, SandboxOptions, SandboxPush, SandboxStep } from './sandbox_shape';

const LAST_SECOND = 2 ** 32 - 1;
// The words of the core's types, which names only the field where it gets another.
const KINDS = 'ticket, authorized, updateauthorized, unauthorized, beta, unknown or malformed';
const PUSH_FAULTS = 'signature, ciphertext, key, app_id, padding or old';
/** More than any event; so that a receiver's own limit can be tried. */
const LONGEST_XML = 4 * 1024 * 1024;

/**
 * Starts a sandbox on this machine's loopback. Throws `CONFIGURATION` for options that cannot work, and where the port cannot
 * be had.
 */
export async function startSandbox(options?: SandboxOptions): Promise<Sandbox> {
  const { port = 0, forms = 'both', pushTimeoutMs = 5000, latency = 0, timestampTolerance = 300, pushUrl, log } = options ?? {};
  if (!isWhole(port, 65535)) throw configuration('port', 'must be a number up to 65535');
  if (!['both', '2026'].includes(forms)) throw configuration('forms', "must be 'both' or '2026'");
  const waits = pushTimeoutMs > 0 && pushTimeoutMs < 2 ** 31;
  if (!waits) throw configuration('pushTimeoutMs', 'must be a positive number');
  if (!isWhole(timestampTolerance)) throw configuration('timestampTolerance', 'must be whole seconds');
  if (log !== undefined && typeof log !== 'function') throw configuration('log', 'must be a function');
  const held = extras.hold('sandbox', ({ SandboxHandle }) => SandboxHandle.start());
  const { appId, appSecret, mchId, privateKey, certificate, medicalKey, ...platform } = extras.run(({ SandboxHandle }) =>
    SandboxHandle.ready(),
  );
  let medicalKeys: Readonly<Record<number, string>>;
  const use = <T>(work: (state: typeof held.handle) => T): T => extras.run(() => work(held.handle));
  let ahead = 0;
  // The core's time has 32 bits; at their end it stands still.
  const now = () => Math.min(seconds() + ahead, LAST_SECOND);
  const moveTo = (time: number) => {
    if (!isWhole(time)) {
      throw invalid('seconds', 'must be whole, for a time from 1970 to 2106');
    }
    ahead = time - seconds();
  };
  const tell = (line: string) => {
    try {
      log?.(line);
    } catch {
      // A log that fails is no reason for WeChat to.
    }
  };

  const again = (event: number) => use((state) => state.again(event, now(), randomBytes(32)));
  const post = new Post(pushTimeoutMs, again, (line) => server.log(line));
  const sealed = (given: object): Sealed => {
    const order: { kind?: unknown; fault?: unknown } = plain('order', given, LONGEST_XML);
    oneOf('kind', order.kind, KINDS);
    oneOf('fault', order.fault, PUSH_FAULTS);
    return use((state) => state.push(order, now(), randomBytes(32)));
  };
  const setOnly2026Form = (only: boolean) => use((state) => state.setOnly2026Form(only));

  const server: Server = new Server({
    weChat: (asked, answered) => {
      const { pushes, ...answer } = use((state) => state.answer(asked, now(), randomBytes(32)));
      // WeChat pushes once it has answered.
      void post.deliverAll(pushes, answered);
      return answer;
    },
    control: (asked) => control(asked),
    now,
    log: tell,
  });
  const begin = () => {
    ahead = 0;
    medicalKeys = { 0: medicalKey };
    server.latency = latency;
    post.to(pushUrl, undefined, 'pushUrl');
    setOnly2026Form(forms === '2026');
    use((state) => state.setTimestampTolerance(timestampTolerance));
  };
  asConfiguration(begin);
  await server.listen(port);
  const issueAccessToken = (app?: string) =>
    use((state) => state.issueAccessToken(optional('appId', app), now(), randomBytes(32)));

  const sandbox: Sandbox = {
    baseUrl: `http://127.0.0.1:${server.port}`,
    appId,
    appSecret,
    accessToken: issueAccessToken(),
    merchant: { mchId, privateKey, certificate },
    requests: server.requests,
    clock: {
      now,
      advance: (seconds) => moveTo(Number.isInteger(seconds) ? now() + seconds : NaN),
      set: moveTo,
    },
    setLatency: (given) => {
      server.latency = given;
    },
    fault: (given) => {
      const { outcome, ...rest }: { outcome?: unknown } = object('fault', given);
      const fault = { ...rest, outcome: typeof outcome === 'number' ? String(outcome) : outcome };
      use((state) => state.setFault(plain('fault', fault)));
    },
    faults: () => use((state): SandboxFault[] => state.faults()),
    clearFaults: () => use((state) => state.clearFaults()),
    reset: () => {
      server.requests.length = 0;
      post.reset();
      ahead = 0;
      use((state) => state.reset(now()));
      begin();
    },
    addPerson: (person = {}) => use((state) => state.addPerson(plain('person', person), now(), randomBytes(32))),
    verifyFace: (verifyId, verifyRet) => {
      if (verifyRet !== undefined && !isWhole(verifyRet, 2 ** 31 - 1)) throw invalid('verifyRet', 'must be a whole number');
      const id = text('verifyId', verifyId);
      return use((state): number => state.verifyFace(id, verifyRet, now()));
    },
    get medicalKeys() {
      return medicalKeys;
    },
    setMedicalKey: (keyVersion, given) => {
      if (!isWhole(keyVersion)) throw invalid('keyVersion', 'must be a whole number');
      const key = text('key', given);
      use((state) => state.setMedicalKey(keyVersion, key));
      medicalKeys = { ...medicalKeys, [keyVersion]: key };
    },
    addMerchant: (given) => use((state) => state.addMerchant(plain('merchant', given))),
    addMiniProgram: (given = {}) =>
      use((state): Required<SandboxMiniProgram> =>
        state.addMiniProgram(plain('miniProgram', given), randomBytes(32)),
      ),
    issueAccessToken,
    revokeAccessTokens: (app) => use((state) => state.revokeAccessTokens(optional('appId', app))),
    platform,
    addPlatform: (given = {}) =>
      use((state): Required<SandboxPlatform> => state.addPlatform(plain('platform', given), randomBytes(32))),
    addTrial: (given = {}) => {
      const { permissionSets, ...trial }: SandboxTrial = object('trial', given);
      const joined = joinedNumbers('permissionSets', permissionSets);
      return use((state) => state.addTrial({ ...plain('trial', trial), ...joined }, now(), randomBytes(32)));
    },
    pushTo: (url, platform) => post.to(url, optional('componentAppId', platform)),
    push: async (given) => {
      const { retries = 0, ...order }: { retries?: number } = object('order', given);
      if (!isWhole(retries)) throw invalid('retries', 'must be a whole number');
      return post.deliver(sealed(order), retries);
    },
    makePush: (order) => {
      const { query, body } = sealed(order);
      return { query: Object.fromEntries(new URLSearchParams(query)) as unknown as SandboxPush['query'], body };
    },
    verification: async (app, step, status) => {
      const texts = [text('appId', app), text('step', step)] as const;
      if (status !== undefined && !Number.isInteger(status)) throw invalid('status', 'must be a whole number');
      await post.deliverAll(use((state) => state.verificationStep(...texts, status, now(), randomBytes(32))));
    },
    settle: async () => {
      void post.deliverAll(use((state) => state.due(now(), randomBytes(32))));
      await post.settled();
    },
    pushes: post.pushed,
    setOnly2026Form,
    setEncodingAesKey: (key, platform) => {
      const texts = [text('encodingAesKey', key), optional('componentAppId', platform)] as const;
      use((state) => state.setEncodingAesKey(...texts));
    },
    close: async () => {
      post.close();
      await server.close();
    },
  };
  const control = controlOf({
    sandbox,
    latency: () => server.latency,
    forget: (list) => {
      (list === 'requests' ? server.requests : post.pushed).length = 0;
    },
  });
  return sandbox;
}

/** Lists do not cross into the core; their numbers do, with commas between. */
function joinedNumbers(field: string, given: unknown): Record<string, string> {
  if (given === undefined) return {};
  if (!Array.isArray(given) || !given.every(Number.isInteger)) throw invalid(field, 'must be a list of whole numbers');
  return { [field]: given.join() };
}

const isWhole = (given: number, most = LAST_SECOND) => Number.isInteger(given) && given >= 0 && given <= most;

function oneOf(field: string, given: unknown, words: string): void {
  if (given === undefined || words.split(/, | or /).includes(given as string)) return;
  throw invalid(field, `must be ${words}`);
}

function text(field: string, given: unknown): string {
  const { [field]: copy } = plain(field, { [field]: given });
  if (typeof copy !== 'string') throw invalid(field, 'must be a text');
  return copy;
}

const optional = (field: string, given: unknown) => (given === undefined ? undefined : text(field, given));
