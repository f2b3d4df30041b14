// The user's name and ID number, with the user's consent.
const { authTokenFrom, realNameAuthButton } = require('wechat-realname/miniprogram');
const backend = require('../../backend');

Page({
  data: {
    // A first- and a second-level category of your mini program: getCategory lists them.
    button: realNameAuthButton({ categoryId: [99, 904] }),
    person: null,
    hint: '',
    busy: false,
  },

  async onAuth(event) {
    const asked = authTokenFrom(event);
    if (asked.outcome === 'cancelled') return this.setData({ hint: '您没有授权' });
    if (asked.outcome === 'failed') return this.setData({ hint: '暂时无法授权，请换一种方式认证' });

    this.setData({ busy: true, hint: '' });
    const { name, lastFour, hint = '' } = await backend.read(asked.authToken);
    this.setData({ person: hint ? null : { name, lastFour }, hint, busy: false });
  },
});
