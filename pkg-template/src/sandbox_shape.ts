// What the sandbox is, as its users see it.
import type {
  SandboxAuthorization,
  SandboxConsent,
  SandboxFault,
  SandboxMerchant,
  SandboxMiniProgram,
  SandboxPerson,
  SandboxPlatform,
  SandboxPushOrder,
  SandboxTrial,
} from './generated/sandbox_types';
import type { SandboxDelivery, SandboxPushed } from './sandbox_post';

/** How to start the sandbox. */
export interface SandboxOptions {
  /** The port on this machine. Default: a free one. */
  port?: number;
  /** Which forms of `verifybetaweapp` are taken: both, or only the one of 2026. Default: `both`. */
  forms?: 'both' | '2026';
  /** How long a push waits for its answer, in milliseconds. Default: 5000, as WeChat waits. */
  pushTimeoutMs?: number;
  /** How long WeChat takes to answer, in milliseconds. Default: 0. */
  latency?: SandboxLatency;
  /** How far the `timestamp` of `getRealNameInfo` may be off, in seconds. Default: 300; WeChat does not publish it. */
  timestampTolerance?: number;
  /** Where pushes go from the start, as with `pushTo`. */
  pushUrl?: string;
  /**
   * Gets one line for each request and each push: time, what was asked, what was answered, and why. Nothing of anybody's is
   * in it. What it throws is ignored.
   */
  log?: (line: string) => void;
}

/** How long answers take, in milliseconds: always so long, or something between. */
export type SandboxLatency =
  | number
  | {
      /** At least. */
      min: number;
      /** At most. */
      max: number;
    };

/** What happens in the verification of a trial mini program; the last two with a status. */
export type SandboxStep =
  | 'legal_person_checks_id'
  | 'legal_person_checks_face'
  | 'legal_person_confirms'
  | 'administrator_confirms'
  | 'real_name_differs'
  | 'register_answers'
  | 'ends_with';

/** A push as data, not sent anywhere. */
export interface SandboxPush {
  /** The parameters of the query, by WeChat's names. */
  readonly query: {
    /** Seconds since 1970-01-01 UTC, by the sandbox's clock. */
    readonly timestamp: string;
    /** A random number. */
    readonly nonce: string;
    /** Always `aes`. */
    readonly encrypt_type: string;
    /** Over the token, `timestamp`, `nonce` and the ciphertext: the one to be checked. */
    readonly msg_signature: string;
    /** Says nothing about the body. */
    readonly signature: string;
  };
  /** XML with the ciphertext. */
  readonly body: string;
}

/** One request to WeChat that the sandbox answered, without anybody's data. */
export interface SandboxExchange {
  /** When it came, in seconds, by the sandbox's clock. */
  readonly time: number;
  /** The HTTP method. */
  readonly method: string;
  /** Without the query, which has the access token. What cannot stand in a path of WeChat's is shown as `…`. */
  readonly path: string;
  /** The interface, as the client spells it, where it is one. */
  readonly interface?: string;
  /** The HTTP status; 0 where nothing was answered. */
  readonly status: number;
  /** Of the reply, where it was one of WeChat's. */
  readonly errcode?: number;
  /** Why it was answered so. The real WeChat never says. */
  readonly why: string;
  /** From its arrival to the answer, in milliseconds; absent until then. */
  readonly durationMs?: number;
}

/** A WeChat on this machine that checks signatures and encrypts replies. */
export interface Sandbox {
  /** For `createClient({ baseUrl })`. */
  readonly baseUrl: string;
  /** The mini program that calls. */
  readonly appId: string;
  /** Its secret, for `/cgi-bin/stable_token`. */
  readonly appSecret: string;
  /** An access token of it, good for two hours of the sandbox's clock. */
  readonly accessToken: string;
  /** A ready test merchant, for `openMerchant`. Its key protects nothing: everybody has it. */
  readonly merchant: {
    /** The merchant number. */
    readonly mchId: string;
    /** PEM, PKCS#8. */
    readonly privateKey: string;
    /** PEM. */
    readonly certificate: string;
  };
  /**
   * The hospital's keys by version, for `createClient({ medicalKeys })`: the ready one, which protects nothing because everybody
   * has it, and those of `setMedicalKey`.
   */
  readonly medicalKeys: Readonly<Record<number, string>>;
  /** The requests so far, in order: the last 10,000. */
  readonly requests: readonly SandboxExchange[];
  /** The sandbox's time, in seconds; it runs like this machine's until it is moved. */
  readonly clock: {
    /** The time. */
    now(): number;
    /** Moves it on. Throws `INVALID_ARGUMENT` for what is not a whole number. */
    advance(seconds: number): void;
    /** Sets it, in seconds since 1970-01-01 UTC; it runs on from there. Throws `INVALID_ARGUMENT` for what is no such time. */
    set(seconds: number): void;
  };
  /**
   * How long answers take from now on; a number of milliseconds, or something between two. Pushes, the control below
   * `/sandbox` and `close` do not wait. Throws `INVALID_ARGUMENT` for what is no time up to ten minutes.
   */
  setLatency(latency: SandboxLatency): void;
  /**
   * Lets calls fail: the next one, or the next `times`, after `after` that go well.
   *
   * Throws `INVALID_ARGUMENT` for no interface and no outcome of the sandbox.
   *
   * @example
   * ```ts
   * sandbox.fault({ interface: 'getRealNameInfo', outcome: '-1', times: 2 });
   * ```
   */
  fault(fault: Omit<SandboxFault, 'outcome'> & {
    /** A magic word without `sandbox:`, such as `-1`, `timeout`, `html-502`, `reset`, `empty`. */
    outcome: string | number;
  }): void;
  /** The faults that have not all come yet, with what is left of them. */
  faults(): readonly SandboxFault[];
  /** Takes every fault back. */
  clearFaults(): void;
  /**
   * Back to how it started: people, verifications, merchants, mini programs, platforms, tokens, keys, faults, latency, clock,
   * requests and pushes.
   * Port and `accessToken` stay as they are; the token is good for another two hours.
   */
  reset(): void;
  /**
   * Adds a person (or changes the one of this `openid`), who agrees: each call gives a fresh code, `authToken` and
   * `wxmedAuthcode`.
   *
   * A person is the user of one mini program, as an openid is: what they agreed to is of no use to another one.
   *
   * Throws `INVALID_ARGUMENT` for a name without a number, a number without a name, and a number that no ID card has.
   */
  addPerson(person?: SandboxPerson): SandboxConsent;
  /**
   * Plays the user at the phone (`wx.requestFacialVerify`): the verification ends with this `verify_ret`, which comes back.
   * Until then it is 10300. A later result replaces an earlier one, until one has passed (assumed).
   *
   * Without `verifyRet` it follows from the people (assumed): the user's own name and number 10000, another person's 10004, a
   * known number with another name 10003, what is nobody's 10026.
   *
   * Throws `INVALID_ARGUMENT` for a `verifyId` that was never handed out, is more than an hour old or has passed, and for a
   * `verifyRet` that is no whole number.
   */
  verifyFace(verifyId: string, verifyRet?: number): number;
  /**
   * Changes the hospital's key: replies of `getMedicalRealName` are encrypted under it from now on, and say its version.
   *
   * Throws `INVALID_ARGUMENT` for a version that is no whole number, and for what is not 32 ASCII characters.
   */
  setMedicalKey(keyVersion: number, key: string): void;
  /** Adds a merchant, by number and certificate (PEM). Throws `INVALID_ARGUMENT` for what is not one. */
  addMerchant(merchant: SandboxMerchant): void;
  /**
   * Adds a mini program that calls in its own name (or changes the secret of the one of this `appId`); what is absent is made
   * up. The ready merchant is bound to it, as to every one.
   *
   * Throws `INVALID_ARGUMENT` for what is not letters and digits.
   */
  addMiniProgram(miniProgram?: SandboxMiniProgram): Required<SandboxMiniProgram>;
  /** A further access token of the ready mini program, or of another one. */
  issueAccessToken(appId?: string): string;
  /**
   * Ends every access token of the ready mini program so far, or of another one: they are refused with 40001, and
   * `stable_token` gives a new one.
   */
  revokeAccessTokens(appId?: string): void;
  /**
   * The ready third-party platform, for `createPlatform` and `openPushChannel` (where `componentAppId` is the `appId`).
   * Its secrets protect nothing: everybody has them.
   */
  readonly platform: {
    /** The platform's app id. */
    readonly componentAppId: string;
    /** The platform's secret. */
    readonly componentAppSecret: string;
    /** 消息校验Token. */
    readonly token: string;
    /** 消息加解密Key (EncodingAESKey), until `setEncodingAesKey` changes it. */
    readonly encodingAesKey: string;
  };
  /**
   * Adds a third-party platform (or changes the secrets of the one of this `componentAppId`); what is absent is made up.
   *
   * Throws `INVALID_ARGUMENT` for what is not letters and digits, and for what is no EncodingAESKey.
   */
  addPlatform(platform?: SandboxPlatform): Required<SandboxPlatform>;
  /**
   * Adds a trial mini program (or changes the one of this `appId`) that authorizes the platform: each call gives a
   * fresh authorization code, for `api_query_auth`. What is absent is made up.
   *
   * Throws `INVALID_ARGUMENT` for a code that is not of its kind, and a number that no ID card has.
   */
  addTrial(trial?: SandboxTrial): SandboxAuthorization;
  /**
   * Where pushes go: the authorization event receiving URL of every platform, or of one. A query in it is kept, and extended.
   * `undefined`: nowhere. Throws `CONFIGURATION` for what is not http or https on this machine.
   */
  pushTo(url: string | undefined, componentAppId?: string): void;
  /**
   * Pushes something, and gives the receiver's answer. With `retries`, the same event is encrypted anew and pushed
   * again while the answer is not `success`. Rejects with `CONFIGURATION` where there is nowhere to push to.
   */
  push(order: SandboxPushOrder & { retries?: number }): Promise<SandboxDelivery>;
  /**
   * A push as data, not sent: the query's parameters and the body. What it tells is true all the same: a ticket made
   * so is good, and `unauthorized` ends the authorization.
   */
  makePush(order: SandboxPushOrder): SandboxPush;
  /**
   * A step of a mini program's verification; `register_answers` and `ends_with` need a `status`. Resolves once its
   * pushes are delivered, or were repeated twice. Rejects with `INVALID_ARGUMENT` for a step that cannot come now.
   */
  verification(appId: string, step: SandboxStep, status?: number): Promise<void>;
  /** Ends the verifications that are overdue by the sandbox's clock, and waits for every push under way. */
  settle(): Promise<void>;
  /** The pushes so far, in order: the last 10,000. */
  readonly pushes: readonly SandboxPushed[];
  /** Whether `verifybetaweapp` takes the 2026 form alone from now on. */
  setOnly2026Form(only: boolean): void;
  /** Changes the key that the ready platform's pushes are encrypted with, or another one's, as its console can. */
  setEncodingAesKey(encodingAesKey: string, componentAppId?: string): void;
  /** Stops the server and every connection to it. */
  close(): Promise<void>;
}
