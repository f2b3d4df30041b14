const { realNameCodeFrom } = require('wechat-realname/miniprogram');
const { ENV } = require('./backend');

App({
  globalData: { realNameCode: undefined },

  onLaunch() {
    if (wx.cloud) wx.cloud.init({ env: ENV });
  },

  onShow(options) {
    // The phone may have ended the mini program while the user was at WeChat's page: then the code comes with a cold start.
    this.globalData.realNameCode = realNameCodeFrom(options) ?? this.globalData.realNameCode;
  },
});
