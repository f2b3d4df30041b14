import { LONGEST_CODE, once } from './code';
import { failed, isSecondTap, refusal, type AlreadyAsking, type Cancelled, type Failed } from './refusal';
import { host, property, text, type EnterOptions } from './wx';

/** WeChat's own mini program 城市服务, which has the consent page. */
const CITY_SERVICE = 'wx308bd2aeb83d3345';

/** Back from another mini program. */
const SCENE = 1038;

/** What became of a question to the user. */
export type AskOutcome =
  | {
      /** The user agreed. */
      readonly outcome: 'code';
      /** For one `checkRealNameInfo` of your server, soon: send it on as it is, and do not log it. */
      readonly code: string;
    }
  | Cancelled
  | AlreadyAsking
  | Failed;

interface Attempt {
  /** The user was led away, so that the next time the mini program is shown is the return. */
  away: boolean;
  /** When it began, in milliseconds. */
  since: number;
  end(outcome: AskOutcome): void;
}

let waiting: Attempt | undefined;
let listening = false;

/**
 * Sends the user to WeChat's consent page for `checkRealNameInfo`, and waits for the return. The promise is never rejected.
 * Where WeChat does not report the return, it stays open until the next tap: do not disable the button meanwhile.
 *
 * Call it in the handler of a tap, before anything is awaited: WeChat opens another mini program only then. Ask for the name
 * and the number before, because the code is for one check.
 *
 * | what the user does | outcome |
 * |---|---|
 * | agrees | `code` |
 * | declines WeChat's question whether to open the other mini program | `cancelled` |
 * | comes back without agreeing, in whatever way, or with a code that was handed out before | `cancelled` |
 * | taps again before WeChat's question is answered | `already_asking` for that tap; the first one goes on waiting |
 * | taps again later, after a return that WeChat did not report, or where WeChat never asked | `cancelled` for the first one; the page is opened anew |
 * | cannot be led there: base library before 2.1.2, not in a tap handler | `failed` |
 *
 * A user may agree later still, through WeChat's list of recent mini programs, and while the user is away the phone may end
 * your mini program, and the promise with it. So hand the options of every `App.onShow` to `realNameCodeFrom` too.
 *
 * WeChat's DevTools do not go to other mini programs; try it on a phone, with a preview.
 * WeChat's documents: 城市服务 › 实名信息校验; 小程序 › API › 跳转 › wx.navigateToMiniProgram; 小程序 › API › 应用级事件 › wx.onAppShow.
 *
 * @example
 * ```ts
 * async onTap() {
 *   const asked = await askForRealNameCode();
 *   if (asked.outcome === 'code') await this.check(asked.code);
 *   if (asked.outcome === 'cancelled') wx.showToast({ title: '需要您的同意', icon: 'none' });
 *   if (asked.outcome === 'failed') wx.showToast({ title: '暂时无法打开微信的页面', icon: 'none' });
 * }
 * ```
 */
export function askForRealNameCode(): Promise<AskOutcome> {
  // A page that can be tapped is in front: who was away is back, however quietly. So is whoever WeChat never asked.
  if (waiting && (waiting.away || !isSecondTap(waiting.since))) waiting.end({ outcome: 'cancelled' });
  if (waiting) return Promise.resolve<AskOutcome>({ outcome: 'already_asking' });
  const wx = host();
  if (!wx.onAppShow || !wx.navigateToMiniProgram) {
    return Promise.resolve(failed('askForRealNameCode:fail needs a mini program with base library 2.1.2 or later'));
  }
  return new Promise((resolve) => {
    const attempt: Attempt = {
      away: false,
      since: Date.now(),
      end(outcome) {
        if (waiting !== attempt) return;
        waiting = undefined;
        stopListening();
        resolve(outcome);
      },
    };
    waiting = attempt;
    try {
      // Before the user leaves, so that no return is missed.
      if (!listening) wx.onAppShow!(shown);
      listening = true;
      wx.navigateToMiniProgram!({
        appId: CITY_SERVICE,
        path: 'subPages/city/wxpay-auth/main',
        success: () => void (attempt.away = true),
        fail: (result) => attempt.end(refusal(result?.errMsg, 'navigateToMiniProgram:fail')),
      });
    } catch {
      attempt.end(failed('navigateToMiniProgram:fail it threw an error'));
    }
  });
}

/**
 * The code that the user brings back from WeChat's consent page, or `undefined` where there is none to be had.
 *
 * For the codes that no promise waits for any more. The phone may end a mini program while the user is at WeChat's page;
 * the return is a cold start then. In `app.js`, for that and every other late return:
 *
 * ```ts
 * App({
 *   onShow(options) {
 *     const code = realNameCodeFrom(options); // or of wx.getEnterOptionsSync(), anywhere
 *     if (code !== undefined) this.globalData.realNameCode = code;
 *   },
 * });
 * ```
 *
 * Each code is handed out once, here or by `askForRealNameCode`, which has it alone while it waits. What is kept of it under
 * the key `wechat-realname:spent-codes` of `wx.setStorageSync` is a hash. Believed is only WeChat's own mini program (scene
 * 1038, `wx308bd2aeb83d3345`). The code may be a text or `{ auth_code }` in WeChat's data; it is returned as it came, and must
 * not be percent-encoded on its way to your server either.
 *
 * WeChat's documents: 城市服务 › 实名信息校验; 小程序 › API › 生命周期 › wx.getEnterOptionsSync.
 */
export function realNameCodeFrom(enterOptions: EnterOptions | undefined): string | undefined {
  return waiting ? undefined : once(codeIn(enterOptions));
}

/** Handed on as it came, neither decoded nor encoded; the library refuses one that is percent-encoded. */
function codeIn(options: EnterOptions | undefined): string | undefined {
  const referrer = property(options, 'referrerInfo');
  if (property(options, 'scene') !== SCENE || property(referrer, 'appId') !== CITY_SERVICE) return undefined;
  const code = property(property(referrer, 'extraData'), 'code');
  return text(code, LONGEST_CODE) ?? text(property(code, 'auth_code'), LONGEST_CODE);
}

function shown(options?: EnterOptions): void {
  if (!waiting) return;
  const code = once(codeIn(options));
  if (code !== undefined) waiting.end({ outcome: 'code', code });
  else if (waiting.away) waiting.end({ outcome: 'cancelled' });
  // WeChat's question is still open, and the user was elsewhere meanwhile. Should its answer be lost, the next time counts.
  else waiting.away = true;
}

/** Where that cannot be done, the one listener stays, and is used again. */
function stopListening(): void {
  const wx = host();
  if (!wx.offAppShow) return;
  wx.offAppShow(shown);
  listening = false;
}
