// The four ways to a back end of these examples; `call` is the one that is used.
const ENV = 'your-cloud-environment';
const SERVER = 'https://your-server.example';

const promised = (owner, method, options) =>
  new Promise((success, fail) => {
    owner[method]({ ...options, success, fail });
  });

// ../cloudbase-function
const cloudFunction = (name, data) =>
  promised(wx.cloud, 'callFunction', { name: `${name}-person`, data }).then(({ result }) => result);

// ../cloudbase-http-function
const httpFunction = (name, data) => {
  const options = { config: { env: ENV }, name: 'realname', path: `/${name}`, method: 'POST', data };
  return promised(wx.cloud, 'callHTTPFunction', options).then(({ data }) => data);
};

// ../cloud-run
const container = (name, data) => {
  const header = { 'X-WX-SERVICE': 'realname' };
  const options = { config: { env: ENV }, path: `/${name}`, method: 'POST', header, data };
  return promised(wx.cloud, 'callContainer', options).then(({ data }) => data);
};

// ../express, ../koa, ../hono; your login keeps the session's token
const server = (name, data) => {
  const header = { authorization: `Bearer ${wx.getStorageSync('session')}` };
  const options = { url: `${SERVER}/${name}`, method: 'POST', header, data };
  return promised(wx, 'request', options).then(({ data }) => data);
};

const call = cloudFunction; // or httpFunction, container, server

/** What the back end answers, or `{ hint }`: what to tell the user. */
async function ask(name, data, answered) {
  try {
    const answer = await call(name, data);
    return answer[answered] === undefined ? { hint: hintFor(answer) } : answer;
  } catch {
    return { hint: '网络不可用，请重试' };
  }
}

function hintFor({ code, action, field }) {
  if (code === 'NO_SESSION') return '请先登录';
  if (code === 'INVALID_ARGUMENT' && (field === 'realName' || field === 'credId')) return '请核对填写的内容';
  if (code === 'INVALID_ARGUMENT') return '授权已失效，请重新授权';
  if (action === 'stop') return '微信支付中没有您的实名信息，请换一种方式认证';
  // A code or token is for one call: whatever became of it, the next attempt takes a new one.
  if (action === 'ask_user_again' || action === 'retry') return '授权已失效，请重新授权';
  return '服务暂不可用，请稍后再试';
}

module.exports = {
  ENV,
  /** `{ matched, verdict }` or `{ hint }`. */
  check: (person) => ask('check', person, 'verdict'),
  /** `{ name, lastFour }` or `{ hint }`. */
  read: (authToken) => ask('read', { authToken }, 'name'),
};
