import { entropy, handleOf, hold, isAlive, run, type Held } from './core';
import { crossing, plain } from './crossing';
import type { RealNameInfo } from './generated/core_types';
import { masked } from './masked';
import { configuration } from './mistake';

/** The files of a WeChat Pay merchant. Texts are PEM, from a file, a secret store or an environment variable. */
export interface MerchantOptions {
  /** The merchant number, digits only. */
  mchId: string;
  /** `apiclient_key.pem` (PKCS#8), or an older `…_rsa_private_key.pem` (PKCS#1). Not encrypted. */
  privateKey: string | Uint8Array;
  /** `apiclient_cert.pem`: gives the serial number, and proves that the key is its own. */
  certificate?: string | Uint8Array;
  /** The certificate's serial number, 40 hex digits, where there is no certificate file. */
  certSerialNo?: string;
}

/** A merchant whose key fits its certificate. The key stays inside the WebAssembly module. */
export interface Merchant {
  /** The merchant number. */
  readonly mchId: string;
  /** The certificate's serial number: upper case, 40 hex digits. */
  readonly certSerialNo: string;
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
  /** Wipes the key. Whatever is called afterwards throws `CLOSED`. */
  close(): void;
}

/**
 * Reads a merchant's files and checks that they belong together.
 *
 * Throws `INVALID_ARGUMENT`, `INVALID_KEY` or `KEY_MISMATCH`, naming the file and never showing its content.
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
  return new OpenMerchant(hold((core) => core.MerchantHandle.open(files)));
}

class OpenMerchant implements Merchant {
  readonly mchId: string;
  readonly certSerialNo: string;
  readonly #held: Held;

  constructor(held: Held) {
    this.#held = held;
    this.mchId = run(() => held.handle.mchId());
    this.certSerialNo = run(() => held.handle.certSerialNo());
  }

  static held(merchant: Merchant | undefined): Held | undefined {
    if (merchant === undefined) return undefined;
    if (typeof merchant === 'object' && merchant !== null && #held in merchant) return (merchant as OpenMerchant).#held;
    throw configuration('merchant', 'must be what openMerchant returned');
  }

  sign(timestamp: number): string {
    const handle = handleOf(this.#held);
    return run(() => handle.sign(crossing(timestamp), entropy));
  }

  open(reply: { realName: string; credentialId: string }): RealNameInfo {
    const handle = handleOf(this.#held);
    const { realName, credentialId } = reply ?? {};
    const info: RealNameInfo = run(() => handle.openReply(crossing(realName), crossing(credentialId), entropy));
    return masked(info, { realName: '***', credentialId: '***' });
  }

  close(): void {
    // A merchant whose instance of the module is gone has no key left to wipe.
    if (isAlive(this.#held)) run(() => this.#held.handle.close());
  }
}
Object.defineProperty(OpenMerchant, 'name', { value: 'Merchant' });

/** @internal The handle behind a merchant. */
export const heldBy = OpenMerchant.held;
