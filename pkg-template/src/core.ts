import { host } from '#host';

import { RealNameError, foreign, type ForeignError } from './error';
import * as glue from './generated/core.js';
import type { ErrorReport } from './generated/core_types';

/** Counts the instances of the module: a handle of an earlier one is dead. */
let generation = 0;
let loaded = false;
let noMerchant: glue.MerchantHandle | undefined;

/** Calls that are under way: more than one where the caller's entropy function calls back in. */
let depth = 0;
/** One of them trapped: the instance's memory can no longer be trusted. */
let trapped = false;

/** Runs `work` on the core, which is loaded by the first call. Whatever it throws comes out as a `RealNameError`. */
export function run<T>(work: (core: typeof glue) => T): T {
  load();
  depth += 1;
  try {
    const result = trapped ? undefined : work(glue);
    if (trapped) throw fault();
    return result as T;
  } catch (thrown) {
    if (thrown instanceof RealNameError) throw thrown;
    if (isReport(thrown)) throw new RealNameError(thrown);
    trapped = true;
    throw fault(foreign(thrown));
  } finally {
    depth -= 1;
    // A fresh instance serves the calls to come; not before the last call has left the old one.
    if (trapped && depth === 0) renew();
  }
}

function renew(): void {
  glue.__wbg_reset_state();
  generation += 1;
  noMerchant = undefined;
  trapped = false;
}

function fault(cause?: ForeignError): RealNameError {
  return new RealNameError({ code: 'INTERNAL', message: 'a fault in wechat-realname; please report it' }, cause);
}

/** A handle, and which instance of the module it belongs to. */
export interface Held {
  readonly handle: glue.MerchantHandle;
  readonly generation: number;
}

export function hold(open: (core: typeof glue) => glue.MerchantHandle): Held {
  return { handle: run(open), generation };
}

export function isAlive(held: Held): boolean {
  return held.generation === generation;
}

/** The handle itself, if its instance still lives. */
export function handleOf(held: Held | undefined): glue.MerchantHandle {
  if (!held) return (noMerchant ??= run((core) => core.MerchantHandle.none()));
  if (isAlive(held)) return held.handle;
  // No key is kept outside the module, so only the caller can open it again.
  throw new RealNameError({
    code: 'INTERNAL',
    message: 'the module was renewed after a fault, and the merchant is gone with it: open it again',
  });
}

/** Randomness from the host. */
export const { entropy } = host;

function load(): void {
  if (loaded) return;
  try {
    glue.initSync({ module: host.core() });
    loaded = true;
  } catch (thrown) {
    throw new RealNameError(
      {
        code: 'CONFIGURATION',
        message:
          "WebAssembly could not be started here; a page's Content-Security-Policy needs script-src 'wasm-unsafe-eval'",
      },
      foreign(thrown),
    );
  }
}

function isReport(thrown: unknown): thrown is ErrorReport {
  return typeof thrown === 'object' && thrown !== null && !(thrown instanceof Error) && 'code' in thrown;
}
