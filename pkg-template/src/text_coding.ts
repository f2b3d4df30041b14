// Stands in for the globals in Node's build: environments that play a browser, such as Jest's, take them away.
import * as util from 'node:util';

export const TextDecoder = globalThis.TextDecoder ?? util.TextDecoder;
export const TextEncoder = globalThis.TextEncoder ?? util.TextEncoder;
