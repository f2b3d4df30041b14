export { RealNameError } from './error';
export type { ForeignError } from './error';
export type {
  AbortSignalLike,
  CallOptions,
  Client,
  ClientOptions,
  Exchange,
} from './client';
export type {
  Action,
  Category,
  CheckRealNameInfoOutcome,
  CheckRealNameInfoParams,
  ErrorCode,
  GetCategoryOutcome,
  GetCategoryParams,
  GetRealNameInfoParams,
  Operations,
  RealNameInfo,
  Request,
  Verdict,
} from './generated/core_types';
export { openMerchant } from './merchant';
export type { Merchant, MerchantOptions } from './merchant';
export { operations } from './operations';
export type { Call, CallContext, OperationCalls, Response } from './operations';
export type { FetchLike, FetchedResponse } from './send';
export { version } from './generated/version';
