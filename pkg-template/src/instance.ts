// One of the two WebAssembly modules and its glue: loaded at the first call, and made anew after a trap.
import { RealNameError } from './error';
import { foreign, type ForeignError } from './foreign';
import type { ErrorReport } from './generated/core_types';
import type { Host } from './host';

/** What wasm-bindgen generates beside a module's own exports. */
interface Glue {
  initSync(module: { module: Uint8Array | object }): unknown;
  __wbg_reset_state(): void;
  ownMemory(): WebAssemblyMemory;
}

/** As much of `WebAssembly.Memory` as is used. */
interface WebAssemblyMemory {
  readonly buffer: ArrayBuffer;
}

export class Instance<G extends Glue> {
  readonly #glue: G;
  readonly #host: Pick<Host, 'core' | 'needs'>;
  #loaded = false;
  #memory: WebAssemblyMemory | undefined;
  /** Counts the instances: a handle of an earlier one is dead. */
  #generation = 0;
  /** Calls that are under way: more than one where a function of the caller's calls back in. */
  #depth = 0;
  /** One of them trapped: the instance's memory can no longer be trusted. */
  #trapped = false;

  /** `host`: has the module. */
  constructor(glue: G, host: Pick<Host, 'core' | 'needs'>) {
    this.#glue = glue;
    this.#host = host;
  }

  /** Runs `work` on the module. Whatever it throws comes out as a `RealNameError`. */
  run<T>(work: (glue: G) => T): T {
    this.#load();
    // Where that failed before.
    if (this.#trapped && this.#depth === 0) this.#renew();
    this.#depth += 1;
    try {
      const result = this.#trapped ? undefined : work(this.#glue);
      if (this.#trapped) throw fault();
      return result as T;
    } catch (thrown) {
      const before = this.#trapped;
      // A trap, until it is shown to be an error of ours: at the end of the stack, showing it may fail too.
      this.#trapped = true;
      const expected = thrown instanceof RealNameError ? thrown : isReport(thrown) ? new RealNameError(thrown) : undefined;
      if (!expected) throw fault(foreign(thrown));
      this.#trapped = before;
      throw expected;
    } finally {
      this.#depth -= 1;
      // A fresh instance serves the calls to come; not before the last call has left the old one.
      if (this.#trapped && this.#depth === 0) this.#tryToRenew();
    }
  }

  /** What is thrown already says what happened; the next call tries again. */
  #tryToRenew(): void {
    try {
      this.#renew();
    } catch {
      // Out of stack, or of memory.
    }
  }

  /** Keeps a handle, and in mind which instance it belongs to. `name` is what a user knows it as. */
  hold<H>(name: string, open: (glue: G) => H): Held<H> {
    const handle = this.run(open);
    const generation = this.#generation;
    return new Held(name, handle, () => this.#generation === generation);
  }

  #renew(): void {
    // The keys in it are out of reach of their handles, but not gone.
    if (this.#memory) new Uint8Array(this.#memory.buffer).fill(0);
    this.#glue.__wbg_reset_state();
    this.#memory = this.#glue.ownMemory();
    this.#generation += 1;
    this.#trapped = false;
  }

  #load(): void {
    if (this.#loaded) return;
    try {
      this.#glue.initSync({ module: this.#host.core() });
      this.#memory = this.#glue.ownMemory();
      this.#loaded = true;
    } catch (thrown) {
      throw new RealNameError(
        {
          code: 'CONFIGURATION',
          message: `WebAssembly could not be started here: ${this.#host.needs}`,
        },
        foreign(thrown),
      );
    }
  }
}

/** A handle that dies with its instance. */
export class Held<H> {
  readonly #name: string;
  readonly #handle: H;
  readonly #isAlive: () => boolean;

  constructor(name: string, handle: H, isAlive: () => boolean) {
    this.#name = name;
    this.#handle = handle;
    this.#isAlive = isAlive;
  }

  get isAlive(): boolean {
    return this.#isAlive();
  }

  /** The handle itself, if its instance still lives. */
  get handle(): H {
    if (this.isAlive) return this.#handle;
    // No key is kept outside the module, so only the caller can open it again.
    throw new RealNameError({
      code: 'INTERNAL',
      message: `the module was renewed after a fault, and the ${this.#name} is gone with it: open it again`,
    });
  }
}

function fault(cause?: ForeignError): RealNameError {
  return new RealNameError({ code: 'INTERNAL', message: 'a fault in wechat-realname; please report it' }, cause);
}

function isReport(thrown: unknown): thrown is ErrorReport {
  return typeof thrown === 'object' && thrown !== null && !(thrown instanceof Error) && 'code' in thrown;
}
