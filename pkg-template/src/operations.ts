import { BODY_LIMIT, sizeOf } from './body';
import { seconds } from './clock';
import { core, entropy, handleOf } from './core';
import { copied, crossing, object, plain } from './crossing';
import type { Operations, Request } from './generated/core_types';
import { operationList } from './generated/operation_list';
import { hiding, masked, withoutToken } from './masked';
import { heldBy, type Merchant } from './merchant';
import { configuration } from './mistake';
import { tooLarge } from './send';

/** A hospital's keys for patients' names, 32 characters each, under the number of WeChat's `key_version`. */
export type MedicalKeys = Readonly<Record<number, string>>;

/** What surrounds one call. */
export interface CallContext {
  /**
   * The mini program's access token; for the operations of a platform its `component_access_token`, and nothing for
   * `getComponentAccessToken`.
   */
  accessToken?: string;
  /** The mini program's app id; for operations that name it. */
  appId?: string;
  /** What `openMerchant` returned; for operations that sign. */
  merchant?: Merchant;
  /** As in `createClient`; for `getMedicalRealName`. */
  medicalKeys?: MedicalKeys;
  /** Another of WeChat's hosts, or a sandbox on this machine. Default `https://api.weixin.qq.com`. */
  baseUrl?: string;
  /** As in `createClient`. */
  trustedHosts?: readonly string[];
  /** As in `createClient`; with `cloudbase-access-token`, `accessToken` is that token. */
  auth?: 'cloud-run' | 'cloudbase-access-token';
  /** As in `createClient`. */
  fromAppId?: string;
  /** Seconds since 1970-01-01 UTC. Default: this machine's clock. */
  now?: number;
  /**
   * A source of secure random bytes, as many as it is asked for; also for an `outSeqNo` that is made up. Default: this machine's.
   * Not asked while `node:crypto` computes with the merchant's key.
   */
  entropy?: (length: number) => Uint8Array;
}

/** A reply, as any HTTP client has it. */
export interface Response {
  /** The HTTP status, as it came: it is checked. */
  status: number;
  /** The headers, in whatever form your client has them: no interface needs them so far. */
  headers?: object;
  /** The body as it arrived, not parsed. */
  body?: string | Uint8Array;
}

/** One call, without its transport: send `request` with whatever you like, and hand the reply to `interpret`. */
export interface Call<Outcome> {
  /** What to send. It holds the access token and a person's data: do not log it. */
  readonly request: Request;
  /** What the reply says. Throws the same `RealNameError` that the client would. */
  interpret(response: Response): Outcome;
}

/** The operations by name. */
export type OperationCalls = {
  readonly [Name in keyof Operations]: (
    params: Operations[Name]['params'],
    context: CallContext,
  ) => Call<Operations[Name]['outcome']>;
};

/**
 * Every operation as data in, data out: for transports that are not `fetch` (a queue, a proxy of your own, another
 * process), and for tests.
 *
 * @example
 * ```ts
 * const call = operations.getCategory({}, { accessToken });
 * const reply = await send(call.request);
 * const { categories } = call.interpret(reply);
 * ```
 */
export const operations = Object.fromEntries(
  (Object.keys(operationList) as (keyof Operations)[]).map((name) => [
    name,
    (params: object, context: CallContext) => prepare(name, params, context),
  ]),
) as unknown as OperationCalls;

/** @internal One call of any operation. */
export function prepare<Name extends keyof Operations>(
  name: Name,
  params: object,
  context: CallContext,
): Call<Operations[Name]['outcome']> {
  // Copies: what the core reads must not run code of the caller's, and must not change between the two steps. The core adds to
  // the parameters what it makes up.
  const given = plain('params', params);
  const { merchant, entropy: source, trustedHosts, medicalKeys, ...rest } = object('context', context) as CallContext;
  const held = heldBy(merchant);
  const surroundings = {
    ...plain('context', rest),
    trustedHosts: joinedHosts(trustedHosts),
    medicalKeys: medicalKeys === undefined ? undefined : plain('medicalKeys', medicalKeys),
  };
  const random = source === undefined ? entropy : from(source);
  const inContext = () => ({ now: seconds(), ...surroundings, entropy: random });
  const handle = handleOf(held);
  const request: Request = core.run((core) => core.request(name, given, inContext(), handle));
  return {
    request: masked(request, {
      url: withoutToken(request.url),
      ...(request.body !== undefined && { body: `[${request.body.length} characters]` }),
    }),
    interpret(response) {
      const { status, body } = object('response', response) as Response;
      if (sizeOf(body) > BODY_LIMIT) throw tooLarge();
      const reply = { status: crossing(status), body: crossing(body, BODY_LIMIT) };
      const handle = handleOf(held);
      const outcome = core.run((core) => core.interpret(name, given, reply, inContext(), handle));
      return hiding(outcome, operationList[name].personal);
    },
  };
}

/** Lists do not cross into the core; these do, with spaces between. */
function joinedHosts(hosts: unknown): string | undefined {
  if (hosts === undefined) return undefined;
  if (!Array.isArray(hosts) || !hosts.every((host) => typeof host === 'string' && /^\S{1,255}$/.test(host))) {
    throw configuration('trustedHosts', 'must be a list of host names');
  }
  return hosts.length === 0 ? undefined : hosts.join(' ');
}

/** The caller's source; what is none, or gives no bytes, is `NO_ENTROPY`. */
function from(source: unknown): ((length: number) => Uint8Array | undefined) | undefined {
  return typeof source === 'function' ? (length) => copied(source(length)) : undefined;
}
