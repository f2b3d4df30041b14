// What browsers and edge runtimes have in common.
import { configuration } from './mistake';

/** The second module is not part of their packages: loading it there cannot be synchronous. */
export function onServersOnly(field: string): never {
  throw configuration(
    field,
    'files under a password are read by Node, Bun and Deno only; make PEM of it: openssl pkcs12 -legacy -nodes -in file.p12, ' +
      'or openssl pkcs8 -in key.pem',
  );
}

export const randomValues = (length: number): Uint8Array => globalThis.crypto.getRandomValues(new Uint8Array(length));
