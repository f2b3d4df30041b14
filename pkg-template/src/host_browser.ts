import { inflateSync } from 'fflate';

import core from './generated/core.deflate';
import type { Host } from './host';
import { onServersOnly, randomValues } from './host_web';

/** A browser. */
export const host: Host = {
  // Browsers undo compression by themselves only asynchronously.
  core: () => inflateSync(Uint8Array.from(atob(core), (character) => character.charCodeAt(0))),
  needs:
    "a page's Content-Security-Policy needs script-src 'wasm-unsafe-eval', an edge runtime the resolve condition `workerd` or " +
    '`edge-light`',
  extras: onServersOnly,
  entropy: randomValues,
};
