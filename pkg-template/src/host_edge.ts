import type { Host, Server } from './host';
import { onServersOnly, randomValues } from './host_web';
import { configuration } from './mistake';

let core: object;

/** Hands in the `WebAssembly.Module`, before anything else is called. */
export function provide(module: object): void {
  core = module;
}

/** Edge runtimes: they compile WebAssembly when the worker is deployed, and at no other time. */
export const host: Host = {
  core: () => core,
  extras: onServersOnly,
  entropy: randomValues,
};

export const server: Server = {
  send: async () => {
    throw configuration('fetch', 'this runtime has none: hand one in');
  },
  readText: async () => {
    throw Object.assign(new Error(), { code: 'ENOSYS' });
  },
  // A worker's request that ends takes with it what it has begun, and its promises are never settled.
  outlivesRequests: false,
};
