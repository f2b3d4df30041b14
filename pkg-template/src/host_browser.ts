import { inflateSync } from 'fflate';

import core from './generated/core.deflate';
import type { Host } from './host';
import { onServersOnly, randomValues } from './host_web';

/** A browser. */
export const host: Host = {
  // Browsers undo compression by themselves only asynchronously.
  core: () => inflateSync(Uint8Array.from(atob(core), (character) => character.charCodeAt(0))),
  extras: onServersOnly,
  entropy: randomValues,
};
