import type { Host, Server } from './host';
import { onServersOnly, randomValues } from './host_web';
import { configuration } from './mistake';

let core: object;

/** Hands in what the import of core.wasm gave, before anything else is called. */
export function provide(module: object): void {
  core = module;
  const { WebAssembly } = globalThis as unknown as { WebAssembly: { Module: { prototype: object } } };
  // Some runtimes compile it in another realm, where it is one all the same; only `instanceof` does not know.
  if (kindOf(module) === '[object WebAssembly.Module]') Reflect.setPrototypeOf(module, WebAssembly.Module.prototype);
}

const kindOf = (value: unknown): string => Object.prototype.toString.call(value);

/** Edge runtimes: they compile WebAssembly when the worker is deployed, and at no other time. */
export const host: Host = {
  core: () => core,
  get needs() {
    return `the import of core.wasm must give a WebAssembly.Module, and gave ${kindOf(core)}`;
  },
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
