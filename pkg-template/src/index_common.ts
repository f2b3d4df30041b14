export { RealNameError } from './error';
export type { ForeignError } from './foreign';
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
  CertificateReport,
  Check,
  CheckState,
  CheckRealNameInfoOutcome,
  CheckRealNameInfoParams,
  ErrorCode,
  Finding,
  GetCategoryOutcome,
  GetCategoryParams,
  GetRealNameInfoParams,
  MerchantReport,
  Operations,
  RealNameInfo,
  Request,
  Verdict,
} from './generated/core_types';
export { openMerchant } from './merchant';
export type { Merchant, MerchantFile, MerchantKeyFiles, MerchantOptions, MerchantP12 } from './merchant';
export { operations } from './operations';
export type { Call, CallContext, OperationCalls, Response } from './operations';
export type { FetchLike, FetchedResponse } from './send';
export { version } from './generated/version';
