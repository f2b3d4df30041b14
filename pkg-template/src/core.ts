import { host } from '#host';

import * as glue from './generated/core.js';
import { Instance, type Held } from './instance';

/** The module that every call goes through. */
export const core = new Instance(glue, host);

/** Randomness from the host. */
export const { entropy } = host;

export type HeldMerchant = Held<glue.MerchantHandle>;

let noMerchant: HeldMerchant | undefined;

/** The handle of a merchant, or the one that stands for none. */
export function handleOf(merchant: HeldMerchant | undefined): glue.MerchantHandle {
  if (merchant) return merchant.handle;
  if (!noMerchant?.isAlive) noMerchant = core.hold('merchant', ({ MerchantHandle }) => MerchantHandle.none());
  return noMerchant.handle;
}
