import type { extras } from './extras';
import core from './generated/core.wasm';
import { configuration } from './mistake';

/** What the core needs of the machine it runs on; this is a browser's. */
export const host = {
  /** The core's bytes. */
  core: (): Uint8Array => Uint8Array.from(atob(core), (character) => character.charCodeAt(0)),
  /** The second module is not part of the browser's package: loading it there cannot be synchronous. */
  extras: (field: string): typeof extras => {
    throw configuration(
      field,
      'files under a password are read on servers only; make PEM of it: openssl pkcs12 -legacy -nodes -in file.p12, or openssl pkcs8 -in key.pem',
    );
  },
  entropy: (length: number): Uint8Array => globalThis.crypto.getRandomValues(new Uint8Array(length)),
};
