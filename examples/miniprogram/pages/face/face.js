// Is the user the person of this name and ID number? WeChat looks at the face.
const { verifyFace } = require('wechat-realname/miniprogram');
const backend = require('../../backend');
const { filledIn } = require('../../form');

const VERDICTS = {
  passed: '核身通过',
  cancelled: '您取消了核身',
  not_this_person: '未能确认是您本人，请核对姓名和身份证号后由本人重试',
  try_again: '核身没有完成，请检查网络、光线和摄像头权限后重试',
  unsupported: '这台设备无法核身，请换一种方式认证',
  not_in_source: '暂时查不到您的身份信息，请换一种方式认证',
  not_begun: '请重新开始核身',
};
const LATER = '暂时无法核身，请稍后再试';

Page({
  data: { realName: '', credId: '', hint: '', passed: false, busy: false },

  async onLoad() {
    // The phone may have ended the mini program while the camera was in use: the back end can ask for the result all the same.
    const { passed } = await backend.finishFace();
    if (passed) this.setData({ passed, hint: VERDICTS.passed });
  },

  onShow() {
    // WeChat's page is gone, even if its answer should never come.
    this.setData({ busy: false });
  },

  async onVerify() {
    const { name: certName, number: certNo, fault } = filledIn(this.data);
    if (fault) return this.setData({ hint: fault, passed: false });

    this.setData({ hint: '', passed: false, busy: true });
    const { verifyId, hint: refused } = await backend.beginFace({ certName, certNo });
    if (refused) return this.setData({ hint: refused, busy: false });
    const checked = await verifyFace(verifyId);
    if (checked.outcome === 'already_asking') return this.setData({ busy: false });

    // Whatever the phone says, the back end asks WeChat.
    const { passed = false, verdict, hint } = await backend.finishFace();
    const told = verdict === 'pending' ? hintFor(checked) : (VERDICTS[verdict] ?? LATER);
    this.setData({ passed, hint: hint ?? told, busy: false });
  },
});

/** What the phone knows, where WeChat's servers know nothing yet. */
function hintFor({ outcome, outdated, notAdmitted, errCode }) {
  if (outcome === 'finished') return '结果尚未确定，请稍后再试';
  if (outcome === 'cancelled') return VERDICTS.cancelled;
  if (outcome === 'unsupported') return outdated ? '微信版本过低，请更新微信后重试' : VERDICTS.unsupported;
  if (notAdmitted) return '暂时无法核身，请换一种方式认证';
  return errCode >= 90008 && errCode <= 90010 ? '请允许微信使用摄像头和麦克风后重试' : LATER;
}
