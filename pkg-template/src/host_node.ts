import { randomFillSync } from 'node:crypto';
import { brotliDecompressSync } from 'node:zlib';

import core from './generated/core.brotli';
import type { extras } from './extras';

/** What the core needs of the machine it runs on; this is Node's, and that of those who are like it. */
export const host = {
  /** The core's bytes. Compressed, the file is less than half the size; undoing that takes four milliseconds, once. */
  core: (): Uint8Array => brotliDecompressSync(Buffer.from(core, 'base64')),
  /** The second module, loaded by the first call for it. */
  extras: (_field: string): typeof extras => require('./extras').extras,
  // node:crypto rather than the global: Node 16 and 18 have no global `crypto`.
  entropy: (length: number): Uint8Array => randomFillSync(new Uint8Array(length)),
};
