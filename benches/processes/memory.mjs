// The memory of one process, `node memory.mjs <contestant> <calls>`: after loading, after the first 100 calls and after all of
// them. A call is a request built and a reply read; every hundredth also signs and decrypts.
import fs from 'node:fs';
import { createRequire } from 'node:module';

const [contestant, calls] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const memories = [];
const { Instance } = WebAssembly;
WebAssembly.Instance = function (module, imports) {
  const instance = new Instance(module, imports);
  if (instance.exports.memory) memories.push(instance.exports.memory);
  return instance;
};
const sample = () => {
  globalThis.gc();
  const pages = memories.reduce((sum, { buffer }) => sum + buffer.byteLength / 65536, 0);
  return { rss: process.memoryUsage.rss(), pages };
};
const samples = [];

if (contestant.startsWith('ours')) {
  const { openMerchant, operations } = require('wechat-realname');
  const vectors = JSON.parse(fs.readFileSync(new URL('../../tests/vectors/openssl.json', import.meta.url), 'utf8'));
  const { pkcs8: privateKey, certificate, people } = vectors.find(({ bits }) => bits === 2048);
  const { ENGINE: engine } = process.env;
  const merchant = openMerchant({ mchId: '1900006511', privateKey, certificate, engine });
  const [{ encryted_real_name, encryted_credential_id }] = people;
  const opened = JSON.stringify({ errcode: 0, encryted_real_name, encryted_credential_id });
  const checked = '{"errcode":0,"errmsg":"ok","verify_openid":"V_OP_NM_MA","verify_real_name":"V_NM_ID_MA"}';
  const context = { accessToken: 't', merchant };
  const person = { openid: 'o', realName: '张三', credId: '11010519491231002X', code: 'c' };
  samples.push(sample());
  for (let call = 1; call <= Number(calls); call++) {
    const reads = call % 100 === 1;
    const read = () => operations.getRealNameInfo({ authToken: 'a' }, context);
    const prepared = reads ? read() : operations.checkRealNameInfo(person, context);
    prepared.interpret({ status: 200, body: reads ? opened : checked });
    if (call === 100 || call === Number(calls)) samples.push(sample());
  }
} else {
  if (contestant !== 'bare') require(contestant);
  samples.push(sample());
}
process.stdout.write(JSON.stringify(samples));
