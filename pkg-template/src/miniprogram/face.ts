import { isSecondTap, isUsersDoing, message, saysNotAdmitted, type AlreadyAsking, type Cancelled, type Failed } from './refusal';
import { host, property, text } from './wx';

/** What became of a face check, as far as the phone knows. Whether it was passed, your server alone learns. */
export type FaceOutcome =
  | {
      /** WeChat says that it is over. That is no result: have your server ask for it now. */
      readonly outcome: 'finished';
    }
  | Cancelled
  | AlreadyAsking
  | (WeChatSays & {
      /** This phone, or its WeChat, cannot do it: offer another way of identifying. */
      readonly outcome: 'unsupported';
      /** WeChat itself is too old, so that an update helps. */
      readonly outdated: boolean;
    })
  | (Failed &
      WeChatSays & {
        /** This mini program is not admitted to face checks (reported): trying again is of no use. */
        readonly notAdmitted: boolean;
      });

/** What WeChat gives as the reason; for developers, not for users. */
export interface WeChatSays {
  /** WeChat's text, of at most 200 characters. */
  readonly errMsg: string;
  /** WeChat's number, where one came. */
  readonly errCode?: number;
}

interface Attempt {
  /** When it began, or WeChat's page was asked for, in milliseconds. */
  since: number;
  end(outcome: FaceOutcome): void;
}

type Call = 'checkIsSupportFacialRecognition' | 'requestFacialVerify';

/** As WeChat documents it. */
const LONGEST_ID = 256;

const CANCELLED = [90002, 90003, 90004, 90005, 90006, 90100];
/** "auth deny" beside one of them is about the camera or the microphone. */
const NOT_PERMITTED = [90008, 90009, 90010];
const UNSUPPORTED = [90001, 90109];

let waiting: Attempt | undefined;

/**
 * Has WeChat compare the user's face with the ID card that `verifyId` stands for, for `getVerifyId` and `queryVerifyInfo` of
 * your server. The promise is never rejected.
 *
 * **Success is a hint, never the result.** Whatever the outcome, have your server ask with `queryVerifyInfo`: only its
 * `passed` counts. WeChat reports success for the wrong face too (reported), a mini program can be made to say anything, and
 * what was not answered to the phone may have passed.
 *
 * `verifyId` comes from your server and is good for one user of one mini program, for an hour. WeChat does not ask for a tap,
 * so it may be fetched in the handler of the same one.
 *
 * | what happens | outcome |
 * |---|---|
 * | the face check is over, passed or not | `finished` |
 * | the user goes back or cancels, on any of WeChat's pages | `cancelled` |
 * | it is called again within three seconds | `already_asking` for that call; the first one goes on waiting |
 * | it is called again later, where WeChat did not answer | `failed` for the first one; the face check begins anew |
 * | the phone has no front camera (`errCode` 10001) or not yet WeChat's model (10002), or is on its list (10003); 90001, 90109 | `unsupported` |
 * | base library before 3.8.12, or a WeChat that does not know the call | `unsupported`, and `outdated` |
 * | this mini program is not admitted | `failed`, and `notAdmitted` |
 * | camera (`errCode` 90008), microphone (90009) or both (90010) are not permitted | `failed` |
 * | the network, bad light, a `verifyId` that is no text of 1 to 256 characters, all else | `failed` |
 *
 * An `errCode` from 90001 on is one of WeChat's `verify_ret`, which `explain('queryVerifyInfo', errCode)` knows (so far known
 * of WeChat for Android).
 *
 * Disable the button from the tap to the outcome, and enable it in the page's `onShow` too: where WeChat does not answer, the
 * promise stays open until the next call. A phone may also end the mini program while the camera is in use, and the promise
 * with it: let the page ask your server when it is opened.
 *
 * WeChat has it in no plugin. Try it on a phone, with a preview.
 * WeChat's documents: 小程序 › API › 开放接口 › 人脸; 城市服务 › 微信人脸核身.
 *
 * @example
 * ```ts
 * async onVerify() {
 *   this.setData({ busy: true });
 *   const { verifyId } = await this.begin(); // your server: getVerifyId
 *   const checked = await verifyFace(verifyId);
 *   if (checked.outcome === 'already_asking') return;
 *   const { passed } = await this.finish(); // your server: queryVerifyInfo
 *   if (checked.outcome === 'unsupported') this.setData({ hint: checked.outdated ? '请更新微信后重试' : '请换一种方式认证' });
 *   this.setData({ passed, busy: false });
 * }
 * ```
 */
export function verifyFace(verifyId: string): Promise<FaceOutcome> {
  // From a server, so it may be missing at any time: no reason to throw in a page.
  if (text(verifyId, LONGEST_ID) === undefined) {
    return Promise.resolve(broken('verifyFace:fail verifyId must be a text of 1 to 256 characters'));
  }
  // The page that calls is in front, so WeChat's is gone, or never came.
  if (waiting && !isSecondTap(waiting.since)) waiting.end(broken('verifyFace:fail WeChat did not answer'));
  if (waiting) return Promise.resolve<FaceOutcome>({ outcome: 'already_asking' });
  const wx = host();
  if (!wx.checkIsSupportFacialRecognition || !wx.requestFacialVerify) {
    const errMsg = 'verifyFace:fail needs a mini program with base library 3.8.12 or later';
    return Promise.resolve<FaceOutcome>({ outcome: 'unsupported', errMsg, outdated: true });
  }
  return new Promise((resolve) => {
    const attempt: Attempt = {
      since: Date.now(),
      end(outcome) {
        if (waiting !== attempt) return;
        waiting = undefined;
        resolve(outcome);
      },
    };
    waiting = attempt;
    ask('checkIsSupportFacialRecognition', {})
      .then(() => {
        // So late that another call has begun: that one has WeChat's page.
        if (waiting !== attempt) return undefined;
        attempt.since = Date.now();
        return ask('requestFacialVerify', { verifyId });
      })
      .then(() => attempt.end({ outcome: 'finished' }), attempt.end);
  });
}

/** Rejected with the outcome. WeChat's first answer counts. */
function ask(call: Call, options: object): Promise<void> {
  return new Promise((resolve, reject: (outcome: FaceOutcome) => void) => {
    const callbacks = { success: () => resolve(), fail: (result: unknown) => reject(refused(call, result)) };
    try {
      (host() as Record<Call, (options: object) => void>)[call]({ ...options, ...callbacks });
    } catch {
      reject(broken(`${call}:fail it threw an error`));
    }
  });
}

function refused(call: Call, result: unknown): FaceOutcome {
  const errMsg = message(text(property(result, 'errMsg'), Infinity) ?? `${call}:fail`);
  const code = property(result, 'errCode');
  const says: WeChatSays = typeof code === 'number' ? { errMsg, errCode: code } : { errMsg };
  // Nothing follows a spread: of that, esbuild makes what ES2015 does not have.
  if (saysNotAdmitted(errMsg) || property(result, 'errno') === 102) return { outcome: 'failed', notAdmitted: true, ...says };
  const outdated = /function not exist/i.test(errMsg);
  const { errCode = 0 } = says;
  if (call === 'checkIsSupportFacialRecognition' || outdated || UNSUPPORTED.indexOf(errCode) >= 0) {
    return { outcome: 'unsupported', outdated, ...says };
  }
  const isCancelled = CANCELLED.indexOf(errCode) >= 0 || (NOT_PERMITTED.indexOf(errCode) < 0 && isUsersDoing(errMsg));
  return isCancelled ? { outcome: 'cancelled' } : { outcome: 'failed', notAdmitted: false, ...says };
}

const broken = (errMsg: string): FaceOutcome => ({ outcome: 'failed', errMsg, notAdmitted: false });
