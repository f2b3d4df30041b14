import type { Client, ClientOptions } from './client';
import { configuration } from './mistake';

/** Stands where the client would be in a browser build. */
export function createClient(_: ClientOptions): Client {
  throw configuration(
    'createClient',
    'WeChat forbids calling these interfaces from a front end, and an access token has no place there: ' +
      'call it on your server (and bundle that with the resolve condition `node`). ' +
      '`operations` and `openMerchant` work here, for tools.',
  );
}
