/**
 * Everything but the sandbox: the client of a mini program, the client of a third-party platform, the push channel, and the
 * operations without a transport.
 *
 * @module wechat-realname
 */
export { explain, returnCodes } from './explain';
export * from './index_server';
