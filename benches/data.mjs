// What is not crypto: a request from its parameters, a result from a reply, and what it costs to cross into WebAssembly and back.
import { betaVerification, openMerchant, operations } from 'wechat-realname';
import { vectors } from './crypto.mjs';
import { sideBySide } from './measure.mjs';

const accessToken = 'A'.repeat(136);
const person = { openid: 'oLVPpjqs9BhvzwPj5A-vTYAX3GLc', realName: '张三', credId: '11010519491231002X', code: 'c'.repeat(32) };
const context = { accessToken };
const CHECKED = '{"errcode":0,"errmsg":"ok","verify_openid":"V_OP_NM_MA","verify_real_name":"V_NM_ID_MA"}';
const SIZES = [1, 10, 100, 1000];

/** A reply of `getCategory` with so many records. */
function categories(count) {
  const classes = { first_class: '工具', second_class: '备忘录', third_class: '其他' };
  const record = (n) => ({ first_id: n, second_id: n + 1, third_id: n + 2, ...classes });
  return JSON.stringify({ errcode: 0, errmsg: 'ok', category_list: Array.from({ length: count }, (_, index) => record(index)) });
}

const check = () => operations.checkRealNameInfo(person, context);

/** The rows `request`, `reply`, `boundary`, and `body-N` and `batch-N` for growing sizes. */
export function dataRows({ rounds, warmUpMs }) {
  const few = { rounds, warmUpMs };
  const call = check();
  const [{ pkcs8: privateKey, certificate }] = vectors;
  const closed = openMerchant({ mchId: '1900006511', privateKey, certificate });
  closed.close();
  const rows = [
    {
      id: 'request',
      // The least that anybody can do: no parameter is looked at.
      contestants: sideBySide(
        [
          { id: 'ours', work: check },
          { id: 'by-hand', work: byHand },
        ],
        few,
      ),
    },
    {
      id: 'reply',
      contestants: sideBySide(
        [
          { id: 'ours', work: () => call.interpret({ status: 200, body: CHECKED }) },
          { id: 'json-parse', work: () => JSON.parse(CHECKED) },
        ],
        few,
      ),
    },
    {
      id: 'boundary',
      contestants: sideBySide(
        [
          { id: 'ours', work: () => betaVerification(89249, { now: 1_800_000_000 }) },
          // Into the module and out again, with nothing to carry and nothing to do.
          { id: 'crossing', work: () => closed.close() },
        ],
        few,
      ),
    },
  ];
  const category = operations.getCategory({}, context);
  for (const size of SIZES) {
    const body = categories(size);
    const count = category.interpret({ status: 200, body }).categories.length;
    if (count !== size) throw new Error(`${count} of ${size} categories were read`);
    const contestants = [
      { id: 'ours', work: () => category.interpret({ status: 200, body }) },
      { id: 'json-parse', work: () => JSON.parse(body) },
    ];
    rows.push({ id: `body-${size}`, records: size, bytes: Buffer.byteLength(body), contestants: sideBySide(contestants, few) });
  }
  for (const size of SIZES) {
    const batch = () => {
      for (let done = 0; done < size; done++) check().interpret({ status: 200, body: CHECKED });
    };
    rows.push({ id: `batch-${size}`, records: size, contestants: sideBySide([{ id: 'ours', work: batch }], few) });
  }
  return rows.map((row) => ({ section: 'data', ...row }));
}

function byHand() {
  const { openid, realName: real_name, credId: cred_id, code } = person;
  return {
    method: 'POST',
    url: `https://api.weixin.qq.com/intp/realname/checkrealnameinfo?access_token=${encodeURIComponent(accessToken)}`,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ openid, real_name, cred_id, cred_type: '1', code }),
  };
}
