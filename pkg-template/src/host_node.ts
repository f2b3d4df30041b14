import core from './generated/core.brotli';
import type { Host, Server } from './host';
import { sendWithNode } from './send_node';

// Node's own modules are loaded where they are used: a cold start waits for no others. Bundlers see these calls too.

/** Node, and those who are like it. */
export const host: Host = {
  // Compressed, the file is a third of the size; undoing that takes three milliseconds, once. In one chunk, it is not
  // put together of fifty.
  core: () => {
    const { brotliDecompressSync }: typeof import('node:zlib') = require('node:zlib');
    return brotliDecompressSync(Buffer.from(core, 'base64'), { chunkSize: 2 ** 20 });
  },
  needs: 'the process must allow WebAssembly',
  extras: (_field) => require('./extras').extras,
  // node:crypto rather than the global: Node 16 and 18 have no global `crypto`.
  entropy: (length) => {
    const { randomFillSync }: typeof import('node:crypto') = require('node:crypto');
    return randomFillSync(new Uint8Array(length));
  },
  privateKeys: {
    open(privateKey) {
      const crypto: typeof import('node:crypto') = require('node:crypto');
      const key = crypto.createPrivateKey({ key: Buffer.from(privateKey.buffer), format: 'der', type: 'pkcs1' });
      const options = { key, padding: crypto.constants.RSA_NO_PADDING };
      return (representative) => {
        const computed = crypto.privateDecrypt(options, representative);
        // Into the core's own bytes: where Jest plays a browser, a Buffer is no Uint8Array of the page's.
        representative.set(computed);
        computed.fill(0);
        return representative;
      };
    },
    get preferred() {
      return isCareful(process.versions);
    },
  },
};

/**
 * Whether what is behind node:crypto blinds, and takes the same time for every number. BoringSSL does, in Bun and Electron, and
 * OpenSSL from 1.1.1t and 3.0.8 on: before, a clock told of what RSA decrypted, whatever the padding (CVE-2022-4304). What Deno
 * has there is not known to.
 */
function isCareful({ bun, deno, electron, openssl = '' }: NodeJS.ProcessVersions): boolean {
  if (deno !== undefined) return false;
  if (bun !== undefined || electron !== undefined) return true;
  const [, major, minor, patch, letter = ''] = /^(\d+)\.(\d+)\.(\d+)([a-z]?)/.exec(openssl) ?? [];
  const number = Number(major) * 10_000 + Number(minor) * 100 + Number(patch);
  return number >= 3_00_08 || (number === 1_01_01 && letter >= 't');
}

export const server: Server = {
  send: sendWithNode,
  readText: (file) => {
    const { readFile }: typeof import('node:fs/promises') = require('node:fs/promises');
    return readFile(file, 'utf8');
  },
  outlivesRequests: true,
};
