import { constants, createPrivateKey, privateDecrypt, randomFillSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { brotliDecompressSync } from 'node:zlib';

import core from './generated/core.brotli';
import type { Host, Server } from './host';
import { sendWithNode } from './send_node';

/** Node, and those who are like it. */
export const host: Host = {
  // Compressed, the file is less than half the size; undoing that takes four milliseconds, once.
  core: () => brotliDecompressSync(Buffer.from(core, 'base64')),
  needs: 'the process must allow WebAssembly',
  extras: (_field) => require('./extras').extras,
  // node:crypto rather than the global: Node 16 and 18 have no global `crypto`.
  entropy: (length) => randomFillSync(new Uint8Array(length)),
  privateKeys: {
    open(privateKey) {
      const key = createPrivateKey({ key: Buffer.from(privateKey.buffer), format: 'der', type: 'pkcs1' });
      return (representative) => privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, representative);
    },
    // Behind node:crypto are OpenSSL and, in Bun and Electron, BoringSSL: both blind, and take the same time for every number.
    // What Deno has there is not known to.
    preferred: !('Deno' in globalThis),
  },
};

export const server: Server = {
  send: sendWithNode,
  readText: (file) => readFile(file, 'utf8'),
  outlivesRequests: true,
};
