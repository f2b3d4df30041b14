import { host } from '#host';

import { seconds } from './clock';
import { core, entropy, type HeldMerchant } from './core';
import { crossing, plain } from './crossing';
import type { MerchantReport, RealNameInfo } from './generated/core_types';
import { operationList } from './generated/operation_list';
import { hiding } from './masked';
import { configuration, invalid } from './mistake';

/**
 * A key or certificate file: its bytes, or its text from a secret store or an environment variable.
 *
 * At most 64 KiB. PEM or DER; byte order marks, line ends, wraps, `\n` as two characters and base64 without its two lines do not matter.
 */
export type MerchantFile = string | Uint8Array;

/**
 * Who computes with the private key.
 *
 * - `auto`: the machine, where that is BoringSSL, or OpenSSL from 1.1.1t and 3.0.8 on, behind `node:crypto` (Node, Bun, Electron),
 *   which is many times as fast; the WebAssembly module elsewhere, and wherever the machine fails or computes wrongly.
 * - `wasm`: the WebAssembly module. The key is then nowhere else, and `close` wipes it.
 * - `host`: `node:crypto`, whatever is behind it. Where there is none, or it fails, `CONFIGURATION` is thrown.
 *
 * Padding, implicit rejection and every check are the module's in any case, and what the machine computed is checked with
 * the public exponent: the results are the same to the bit.
 */
export type MerchantEngine = 'auto' | 'host' | 'wasm';

/** A merchant's key, and its certificate or serial number. */
export interface MerchantKeyFiles {
  /** The merchant number, digits only. */
  mchId: string;
  /**
   * `apiclient_key.pem` (PKCS#8), or an older `…_rsa_private_key.pem` (PKCS#1). A certificate in the same file is read
   * too.
   */
  privateKey: MerchantFile;
  /** Of an encrypted `privateKey`: PKCS#8 under PBES2. Ignored where the key is not encrypted. */
  password?: string;
  /** `apiclient_cert.pem`: gives the serial number, and proves that the key is its own. */
  certificate?: MerchantFile;
  /** The certificate's serial number, 40 hex digits, where there is no certificate file. */
  certSerialNo?: string;
  /** Who computes with the private key. Default: `auto`. */
  engine?: MerchantEngine;
}

/** A merchant's key and certificate in one PKCS#12 file. */
export interface MerchantP12 {
  /** The merchant number, digits only. */
  mchId: string;
  /** `apiclient_cert.p12`: its bytes, or base64 of them. At most 64 KiB, as every file. */
  p12: MerchantFile;
  /** Default: the merchant number, as WeChat Pay sets it. */
  password?: string;
  /** The certificate's serial number, to be compared with the file's. */
  certSerialNo?: string;
  /** Who computes with the private key. Default: `auto`. */
  engine?: MerchantEngine;
}

/** The files of a WeChat Pay merchant. */
export type MerchantOptions = MerchantKeyFiles | MerchantP12;

// The names behind `using`, for compilers whose library does not have them. Where it has, these are the same again.
declare global {
  interface SymbolConstructor {
    readonly dispose: unique symbol;
  }
  interface Disposable {
    [Symbol.dispose](): void;
  }
}

/**
 * A merchant whose key fits its certificate. The key stays inside the WebAssembly module; where the machine computes with it,
 * a copy is in OpenSSL's memory too (`engine`).
 */
export interface Merchant {
  /** The merchant number. */
  readonly mchId: string;
  /** The certificate's serial number: upper case, 40 hex digits. */
  readonly certSerialNo: string;
  /** Who computes with the private key now: `wasm` after the machine failed once, too. Reading it throws `CLOSED` after `close`. */
  readonly engine: 'host' | 'wasm';
  /**
   * The signature that `getrealnameinfo` takes: base64 of RSASSA-PKCS1-v1_5 with SHA-256 over
   * `cert_serialno={certSerialNo}&timestamp={timestamp}`.
   *
   * Throws `INVALID_ARGUMENT` for another timestamp than whole seconds, `NO_ENTROPY` and `CLOSED`.
   *
   * @param timestamp seconds since 1970-01-01 UTC
   */
  sign(timestamp: number): string;
  /**
   * Opens the two ciphertexts of a `getrealnameinfo` reply, each in base64.
   *
   * Give it only what came from WeChat, never ciphertexts that a client sent in.
   *
   * Throws `INVALID_ARGUMENT` for what is not base64 or not as long as the key, `DECRYPTION_FAILED` for everything after
   * that, `NO_ENTROPY` and `CLOSED`.
   */
  open(reply: { realName: string; credentialId: string }): RealNameInfo;
  /**
   * What was checked of this set-up, with what result, and what could not be: for a person to read, and nothing secret.
   *
   * Throws `CLOSED`.
   *
   * @param options `now`: seconds since 1970-01-01 UTC; default this machine's clock
   */
  report(options?: { now?: number }): MerchantReport;
  /**
   * Wipes the key. Whatever is called afterwards throws `CLOSED`.
   *
   * A copy that the machine computes with is let go: OpenSSL clears it when the garbage collector gets there.
   */
  close(): void;
  /** The same, for `using`. Where the platform has no `Symbol.dispose` (Node 16), only compilers' own `using` finds it. */
  [Symbol.dispose](): void;
}

/**
 * Reads a merchant's files and checks that they belong together.
 *
 * Throws `INVALID_ARGUMENT`, `INVALID_KEY` or `KEY_MISMATCH`, naming the file and never showing its content; `CONFIGURATION`
 * where `engine` is `host` and there is none.
 *
 * @example
 * ```ts
 * const merchant = openMerchant({
 *   mchId: '1900006511',
 *   privateKey: fs.readFileSync('apiclient_key.pem'),
 *   certificate: fs.readFileSync('apiclient_cert.pem'),
 * });
 * ```
 */
export function openMerchant(options: MerchantOptions): Merchant {
  const files = plain('options', options);
  const isPreferred = host.privateKeys?.preferred ?? false;
  try {
    if (files.p12 !== undefined || files.password !== undefined) decrypt(files);
    return new OpenMerchant(core.hold('merchant', ({ MerchantHandle }) => MerchantHandle.open(files, host.privateKeys?.open, isPreferred)));
  } finally {
    // They are copies: the caller's own bytes stay, and texts of JavaScript cannot be wiped.
    for (const value of Object.values(files)) if (value instanceof Uint8Array) value.fill(0);
  }
}

/** Puts the readable key in the place of the one under a password. */
function decrypt(files: Record<string, unknown>): void {
  const { p12, privateKey } = files;
  if (p12 !== undefined && privateKey !== undefined) throw invalid('p12', 'must not be given together with privateKey');
  const extras = host.extras(p12 === undefined ? 'password' : 'p12');
  const read = extras.run(({ privateKeyOf }) => privateKeyOf(files));
  if (privateKey instanceof Uint8Array) privateKey.fill(0);
  files.privateKey = read;
}

class OpenMerchant implements Merchant {
  readonly mchId: string;
  readonly certSerialNo: string;
  readonly #held: HeldMerchant;

  constructor(held: HeldMerchant) {
    this.#held = held;
    this.mchId = core.run(() => held.handle.mchId());
    this.certSerialNo = core.run(() => held.handle.certSerialNo());
  }

  static held(merchant: Merchant | undefined): HeldMerchant | undefined {
    if (merchant === undefined) return undefined;
    if (typeof merchant === 'object' && merchant !== null && #held in merchant) return (merchant as OpenMerchant).#held;
    throw configuration('merchant', 'must be what openMerchant returned');
  }

  get engine(): 'host' | 'wasm' {
    const { handle } = this.#held;
    return core.run(() => handle.engine()) as 'host' | 'wasm';
  }

  sign(timestamp: number): string {
    const { handle } = this.#held;
    return core.run(() => handle.sign(crossing(timestamp), entropy));
  }

  open(reply: { realName: string; credentialId: string }): RealNameInfo {
    const { handle } = this.#held;
    const { realName, credentialId } = reply ?? {};
    const info: RealNameInfo = core.run(() => handle.openReply(crossing(realName), crossing(credentialId), entropy));
    return hiding(info, operationList.getRealNameInfo.personal);
  }

  close(): void {
    // A merchant whose instance of the module is gone has no key left to wipe: the whole memory was.
    core.run(() => {
      if (this.#held.isAlive) this.#held.handle.close();
    });
  }

  report(options?: { now?: number }): MerchantReport {
    const { handle } = this.#held;
    const now = options?.now ?? seconds();
    return core.run(() => handle.report(crossing(now)));
  }

  declare [Symbol.dispose]: () => void;
}
// Under the platform's symbol, or under the one that compilers fall back to where it has none (Node 16).
Object.defineProperty(OpenMerchant.prototype, Symbol.dispose ?? Symbol.for('Symbol.dispose'), {
  value: OpenMerchant.prototype.close,
});
Object.defineProperty(OpenMerchant, 'name', { value: 'Merchant' });

/** @internal The handle behind a merchant. */
export const heldBy = OpenMerchant.held;
