// As much of the mini program's `wx` as is used. Any of it may be missing: base libraries are of all ages, and tools
// load this package where there is no mini program at all.

/**
 * How the user came into the mini program, as `App.onLaunch`, `App.onShow`, `wx.onAppShow` and `wx.getEnterOptionsSync()`
 * say it; as much of it as is read.
 */
export interface EnterOptions {
  /** 1038: back from another mini program. */
  readonly scene?: number | undefined;
  /** Where from; some base libraries leave it out where there is nothing to say. */
  readonly referrerInfo?:
    | {
        /** The other mini program. */
        readonly appId?: string | undefined;
        /** What it hands over. */
        readonly extraData?: unknown;
      }
    | undefined;
  /** The parameters of the path that was opened. */
  readonly query?: { readonly [name: string]: unknown } | undefined;
}

/** How WeChat answers a call. */
interface Callbacks {
  success: () => void;
  fail: (result?: unknown) => void;
}

interface Wx {
  navigateToMiniProgram?(options: {
    appId: string;
    path: string;
    success: () => void;
    fail: (result?: { errMsg?: unknown }) => void;
  }): unknown;
  onAppShow?(listener: (options?: EnterOptions) => void): void;
  offAppShow?(listener: (options?: EnterOptions) => void): void;
  getStorageSync?(key: string): unknown;
  setStorageSync?(key: string, value: unknown): void;
  checkIsSupportFacialRecognition?(options: Callbacks): unknown;
  requestFacialVerify?(options: Callbacks & { verifyId: string }): unknown;
}

declare const wx: Wx | undefined;

/** @internal The global `wx`, looked up when it is used. */
export const host = (): Wx => (typeof wx === 'undefined' ? {} : wx);

/** @internal A property of whatever was handed in. */
export const property = (of: unknown, name: string): unknown =>
  typeof of === 'object' && of !== null ? (of as Record<string, unknown>)[name] : undefined;

/** @internal A text that can be a code or a token, as it is. */
export const text = (value: unknown, longest: number): string | undefined =>
  typeof value === 'string' && value !== '' && value.length <= longest ? value : undefined;
