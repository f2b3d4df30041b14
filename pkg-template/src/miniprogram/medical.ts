import { LONGEST_CODE, once } from './code';
import { property, text, type EnterOptions } from './wx';

/**
 * The code with which 微信长辈就医 opens a hospital's mini program, for `getMedicalRealName`, or `undefined` where there is
 * none to be had. Your server has ten minutes for it. Hand on the options of every `App.onShow`:
 *
 * ```ts
 * App({
 *   onShow(options) {
 *     const code = medicalAuthCodeFrom(options); // or of wx.getEnterOptionsSync(), anywhere
 *     if (code !== undefined) this.globalData.wxmedAuthcode = code;
 *   },
 * });
 * ```
 *
 * It is looked for as `referrerInfo.extraData.wxamedAuthcode` (so WeChat spells it there), then as the parameter
 * `wxmed_authcode` of the path that was opened; in a page, `medicalAuthCodeFrom({ query })` of its `onLoad(query)` does too.
 * Each code is handed out once, because a phone may repeat the options of an earlier start; what is kept of it, beside what
 * `realNameCodeFrom` keeps, is a hash. It is returned as it came, neither decoded nor encoded: send it on so, and do not log it.
 *
 * WeChat does not publish the app id of the mini program that hands it over, so the sender cannot be checked: anybody can open
 * your mini program with a text of their own here. What it is worth, WeChat says when your server asks with it and the user's
 * openid.
 *
 * WeChat's documents: 城市服务 › 微信长辈就医; 小程序 › 服务端 › 城市服务 › 微信长辈就医 › 查询用户实名API.
 */
export function medicalAuthCodeFrom(enterOptions: EnterOptions | undefined): string | undefined {
  const extraData = property(property(enterOptions, 'referrerInfo'), 'extraData');
  const query = property(enterOptions, 'query');
  // Android may repeat the code of an earlier start beside the path of this one.
  return codeOf(extraData, 'wxamedAuthcode') ?? codeOf(query, 'wxmed_authcode');
}

const codeOf = (of: unknown, name: string): string | undefined => once(text(property(of, name), LONGEST_CODE));
