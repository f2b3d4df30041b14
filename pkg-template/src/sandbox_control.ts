// The sandbox over HTTP, below `/sandbox`, for every language: the names of the JavaScript API, JSON in and out.
import { X509Certificate } from 'node:crypto';

import { invalid } from './mistake';
import { mistaken, type Asked, type ControlAnswer } from './sandbox_server';
import type { Sandbox, SandboxLatency, SandboxStep } from './sandbox_shape';
import type {
  SandboxFault,
  SandboxMerchant,
  SandboxMiniProgram,
  SandboxPerson,
  SandboxPlatform,
  SandboxPushOrder,
  SandboxTrial,
} from './generated/sandbox_types';

type Fields = Record<string, unknown>;

/** One method of one path. */
interface Way {
  /** The fields that its body may have. */
  readonly fields: readonly string[];
  /** `given` has no other fields; what is wrong with them says the work itself. */
  work(given: Fields): unknown;
}

interface Place {
  readonly GET?: Way;
  readonly POST?: Way;
  readonly DELETE?: Way;
}

/** The sandbox, and what only its server knows. */
export interface Controlled {
  readonly sandbox: Sandbox;
  readonly latency: () => { readonly min: number; readonly max: number };
  readonly forget: (list: 'requests' | 'pushes') => void;
}

const way = <Given>(fields: readonly (keyof Given & string)[], work: (given: Given) => unknown): Way => ({
  fields,
  work: (given) => work(given as unknown as Given),
});
const plainWay = (work: () => unknown) => way<object>([], work);
const done = async (work: () => unknown): Promise<object> => {
  await work();
  return {};
};

/** Answers what comes below `/sandbox`. */
export function controlOf(controlled: Controlled): (asked: Asked) => Promise<ControlAnswer> {
  const places = placesOf(controlled);
  return async ({ method, target, body }) => {
    const path = (target.split('?', 1)[0] as string).replace(/(?<=.)\/$/, '');
    const { privateKey, certificate } = controlled.sandbox.merchant;
    const file = { '/sandbox/merchant/key.pem': privateKey, '/sandbox/merchant/certificate.pem': certificate }[path];
    const place: Place | undefined = file === undefined ? places[path] : { GET: plainWay(() => file) };
    if (!place) return failed(404, 'path', 'is unknown: GET /sandbox lists what there is');
    const ways = Object.entries(place) as [string, Way][];
    const [, asked] = ways.find(([name]) => name === (method === 'HEAD' ? 'GET' : method)) ?? [];
    const allow = ways.map(([name]) => name).join(', ');
    if (!asked) return { ...failed(405, 'method', `must be ${allow}`), allow };
    try {
      const answer = await asked.work(fieldsOf(body, asked.fields));
      if (typeof answer === 'string') return { status: 200, contentType: 'application/x-pem-file', body: answer };
      return { status: 200, contentType: 'application/json', body: `${JSON.stringify(answer)}\n` };
    } catch (thrown) {
      return mistaken(thrown);
    }
  };
}

function placesOf({ sandbox, latency, forget }: Controlled): Record<string, Place> {
  const ready = () => readyData(sandbox, Object.keys(places));
  const time = () => ({ now: sandbox.clock.now() });
  const faults = () => ({ faults: sandbox.faults() });
  const of = ({ appId }: { appId?: string }) => appId;
  const order = ['kind', 'xml', 'componentAppId', 'appId', 'status', 'omitInfo', 'omitAppId', 'fault'] as const;
  const places: Record<string, Place> = {
    '/sandbox': { GET: plainWay(ready) },
    '/sandbox/people': {
      POST: way<SandboxPerson>(
        [
          ...(['appId', 'openid', 'realName', 'credentialId', 'weChatPay'] as const),
          ...(['idCardType', 'phone', 'phoneCountryCode'] as const),
        ],
        (given) => sandbox.addPerson(given),
      ),
    },
    '/sandbox/faces': {
      POST: way<{ verifyId: string; verifyRet?: number }>(['verifyId', 'verifyRet'], ({ verifyId, verifyRet }) => ({
        verifyRet: sandbox.verifyFace(verifyId, verifyRet),
      })),
    },
    '/sandbox/medical-keys': {
      POST: way<{ keyVersion: number; key: string }>(['keyVersion', 'key'], ({ keyVersion, key }) =>
        done(() => sandbox.setMedicalKey(keyVersion, key)),
      ),
    },
    '/sandbox/merchants': {
      POST: way<SandboxMerchant>(['mchId', 'certificate', 'bound', 'appId'], (given) =>
        done(() => sandbox.addMerchant(given)),
      ),
    },
    '/sandbox/mini-programs': {
      POST: way<SandboxMiniProgram>(['appId', 'appSecret'], (given) => sandbox.addMiniProgram(given)),
    },
    '/sandbox/platforms': {
      POST: way<SandboxPlatform>(['componentAppId', 'componentAppSecret', 'token', 'encodingAesKey'], (given) =>
        sandbox.addPlatform(given),
      ),
    },
    '/sandbox/trials': {
      POST: way<SandboxTrial>(
        [
          ...(['componentAppId', 'appId', 'enterpriseName', 'code', 'codeType', 'legalPersonaWechat'] as const),
          ...(['legalPersonaName', 'legalPersonaIdcard', 'componentPhone', 'permissionSets', 'trial'] as const),
        ],
        (given) => sandbox.addTrial(given),
      ),
    },
    '/sandbox/access-tokens': {
      POST: way<{ appId?: string }>(['appId'], (given) => ({ accessToken: sandbox.issueAccessToken(of(given)) })),
      DELETE: way<{ appId?: string }>(['appId'], (given) => done(() => sandbox.revokeAccessTokens(of(given)))),
    },
    '/sandbox/clock': {
      GET: plainWay(time),
      POST: way<{ advance: number; set: number }>(['advance', 'set'], ({ advance, set }) => {
        if ((advance === undefined) === (set === undefined)) throw invalid('advance', 'or set must be given, in seconds');
        if (set === undefined) sandbox.clock.advance(advance);
        else sandbox.clock.set(set);
        return time();
      }),
    },
    '/sandbox/latency': {
      GET: plainWay(latency),
      POST: way<{ ms: number; min: number; max: number }>(['ms', 'min', 'max'], ({ ms, ...range }) => {
        if (ms !== undefined && Object.keys(range).length > 0) throw invalid('ms', 'or min and max must be given, not both');
        sandbox.setLatency((ms ?? range) as SandboxLatency);
        return latency();
      }),
    },
    '/sandbox/faults': {
      GET: plainWay(faults),
      POST: way<SandboxFault>(['interface', 'outcome', 'times', 'after'], (given) => {
        sandbox.fault(given);
        return faults();
      }),
      DELETE: plainWay(() => done(() => sandbox.clearFaults())),
    },
    '/sandbox/requests': {
      GET: plainWay(() => ({ requests: sandbox.requests })),
      DELETE: plainWay(() => done(() => forget('requests'))),
    },
    '/sandbox/pushes': {
      GET: plainWay(() => ({ pushes: sandbox.pushes })),
      DELETE: plainWay(() => done(() => forget('pushes'))),
    },
    '/sandbox/push-url': {
      POST: way<{ url: string | null; componentAppId?: string }>(['url', 'componentAppId'], ({ url, componentAppId }) => {
        if (url === undefined) throw invalid('url', 'must be a URL, or null for nowhere');
        return done(() => sandbox.pushTo(url ?? undefined, componentAppId));
      }),
    },
    '/sandbox/push': {
      POST: way<SandboxPushOrder & { retries?: number }>([...order, 'retries'], (given) => sandbox.push(given)),
    },
    '/sandbox/make-push': { POST: way<SandboxPushOrder>(order, (given) => sandbox.makePush(given)) },
    '/sandbox/verifications': {
      POST: way<{ appId: string; step: SandboxStep; status?: number }>(
        ['appId', 'step', 'status'],
        ({ appId, step, status }) => done(() => sandbox.verification(appId, step, status)),
      ),
    },
    '/sandbox/settle': {
      POST: plainWay(() => done(() => sandbox.settle())),
    },
    '/sandbox/forms': {
      POST: way<{ only2026: boolean }>(['only2026'], ({ only2026 }) => {
        if (typeof only2026 !== 'boolean') throw invalid('only2026', 'must be true or false');
        return done(() => sandbox.setOnly2026Form(only2026));
      }),
    },
    '/sandbox/encoding-aes-key': {
      POST: way<{ encodingAesKey: string; componentAppId?: string }>(
        ['encodingAesKey', 'componentAppId'],
        ({ encodingAesKey, componentAppId }) => done(() => sandbox.setEncodingAesKey(encodingAesKey, componentAppId)),
      ),
    },
    '/sandbox/reset': {
      POST: plainWay(() => {
        sandbox.reset();
        return ready();
      }),
    },
  };
  return places;
}

/** All that a client needs to begin. Nothing of it is a secret: everybody has it. */
function readyData(sandbox: Sandbox, paths: string[]): object {
  const { baseUrl, appId, appSecret, accessToken, platform, medicalKeys, clock } = sandbox;
  const certSerialNo = new X509Certificate(sandbox.merchant.certificate).serialNumber.toUpperCase();
  const merchant = { ...sandbox.merchant, certSerialNo };
  const files = ['/sandbox/merchant/key.pem', '/sandbox/merchant/certificate.pem'];
  const links = [...paths, ...files].map((path) => `${baseUrl}${path}`);
  const now = clock.now();
  return { baseUrl, appId, appSecret, accessToken, merchant, platform, medicalKeys, now, links };
}

/** The fields of a body. One that nobody knows is a mistake that would pass silently. */
function fieldsOf(body: string, known: readonly string[]): Fields {
  let given: unknown;
  try {
    // A name in GBK would be somebody else's, and nobody would know why.
    given = body.trim() === '' ? {} : !body.includes('\uFFFD') && JSON.parse(body);
  } catch {
    // It stays what is no object.
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw invalid('body', 'must be a JSON object, in UTF-8');
  const strange = Object.keys(given).find((name) => !known.includes(name));
  if (strange !== undefined) {
    // A name of letters; a number in its place may be somebody's.
    const field = /^[A-Za-z_]{1,40}$/.test(strange) ? strange : 'body';
    throw invalid(field, known.length > 0 ? `there is no such field here, only ${known.join(', ')}` : 'there are no fields here');
  }
  // JSON has no `undefined`; the field that is `null` is absent, too, but for a URL that leads nowhere.
  return Object.fromEntries(Object.entries(given).filter(([name, value]) => value !== null || name === 'url'));
}

function failed(status: number, field: string, reason: string): ControlAnswer {
  return { ...mistaken(invalid(field, reason)), status };
}
