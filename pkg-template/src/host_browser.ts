import core from './generated/core.wasm';

/** What the core needs of the machine it runs on; this is a browser's. */
export const host = {
  /** The core's bytes. */
  core: (): Uint8Array => Uint8Array.from(atob(core), (character) => character.charCodeAt(0)),
  entropy: (length: number): Uint8Array => globalThis.crypto.getRandomValues(new Uint8Array(length)),
};
