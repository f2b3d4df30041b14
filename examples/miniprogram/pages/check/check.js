// Is this name and ID number the one behind the user's WeChat Pay account?
const { askForRealNameCode } = require('wechat-realname/miniprogram');
const backend = require('../../backend');
const { filledIn } = require('../../form');

const VERDICTS = {
  match: '核验通过',
  name_mismatch: '姓名与微信支付的实名信息不一致',
  id_mismatch: '身份证号与微信支付的实名信息不一致',
  not_authenticated: '您的微信支付尚未实名，请换一种方式认证',
  unknown: '暂时无法核验，请稍后再试',
};

const ASKED = {
  cancelled: '需要您在微信的页面上同意',
  failed: '暂时无法打开微信的页面，请稍后再试',
};

Page({
  data: { realName: '', credId: '', hint: '', matched: false, agreed: false, busy: false },

  onShow() {
    this.setData({ agreed: getApp().globalData.realNameCode !== undefined });
  },

  async onCheck() {
    const { name: realName, number: credId, fault } = filledIn(this.data);
    if (fault) return this.setData({ hint: fault, matched: false });

    this.setData({ hint: '', matched: false });
    // Nothing may be awaited before: WeChat opens its page in a tap alone.
    const { outcome, code } = codeOfColdStart() ?? (await askForRealNameCode());
    if (outcome !== 'code') return this.setData({ hint: ASKED[outcome] ?? '' });

    this.setData({ agreed: false, busy: true });
    const { matched = false, verdict, hint } = await backend.check({ code, realName, credId });
    this.setData({ matched, hint: hint ?? VERDICTS[verdict] ?? VERDICTS.unknown, busy: false });
  },
});

/** The code that a cold start brought, for one check. */
function codeOfColdStart() {
  const { globalData } = getApp();
  const code = globalData.realNameCode;
  globalData.realNameCode = undefined;
  return code === undefined ? undefined : { outcome: 'code', code };
}
