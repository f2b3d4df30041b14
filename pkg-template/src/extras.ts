// The second module, which most processes never load: the sandbox, and the readers of files under a password.
import { brotliDecompressSync } from 'node:zlib';

import module from './generated/extras.brotli';
import * as glue from './generated/extras.js';
import { Instance } from './instance';

export const extras = new Instance(glue, {
  core: () => brotliDecompressSync(Buffer.from(module, 'base64')),
  needs: 'the process must allow WebAssembly',
});
