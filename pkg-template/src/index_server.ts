// What Node and edge runtimes have in common.
export { createClient } from './client';
export * from './index_common';
export { createPlatform } from './platform';
export { createPushHandler } from './push_handler';
