import { RealNameError } from './error';

/** A mistake in the set-up, found before any call. */
export const configuration = (field: string, reason: string) => mistake('CONFIGURATION', field, reason);

/** A parameter that can never be right. */
export const invalid = (field: string, reason: string) => mistake('INVALID_ARGUMENT', field, reason);

function mistake(code: 'CONFIGURATION' | 'INVALID_ARGUMENT', field: string, reason: string): RealNameError {
  return new RealNameError({ code, message: `${field}: ${reason}`, field, action: 'fix_request' });
}

/** A parameter that is found wrong in `work` is a mistake in the set-up. */
export function asConfiguration<T>(work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    const mistaken = thrown instanceof RealNameError && thrown.code === 'INVALID_ARGUMENT';
    throw mistaken ? Object.assign(thrown, { code: 'CONFIGURATION' }) : thrown;
  }
}
