// What contestants, tables and goals are called, in both languages.
const same = (text) => ({ en: text, zh: text });

const NAMES = {
  bare: { en: 'bare `node`', zh: '空的 `node`' },
  'node:crypto': { en: 'node:crypto (OpenSSL)', zh: 'node:crypto（OpenSSL）' },
  'node-rsa': { en: 'node-rsa, as it comes', zh: 'node-rsa（默认）' },
  'node-rsa-js': { en: 'node-rsa, all JavaScript', zh: 'node-rsa（纯 JavaScript）' },
  'node-rsa-bigint': { en: 'node-rsa, all JavaScript, BigInt', zh: 'node-rsa（纯 JavaScript，BigInt）' },
  'jsencrypt-bytes': { en: 'jsencrypt, unpadded by hand', zh: 'jsencrypt（手工去填充）' },
  'by-hand': { en: 'an object written by hand', zh: '手写的对象' },
  'json-parse': { en: '`JSON.parse` alone', zh: '只用 `JSON.parse`' },
  crossing: { en: 'a crossing with nothing to carry', zh: '空的往返' },
  fetch: { en: '`fetch` alone', zh: '只用 `fetch`' },
  packed: { en: 'tarball, packed', zh: '安装包（压缩）' },
  unpacked: { en: 'tarball, unpacked', zh: '安装包（解开）' },
};

/** What a row is about that has but one contestant's name: those that cannot sign by themselves are only loaded. */
const IN_ROW = {
  'cold-start': {
    'node-rsa': same('node-rsa'),
    'wx-server-sdk': { en: 'wx-server-sdk, signed by node:crypto', zh: 'wx-server-sdk（由 node:crypto 签名）' },
    'co-wechat-api': { en: 'co-wechat-api, signed by node:crypto', zh: 'co-wechat-api（由 node:crypto 签名）' },
    'node-easywechat': { en: 'node-easywechat, signed by node:crypto', zh: 'node-easywechat（由 node:crypto 签名）' },
  },
  push: {
    'wechat-crypto': same('wechat-crypto + xml2js'),
    'node-easywechat': { en: "node-easywechat's encryptor + xml2js", zh: 'node-easywechat 的 Encryptor + xml2js' },
  },
  rss: { 'node-rsa': same('node-rsa') },
  loaded: { 'node-rsa': same('node-rsa') },
};

/** A contestant's name in a row: `ours-auto-cjs` with the note `host` is our package, its engine, and how it was loaded. */
export function nameOf({ id, note }, lang, row = '') {
  const [, ours, engine, way] = id.match(/^(ours)(?:-(auto|wasm))?(?:-(cjs|esm))?$/) ?? [];
  if (!ours) return (IN_ROW[row]?.[id] ?? NAMES[id] ?? same(id))[lang];
  const parts = [];
  if (engine) parts.push(engine === 'auto' && note ? `\`auto\` (${note})` : `\`${engine}\``);
  if (way) parts.push(way === 'cjs' ? '`require`' : '`import`');
  return ['wechat-realname', ...parts].join(', ');
}

export const STATUS = {
  'wrong answer': { en: 'wrong answer', zh: '结果错误' },
  'does not load': { en: 'does not load', zh: '无法加载' },
  refuses: { en: 'refuses to decrypt', zh: '拒绝解密' },
  fails: { en: 'fails', zh: '出错' },
};

export const TITLES = {
  whole: { en: 'All the crypto of one getRealNameInfo', zh: '一次 getRealNameInfo 的全部加解密' },
  sign: { en: 'One signature', zh: '一次签名' },
  decrypt: { en: 'Two decryptions and the name from GBK', zh: '两次解密并从 GBK 读出姓名' },
  cold: { en: 'Cold start to the first signed request', zh: '冷启动到第一个签好名的请求' },
  push: { en: 'One push: opened and parsed', zh: '一条推送：解密并解析' },
  loaded: { en: 'Bytes that a process reads', zh: '进程读取的字节数' },
};

const ratio = { en: '× ours', zh: '是本库的几倍' };
const interval = { en: '95 % interval', zh: '95% 置信区间' };
const quartiles = { en: 'quartiles', zh: '四分位数' };
export const HEADS = {
  who: { en: 'who', zh: '方案' },
  others: { en: 'the others, as multiples of ours', zh: '其他方案，以本库为 1' },
  ratio,
  quartiles,
  interval,
  time: { en: 'time', zh: '用时' },
  bits: { en: (bits) => `${bits} bits`, zh: (bits) => `${bits} 位` },
  rest: { en: 'over bare `node`', zh: '比空的 `node` 多' },
  whole: { en: 'whole process', zh: '整个进程' },
  perSecond: { en: 'per second', zh: '每秒' },
  records: { en: 'records', zh: '条数' },
  bytes: { en: 'bytes', zh: '字节' },
  perRecord: { en: 'per record', zh: '每条' },
  interpreted: { en: 'result from a reply', zh: '由返回得到结果' },
  parsed: { en: '`JSON.parse` alone', zh: '只用 `JSON.parse`' },
  batch: { en: 'so many calls, request and result', zh: '这么多次调用（请求和结果）' },
  what: { en: 'what', zh: '内容' },
  call: { en: 'call', zh: '调用' },
  atOnce: { en: 'at once', zh: '并发' },
  calls: { en: 'calls per second', zh: '每秒调用数' },
  median: { en: 'median', zh: '中位数' },
  slowest: { en: '99 of 100 within', zh: '99% 不超过' },
  rss: { en: 'RSS, loaded', zh: '加载后的 RSS' },
  after: { en: (calls) => `after ${calls} calls`, zh: (calls) => `${calls} 次调用后` },
  pages: { en: 'pages', zh: '页' },
  files: { en: 'files', zh: '文件数' },
  brotli: { en: 'brotli', zh: 'brotli 压缩后' },
  goal: { en: 'goal', zh: '目标' },
  measured: { en: 'measured', zh: '实测' },
  met: { en: 'met', zh: '达到' },
};

export const WHAT = {
  request: { en: 'a request of `checkRealNameInfo`, built', zh: '构造一个 `checkRealNameInfo` 请求' },
  reply: { en: 'its reply, read', zh: '读取它的返回' },
  boundary: { en: 'the smallest call, `betaVerification(errcode)`', zh: '最小的调用 `betaVerification(errcode)`' },
};

export const MET = {
  true: { en: 'yes', zh: '是' },
  false: { en: 'no', zh: '否' },
  undefined: { en: 'not measured', zh: '未测' },
};

export const GOALS = {
  'crypto-openssl': {
    en: 'Crypto of one `getRealNameInfo`, engine `auto`: at most 2.5 × the time of node:crypto',
    zh: '一次 `getRealNameInfo` 的加解密，`auto` 引擎：不超过 node:crypto 的 2.5 倍',
  },
  'crypto-forge': { en: 'The same: at least 25 × faster than node-forge', zh: '同上：至少比 node-forge 快 25 倍' },
  'crypto-rsa': {
    en: "The same: at least 25 × faster than node-rsa's own JavaScript",
    zh: '同上：至少比 node-rsa 自己的 JavaScript 快 25 倍',
  },
  'wasm-javascript': {
    en: 'The same, engine `wasm`: at least 4 × faster than the fastest library in JavaScript with the right answer',
    zh: '同上，`wasm` 引擎：至少比结果正确的最快的纯 JavaScript 库快 4 倍',
  },
  'wasm-no-bigint': {
    en: 'The same, those aside that compute with BigInt, whose time depends on the numbers',
    zh: '同上，不计用 BigInt 运算的（其耗时随数值变化）',
  },
  'cold-forge': {
    en: 'Cold start to the first signed request, over bare `node`: at most a quarter (0.25 ×) of node-forge',
    zh: '冷启动到第一个签好名的请求，扣除空的 `node`：不超过 node-forge 的四分之一（0.25 倍）',
  },
  'cold-sdk': { en: 'The same: at most a twentieth (0.05 ×) of wx-server-sdk', zh: '同上：不超过 wx-server-sdk 的二十分之一（0.05 倍）' },
  push: { en: 'Pushes: at least 3 × as many per second as the fastest library for Node', zh: '推送：每秒处理数至少为最快的 Node 库的 3 倍' },
  pages: {
    en: 'WebAssembly memory after 100,000 calls: no page more than after 100',
    zh: '100,000 次调用后的 WebAssembly 内存：不比 100 次后多一页',
  },
  loaded: { en: 'What a process in production reads: at most 450 KB', zh: '生产环境的进程读取的文件：不超过 450 KB' },
  packed: { en: 'Tarball, packed: at most 1.5 MB', zh: '压缩的安装包：不超过 1.5 MB' },
};
