// Stands in for the globals in Node's build: environments that play a browser, such as Jest's, take them away. Only there is
// node:util loaded: on Node 24 that brings a hundred files of Node's own, of streams and of workers.
const util = (): typeof import('node:util') => require('node:util');

export const TextDecoder = globalThis.TextDecoder ?? util().TextDecoder;
export const TextEncoder = globalThis.TextEncoder ?? util().TextEncoder;
