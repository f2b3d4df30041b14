import type { Client, ClientOptions } from './client';
import { configuration } from './mistake';
import type { Platform, PlatformOptions } from './platform';
import type { PushHandler, PushHandlerOptions } from './push_handler';

// What stands in a browser build in the place of what belongs on a server.

export function createClient(_: ClientOptions): Client {
  throw serverOnly('createClient', 'WeChat forbids calling these interfaces from a front end, and an access token');
}

export function createPlatform(_: PlatformOptions): Platform {
  throw serverOnly('createPlatform', 'a platform’s secret');
}

export function createPushHandler(_: PushHandlerOptions): PushHandler {
  throw serverOnly('createPushHandler', 'WeChat pushes to servers, and the keys of a push channel');
}

function serverOnly(name: string, what: string) {
  return configuration(
    name,
    `${what} has no place here: call it on your server (and bundle that with the resolve condition \`node\`, or \`workerd\` ` +
      'for an edge worker). ' +
      '`operations`, `openMerchant`, `openPushChannel` and `betaVerification` work here, for tools.',
  );
}
