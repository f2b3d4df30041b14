/**
 * The mini program's side of the real-name interfaces: what a page does before and after the calls of its server. No
 * secret, no WebAssembly, no request of its own.
 *
 * Run 工具 › 构建 npm in WeChat's DevTools once, then `require('wechat-realname/miniprogram')`, or `import`.
 *
 * @module wechat-realname/miniprogram
 */
export { checkIdCard } from './id_card';
export type { IdCardArea, IdCardCheck, IdCardFacts, IdCardFault } from './id_card';
export { askForRealNameCode, realNameCodeFrom } from './miniprogram/ask';
export type { AskOutcome } from './miniprogram/ask';
export { authTokenFrom, realNameAuthButton } from './miniprogram/button';
export type { AuthTokenOutcome, InvalidArgument, RealNameAuthButton, RealNameAuthEvent } from './miniprogram/button';
export { verifyFace } from './miniprogram/face';
export type { FaceOutcome, WeChatSays } from './miniprogram/face';
export { medicalAuthCodeFrom } from './miniprogram/medical';
export type { EnterOptions } from './miniprogram/wx';
export type { AlreadyAsking, Cancelled, Failed } from './miniprogram/refusal';
