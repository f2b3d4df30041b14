// The files of the mini program. They are texts of ES2015 and WXML that run as they are; the tests run them.

/** `[name, content]` of each file, by what is asked for. What users see in it is Chinese; comments are in `language`. */
export function generate({ what, way, categoryId, server, language }) {
  const address = server.replace(/[/\s]+$/, '');
  // What the user typed comes in here alone, in one pass, so that nothing of it is taken for a part of the template.
  const filled = (content) =>
    content.replace(/#(\w+):?(\w*)#/g, (_, name, route) =>
      name === 'url' ? literal(`${address}/${route}`) : COMMENTS[name][language],
    );
  return filesOf(what, way, categoryId).map(([name, content]) => [name, filled(content)]);
}

const COMMENTS = {
  category: {
    zh: '小程序自己的一级、二级类目 id：服务端调用 getCategory 得到。',
    en: "A first- and a second-level category of this mini program: the server's getCategory lists them.",
  },
  token: {
    zh: '只能用一次：原样交给服务端的 getRealNameInfo，不要写进日志。',
    en: "Works once: for the server's getRealNameInfo, as it is, and not for logs.",
  },
  code: {
    zh: 'code 只能用一次，也不要做百分号编码：原样交给服务端的 checkRealNameInfo。',
    en: "The code works once and must not be percent-encoded: for the server's checkRealNameInfo, as it is.",
  },
  send: { zh: '交给自己的服务端，由它调用微信的接口。', en: "To one's own server, which calls WeChat." },
  kept: { zh: '冷启动时带回来的 code，见 app.js。', en: 'The code that a cold start brought; see app.js.' },
  tap: {
    zh: '跳转必须在点击中直接发起，之前不能有 await。',
    en: 'WeChat opens its page in a tap alone: nothing may be awaited before.',
  },
  cold: {
    zh: '用户在微信的页面上时，系统可能结束小程序：code 随冷启动带回来。',
    en: "The phone may end the mini program while the user is at WeChat's page: then the code comes with a cold start.",
  },
  back: {
    zh: '用户同意后，code 由 App.onShow 带回，见 app.js。',
    en: 'When the user has agreed, App.onShow brings the code; see app.js.',
  },
  first: { zh: 'App.onShow 先于页面的 onShow。', en: "App.onShow comes before the page's." },
  repeated: {
    zh: 'code 可能是文本，也可能是 { auth_code }。安卓微信会重复给出上一次的 code：用过的不要。',
    en: 'The code is a text or { auth_code }. WeChat for Android repeats the last one: what was used is not taken again.',
  },
};

function filesOf(what, way, categoryId) {
  const withPackage = way === 'package';
  if (what === 'read') {
    return [
      ['pages/read/read.wxml', withPackage ? READ_WXML : readWxmlPlain(categoryId)],
      ['pages/read/read.js', withPackage ? readJs(categoryId) : READ_JS_PLAIN],
    ];
  }
  return [
    ['pages/check/check.wxml', CHECK_WXML],
    ['pages/check/check.js', withPackage ? CHECK_JS : CHECK_JS_PLAIN],
    ['app.js', withPackage ? APP_JS : APP_JS_PLAIN],
  ];
}

/** A text of JavaScript, whatever is in it. */
const literal = (value) =>
  `'${JSON.stringify(value).slice(1, -1).replaceAll("'", "\\'").replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}'`;

const READ_WXML = `<button
  type="primary"
  open-type="{{button.openType}}"
  category-id="{{button.categoryId}}"
  bindgetrealnameauthinfo="onAuth"
>微信支付授权</button>
<view>{{hint}}</view>
`;

const readWxmlPlain = ([first, second]) => `<button
  type="primary"
  open-type="getRealnameAuthInfo"
  category-id="{{[${first}, ${second}]}}"
  bindgetrealnameauthinfo="onAuth"
>微信支付授权</button>
<view>{{hint}}</view>
`;

/** The call of one's own server: with the session, and without anything of a person's in the address. */
const send = (route) => `
/** #send# */
function send(data) {
  return new Promise((resolve, reject) => {
    wx.request({
      url: #url:${route}#,
      method: 'POST',
      header: { authorization: 'Bearer ' + wx.getStorageSync('session') },
      data,
      success: (res) => resolve(res.data),
      fail: reject,
    });
  });
}
`;

const readJs = ([first, second]) => `const { authTokenFrom, realNameAuthButton } = require('wechat-realname/miniprogram');

Page({
  data: {
    // #category#
    button: realNameAuthButton({ categoryId: [${first}, ${second}] }),
    hint: '',
  },

  onAuth(event) {
    const asked = authTokenFrom(event);
    if (asked.outcome === 'cancelled') return this.setData({ hint: '您没有授权' });
    if (asked.outcome === 'failed') return this.setData({ hint: '暂时无法授权，请换一种方式认证' });
    // #token#
    return send({ authToken: asked.authToken }).then(
      ({ hint }) => this.setData({ hint: hint || '授权成功' }),
      () => this.setData({ hint: '网络不可用，请重试' })
    );
  },
});
${send('read')}`;

const READ_JS_PLAIN = `Page({
  data: { hint: '' },

  onAuth(event) {
    const detail = event.detail || {};
    const authToken = detail.auth_token;
    if (!authToken) {
      const declined = /cancel|(user|auth) den/i.test(detail.errMsg || '');
      return this.setData({ hint: declined ? '您没有授权' : '暂时无法授权，请换一种方式认证' });
    }
    // #token#
    return send({ authToken }).then(
      ({ hint }) => this.setData({ hint: hint || '授权成功' }),
      () => this.setData({ hint: '网络不可用，请重试' })
    );
  },
});
${send('read')}`;

const CHECK_WXML = `<input model:value="{{realName}}" placeholder="真实姓名" maxlength="50" />
<input model:value="{{credId}}" type="idcard" placeholder="18 位身份证号" maxlength="18" />
<button type="primary" bindtap="onCheck">同意并核验</button>
<view>{{hint}}</view>
`;

const checked = `send({ code, realName, credId }).then(
      ({ matched, hint }) => this.setData({ hint: matched ? '核验通过' : hint || '姓名或身份证号与微信支付的实名信息不一致' }),
      () => this.setData({ hint: '网络不可用，请重试' })
    )`;

const CHECK_JS = `const { askForRealNameCode, checkIdCard } = require('wechat-realname/miniprogram');

Page({
  data: { realName: '', credId: '', hint: '' },

  onCheck() {
    const realName = this.data.realName.trim();
    const credId = this.data.credId.trim().toUpperCase();
    if (!realName) return this.setData({ hint: '请填写姓名' });
    if (!checkIdCard(credId).valid) return this.setData({ hint: '身份证号有误，请核对' });

    // #kept#
    const kept = getApp().globalData.realNameCode;
    getApp().globalData.realNameCode = undefined;
    // #tap#
    const asked = kept === undefined ? askForRealNameCode() : Promise.resolve({ outcome: 'code', code: kept });
    return asked.then(({ outcome, code }) => {
      if (outcome === 'cancelled') return this.setData({ hint: '需要您在微信的页面上同意' });
      if (outcome === 'failed') return this.setData({ hint: '暂时无法打开微信的页面，请稍后再试' });
      if (outcome !== 'code') return undefined;
      return this.check(code, realName, credId);
    });
  },

  /** #code# */
  check(code, realName, credId) {
    return ${checked};
  },
});
${send('check')}`;

const APP_JS = `const { realNameCodeFrom } = require('wechat-realname/miniprogram');

App({
  globalData: { realNameCode: undefined },

  onShow(options) {
    // #cold#
    const code = realNameCodeFrom(options);
    if (code !== undefined) this.globalData.realNameCode = code;
  },
});
`;

const CHECK_JS_PLAIN = `Page({
  data: { realName: '', credId: '', hint: '' },

  onCheck() {
    if (!this.data.realName.trim()) return this.setData({ hint: '请填写姓名' });
    // #tap#
    // #back#
    wx.navigateToMiniProgram({
      appId: 'wx308bd2aeb83d3345',
      path: 'subPages/city/wxpay-auth/main',
      success: () => {
        this.asked = true;
      },
      fail: ({ errMsg }) => this.setData({ hint: /cancel/i.test(errMsg) ? '需要您的同意' : '暂时无法打开微信的页面，请稍后再试' }),
    });
  },

  onShow() {
    if (!this.asked) return undefined;
    this.asked = false;
    const code = getApp().globalData.realNameCode;
    getApp().globalData.realNameCode = undefined;
    if (code === undefined) return this.setData({ hint: '需要您在微信的页面上同意' });
    return this.check(code, this.data.realName.trim(), this.data.credId.trim().toUpperCase());
  },

  /** #code# */
  check(code, realName, credId) {
    return ${checked};
  },
});
${send('check')}`;

const APP_JS_PLAIN = `App({
  globalData: { realNameCode: undefined },
  spent: '',

  // #first#
  onShow(options) {
    const from = options.referrerInfo || {};
    if (options.scene !== 1038 || from.appId !== 'wx308bd2aeb83d3345') return;
    const given = (from.extraData || {}).code;
    // #repeated#
    const code = given && given.auth_code ? given.auth_code : given;
    if (typeof code !== 'string' || code === '' || code === this.spent) return;
    this.spent = code;
    this.globalData.realNameCode = code;
  },
});
`;
