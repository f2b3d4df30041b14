import type { extras } from './extras';
import type { Send } from './send';

/** The machine's own arithmetic with private keys. */
export interface PrivateKeys {
  /**
   * Opens RSAPrivateKey (RFC 8017, A.1.2) in DER. What comes back raises a number to the power `d`, modulo `n`: bytes as many
   * as the modulus has, in and out.
   */
  open(privateKey: Uint8Array): (representative: Uint8Array) => Uint8Array;
  /** Whether it is as careful with the key as the core, and faster. */
  readonly preferred: boolean;
}

/** What the core needs of the machine it runs on. One file for each kind of machine, chosen when the package is built. */
export interface Host {
  /** The core's bytes, or the core as the host has compiled it. */
  core(): Uint8Array | object;
  /** What it may lack where the core does not start. */
  readonly needs: string;
  /** The second module, loaded by the first call for it; `field` is what asks for it. */
  extras(field: string): typeof extras;
  entropy(length: number): Uint8Array;
  /** Where the machine can compute with private keys itself. */
  readonly privateKeys?: PrivateKeys;
}

/** What the parts that belong on a server need besides. */
export interface Server {
  /** Where there is no `fetch` that can be used. */
  readonly send: Send;
  readText(file: string): Promise<string>;
  /** Whether work that was begun for one request lasts until it is done, so that others may wait for it. */
  readonly outlivesRequests: boolean;
}
