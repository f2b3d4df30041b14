// The four ways to a back end of these examples; `call` is the one that is used.
const ENV = 'your-cloud-environment';
const SERVER = 'https://your-server.example';

const promised = (owner, method, options) =>
  new Promise((success, fail) => {
    owner[method]({ ...options, success, fail });
  });

// ../cloudbase-function
const FUNCTIONS = { check: 'check-person', read: 'read-person' };
const cloudFunction = (name, data) =>
  promised(wx.cloud, 'callFunction', { name: FUNCTIONS[name] ?? name, data }).then(({ result }) => result);

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

/** What the back end answers, or `{ hint }`: what to tell the user, with what is this call's own in `hints`. */
async function ask(name, data, answered, hints) {
  try {
    const answer = await call(name, data);
    return answer[answered] === undefined ? { hint: hintFor(answer, hints) } : answer;
  } catch {
    return { hint: '网络不可用，请重试' };
  }
}

const FORM = ['realName', 'credId', 'certName', 'certNo'];

function hintFor({ code, action, field }, { again, stop, refused }) {
  if (code === 'NO_SESSION') return '请先登录';
  if (code === 'INVALID_ARGUMENT') return FORM.includes(field) ? '请核对填写的内容' : again;
  // A code or token is for one call, a face check for one attempt: whatever became of it, the next one takes a new one.
  if (action === 'ask_user_again' || action === 'retry') return again;
  const hint = { stop, fix_request: code === 'REJECTED' ? refused : undefined }[action];
  return hint ?? '服务暂不可用，请稍后再试';
}

const CONSENT = { again: '授权已失效，请重新授权', stop: '微信支付中没有您的实名信息，请换一种方式认证' };
const FACE = { again: '请重新开始核身' };

module.exports = {
  ENV,
  /** `{ matched, verdict }` or `{ hint }`. */
  check: (person) => ask('check', person, 'verdict', CONSENT),
  /** `{ name, lastFour }` or `{ hint }`. */
  read: (authToken) => ask('read', { authToken }, 'name', CONSENT),
  /** `{ verifyId }` or `{ hint }`. */
  beginFace: (person) => ask('begin-face', person, 'verifyId', { ...FACE, refused: '请核对姓名和身份证号，或稍后再试' }),
  /** `{ passed, verdict }` or `{ hint }`. */
  finishFace: () => ask('finish-face', {}, 'verdict', FACE),
};
