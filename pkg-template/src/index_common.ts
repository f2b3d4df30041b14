export { RealNameError } from './error';
export type { ForeignError } from './foreign';
export type {
  Ask,
  CallOptions,
  ClientInCloudRun,
  ClientOptions,
  ClientSettings,
  ClientWithSecret,
  ClientWithToken,
} from './client';
export type { Exchange, OnExchange } from './exchange';
export type { Explanation, ReturnCodes, Texts } from './explain';
export type { AbortSignalLike } from './limit';
export { betaVerification } from './beta_verification';
export type { BetaVerificationTimes } from './beta_verification';
// Declarations alone.
export * from './generated/core_types';
export { checkCreditCode } from './credit_code';
export type { CompanyCodeKind, CreditCodeCheck } from './credit_code';
export { checkIdCard } from './id_card';
export type { IdCardArea, IdCardCheck, IdCardFacts, IdCardFault } from './id_card';
export { openMerchant } from './merchant';
export type { Merchant, MerchantEngine, MerchantFile, MerchantKeyFiles, MerchantOptions, MerchantP12 } from './merchant';
export { operations } from './operations';
export type { Call, CallContext, MedicalKeys, OperationCalls, Response } from './operations';
export type { AuthorizedMiniProgram, Platform, PlatformOptions } from './platform';
export { openPushChannel } from './push';
export type { PushChannel, PushChannelOptions, PushDelivery } from './push';
export type { PushHandler, PushHandlerOptions } from './push_handler';
export type {
  CloudBaseHttpEvent,
  CloudBaseHttpResult,
  NodeRequest,
  NodeResponse,
  WebRequest,
  WebResponse,
} from './push_http';
export { replayIn } from './store';
export type { ReplayStore, Store } from './store';
export type { FetchLike, FetchedResponse } from './send';
export { version } from './generated/version';
