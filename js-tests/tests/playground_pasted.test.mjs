// What people really paste into the playground: out of logs, terminals and downloads, into the right field or the wrong one.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { browser, open, playground } from './fixtures/playground.mjs';
import { NUMBER, installed, root, row } from './support.mjs';

const page = (name) => import(path.join(installed, 'dist/playground', name));
const { compact, plain, pushBody, pushParameters, replyBody, serialNumber, wholeNumber } = await page('pasted.mjs');
const samples = await page('samples.mjs');

test('the parameters of a push, however the address was copied', () => {
  const { url } = samples.succeeded;
  const query = url.slice(url.indexOf('?'));
  const expected = {
    msg_signature: '64ebf12ecbc4ac8a04f1ac4de46f865e10b80c9f',
    timestamp: '1795290724',
    nonce: '4095825129',
  };
  const wrapped = (width) => url.replace(new RegExp(`(.{${width}})`, 'g'), '$1\n');
  const pasted = [
    url,
    query,
    query.slice(1),
    `"${url}"`,
    `curl -X POST '${url}' -H 'content-type: text/xml'`,
    `10.0.0.1 - - [21/Nov/2026:20:00:00 +0800] "POST /wechat/events${query} HTTP/1.1" 200 7 "-" "Mozilla/4.0"`,
    `POST /wechat/events${query} HTTP/1.1\r\nHost: platform.example\r\nContent-Length: 7`,
    JSON.stringify({ url, status: 200 }),
    JSON.stringify(Object.fromEntries(new URLSearchParams(query))),
    JSON.stringify(JSON.stringify(Object.fromEntries(new URLSearchParams(query)))),
    url.replaceAll('&', '&amp;'),
    query.slice(1).replaceAll('&', '\n'),
    query.slice(1).replaceAll('&', '\r\n').replaceAll('=', ': '),
    ...Array.from({ length: 80 }, (_, at) => wrapped(at + 40)),
  ];
  for (const one of pasted) assert.deepEqual(pushParameters(one), expected, one);
  assert.deepEqual(pushParameters('https://platform.example/?signature=1&timestamp=2'), { timestamp: '2' });
  assert.deepEqual(pushParameters(''), {});
});

test('the body of a push, out of what a log made of it', () => {
  const { body } = samples.succeeded;
  const [, base64] = body.match(/<Encrypt><!\[CDATA\[(.*)\]\]>/);
  const same = (text) => text.replace(/\s/g, '');
  for (const one of [
    body,
    `\ufeff${body}`,
    body.replace(/\n/g, '\r\n'),
    body.replace(/(.{76})/g, '$1\n'),
    body.replace(/(.{76})/g, '$1\n    '),
    `POST /wechat/events HTTP/1.1\r\nContent-Type: text/xml\r\n\r\n${body}\r\n`,
    `2026-11-21 20:00:00 INFO body=${JSON.stringify(body)}`,
    JSON.stringify(body).slice(1, -1),
    JSON.stringify(body).replaceAll('<', '\\u003c'),
    body.replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
  ])
    assert.equal(same(pushBody(one)), same(body), one);
  for (const one of [base64, JSON.stringify({ xml: { AppId: 'wx', Encrypt: base64 } }), `{'Encrypt': ['${base64}']}`])
    assert.equal(pushBody(one), `<xml><Encrypt>${base64}</Encrypt></xml>`);
  for (const one of ['', 'canary', '<html></html>', '{"a":1}']) assert.equal(pushBody(one), one);
});

test('a reply, out of a log, an HTTP message, a string', () => {
  const reply = { errcode: 0, errmsg: 'ok', ...samples.reply };
  const json = JSON.stringify(reply);
  for (const one of [
    json,
    `\ufeff${json}`,
    JSON.stringify(reply, null, 4).replaceAll('\n', '\r\n'),
    json.replace(/(.{80})/g, '$1\n'),
    `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n${json}\r\n`,
    `[{level}] reply=${json};`,
    JSON.stringify(json),
    json.replaceAll('"', "'"),
  ])
    assert.deepEqual(JSON.parse(replyBody(one)), reply, one);
  for (const one of ['', 'canary', '<html>502</html>', '[]', '{', '}{']) assert.equal(replyBody(one), one);
});

test('numbers as they are typed', () => {
  for (const [typed, number] of [
    [' 892 52 ', 89252],
    ['８９２５２', 89252],
    ['status=89252', 89252],
    ['errcode：-1', -1],
    ['0', 0],
    ['', undefined],
    ['1e3', undefined],
    ['0x10', undefined],
    ['1.5', undefined],
    ['今天', undefined],
  ])
    assert.equal(wholeNumber(typed), number, typed);
  assert.equal(compact('１９００ 000 109'), '1900000109');
  assert.equal(plain(' ９４００３ '), '94003');
  for (const given of ['serial=5AB7', 'serialNumber: 5AB7', ' 5A B7 ']) assert.equal(serialNumber(given), '5AB7');
});

test('each answer helps', { timeout: 120_000 }, async (t) => {
  row(t, 'Chromium', 'the playground with what people paste');
  const launched = await browser(t);
  const { url } = await playground(t);
  const { go, done } = await open(t, launched, url, { locale: 'zh-CN' });
  const said = async (panel, fields, expected, at = 0) => {
    for (const [name, value] of Object.entries(fields)) await panel.locator(`[data-name=${name}]`).fill(value);
    await panel.locator('.button.main').nth(at).click();
    assert.match(await panel.locator('.result').nth(at).innerText(), expected);
  };
  const { privateKey, certificate } = samples.merchant;
  const merchant = await go('merchant');
  const passed = /证书就是签发给这个商户号的/;
  await said(merchant, { mchId: ' １９００ 000 109', privateKey: '', certificate: certificate + privateKey }, passed);
  await said(merchant, { privateKey: privateKey.replaceAll('\n', '\\n'), certificate: certificate.replaceAll('\n', '\r\n') }, passed);
  await said(merchant, { certificate: '', certSerialNo: 'serial=5AB7C1E2093F48D6A15B7C3E90D24F6818A7BC35' }, /未检查/);
  await said(merchant, { certSerialNo: 'PUB_KEY_ID_0114232134912410000000000000' }, /微信支付公钥ID/);
  // The subject of WeChat Pay's certificates, which is all that is looked at.
  const platform = Buffer.from(certificate.replace(/-----[^-]+-----|\s/g, ''), 'base64').toString('latin1');
  const like = Buffer.from(platform.replace('wechat-realname', 'Tenpay.com sign'), 'latin1').toString('base64');
  await said(
    merchant,
    { certSerialNo: '', certificate: `-----BEGIN CERTIFICATE-----\n${like}\n-----END CERTIFICATE-----`, privateKey: certificate },
    /这像是微信支付的平台证书/,
  );
  const sign = await go('sign');
  await sign.locator('.sample').click();
  await said(sign, { now: '1795290724000' }, /毫秒，请除以 1000/);
  await said(sign, { now: ' 1795 290 724 ' }, /timestamp=1795290724/);
  await said(sign, { authToken: 'canary%2B' }, /百分号编码/);
  const reply = await go('reply');
  await said(reply, { body: JSON.stringify(samples.medical.reply) }, /这是 getmedrealname 的返回/);
  await reply.locator('.result a').click();
  const medical = await go('medical');
  const { key, reply: patient } = samples.medical;
  const json = JSON.stringify(patient, null, 1);
  await said(medical, { medicalKeys: ` ${key} `, body: `HTTP/1.1 200 OK\r\n\r\n${json.replaceAll('\n', '\r\n')}` }, /已解开[^]*\*三/);
  const other = (more) => ({ body: JSON.stringify({ ...patient, ...more }) });
  await said(medical, other({ app_id: 5 }), /字段类型不对/);
  await said(medical, other({ key_version: '7' }), /字段类型不对/);
  await said(medical, other({ key_version: 7, open_id: undefined, app_id: undefined }), /key_version\s+7/);
  await said(medical, { medicalKeys: 'x'.repeat(32) }, /没有解开[^]*密钥是另一家医院或另一个环境的[^]*key_version 不是同一版/);
  await said(medical, { medicalKeys: Buffer.from(key).toString('hex') }, /应为微信给医院的 32 个字符本身/);
  assert.equal(await medical.locator('[data-name=medicalKeys]').getAttribute('aria-invalid'), 'true');
  await said(medical, { medicalKeys: key, ...other({ cipher_algorithm: 'SM4' }) }, /不认识的算法/);
  await said(medical, other({ cipher_real_name: 'AAAA' }), /不是 16 字节的倍数/);
  await said(medical, { medicalKeys: '', body: '{"errcode":11200,"errmsg":"canary rid: 1-2-3"}' }, /微信拒绝了请求[^]*10 分钟[^]*1-2-3/);
  await said(medical, { body: JSON.stringify(samples.reply) }, /这是 getrealnameinfo 的返回/);
  const face = await go('face');
  await said(face, { certName: '张三 ', certNo: NUMBER }, /开头或结尾有空白/);
  assert.equal(await face.locator('[data-name=certName]').getAttribute('aria-invalid'), 'true');
  await said(face, { certName: '', certNo: NUMBER }, /没有填写/);
  await said(face, { certName: '张三', expected: 'canary' }, /cert_hash/);
  assert.match(await face.locator('.field-error').innerText(), /64 位十六进制/);
  await said(face, { verifyRet: ' verify_ret=１０００４ ' }, /不是本人/, 1);
  await said(face, { verifyRet: '{"errcode":0,"errmsg":"ok","verify_ret":10000}' }, /通过：就是本人/, 1);
  await said(face, { verifyRet: "{'errcode': 84018, 'errmsg': 'canary rid: 1-2-3'}" }, /微信拒绝了请求[^]*cert_hash[^]*1-2-3/, 1);
  await said(face, { verifyRet: '{"errcode":0}' }, /缺少字段/, 1);
  await said(face, { verifyRet: '今天' }, /这里需要一个整数/, 1);
  await said(face, { verifyRet: '99999999999' }, /与接口文档不符/, 1);
  const push = await go('push');
  await push.locator('.sample').first().click();
  await said(push, { body: samples.succeeded.body.replace(/(.{76})/g, '$1\n') }, /已解开[^]*已先去掉再解开/);
  await said(push, { appId: 'wx1111111111111111' }, /component_appid 不是这个第三方平台自己的 AppID/);
  const timeline = await go('timeline');
  await said(timeline, { evidence: 'status=892 52' }, /等待管理员确认/);
  await timeline.locator('select').selectOption('errcode');
  await said(timeline, { evidence: '0' }, /等待法定代表人/);
  const codes = await go('codes');
  for (const query of ['{"errcode":94003,"errmsg":"canary"}', 'errcode：９４００３', '94003。']) {
    await codes.locator('input').fill(query);
    await codes.locator('.codes .number').first().filter({ hasText: '94003' }).waitFor();
    assert.deepEqual([...new Set(await codes.locator('.codes .number').allInnerTexts())], ['94003']);
  }
  await codes.locator('input').fill('夏侯');
  await codes.getByText('没有找到').waitFor();
  const numbers = await go('numbers');
  await said(numbers, { idCard: '110105-19491231-002Ｘ' }, /1949-12-31/);
  await said(numbers, { idCard: '' }, /请先填写号码/);
  await said(numbers, { creditCode: '91350100m000100y43' }, /字母须大写：91350100M000100Y43/, 1);
  assert.equal(await numbers.locator('[data-name=creditCode]').getAttribute('aria-invalid'), 'true');
  await done();
});

test('no sentence of the core that the page can meet is without its Chinese', async () => {
  const { causes, reasons } = await page('reasons_zh.mjs');
  const files = [
    'medical',
    'operation',
    'operation/context',
    'operation/get_medical_real_name',
    'operation/get_verify_id',
    'operation/query_verify_info',
    'push/envelope',
    'push/xml',
    'merchant/certificate',
    'merchant/inspect',
    'merchant/private_key',
    'response',
  ];
  const missing = files.flatMap((name) => {
    const source = fs.readFileSync(path.join(root, `src/${name}.rs`), 'utf8').split('#[cfg(test)]')[0];
    const code = source.replace(/\\\n\s*/g, '').replace(/^\s*\/\/.*$/gm, '');
    const said = code.matchAll(/"((?:is|has|must|does|the|are|each|goes|cipher_\w+ of|verify_id of) [^"\\]+)"/g);
    const sentences = [...said].map(([, text]) => text);
    return sentences.filter((one) => !reasons[one]);
  });
  // Of what the page never does: sealing keys, calls without a time, an app id or a hospital's key, handing a hash in, beginning
  // a face verification.
  const never = [
    /too weak to be kept|time of the call is missing|names the mini program|that WeChat gave the hospital$/,
    /getVerifyId gave|certName and certNo|5 to 32 digits|`complete` makes|verify_id of/,
  ];
  assert.deepEqual(
    missing.filter((one) => !never.some((kind) => kind.test(one))),
    [],
  );
  const unopened = fs.readFileSync(path.join(root, 'src/push.rs'), 'utf8').match(/const UNOPENED[^]*?";/)[0];
  assert.equal(unopened.match(/encodingAesKey is|appId is|the content is/g).length, causes.MALFORMED_PUSH.length);
  const patients = fs.readFileSync(path.join(root, 'src/error.rs'), 'utf8').match(/a patient's name and number;[^]*?",/)[0];
  assert.equal(patients.match(/the key in|it stands|the ciphertext was/g).length, causes.MEDICAL.length);
});
