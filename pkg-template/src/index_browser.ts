export { createClient, createPlatform, createPushHandler } from './client_stub';
export * from './index_common';
