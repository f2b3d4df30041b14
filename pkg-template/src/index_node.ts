/**
 * Everything but the sandbox: the client of a mini program, the client of a third-party platform, the push channel, and the
 * operations without a transport.
 *
 * @module wechat-realname
 */
export { createClient } from './client';
export * from './index_common';
export { createPlatform } from './platform';
export { createPushHandler } from './push_handler';
