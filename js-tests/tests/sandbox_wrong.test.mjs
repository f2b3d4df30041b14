// What goes wrong between the sandbox and clients of other languages: bytes that are not UTF-8, bodies without end, the ends
// of time, wrong words; and many at once.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { createClient, openMerchant } from 'wechat-realname';
import { startSandbox } from 'wechat-realname/sandbox';
import { NUMBER, failure, installed } from './support.mjs';

/** A sandbox, and what it says to a request: status and JSON. */
async function started(t) {
  const lines = [];
  const sandbox = await startSandbox({ log: (line) => lines.push(line) });
  t.after(() => sandbox.close());
  const post = async (path, body) => {
    const isText = typeof body === 'string' || ArrayBuffer.isView(body);
    const reply = await fetch(`${sandbox.baseUrl}${path}`, { method: 'POST', body: isText ? body : JSON.stringify(body) });
    return { status: reply.status, ...(await reply.json()) };
  };
  return { sandbox, post, lines };
}

/** 张三, as a console in GBK sends it. */
const gbk = (before, after) => Buffer.concat([Buffer.from(before), Buffer.from('d5c5c8fd', 'hex'), Buffer.from(after)]);

test('a body that is not UTF-8 is refused as one, by the control and by WeChat', async (t) => {
  const { sandbox, post } = await started(t);
  const person = await post('/sandbox/people', gbk('{"realName":"', `","credentialId":"${NUMBER}"}`));
  assert.deepEqual([person.status, person.error.field, person.error.message], [400, 'body', 'body: must be a JSON object, in UTF-8']);
  const { openid, code } = sandbox.addPerson({ realName: '张三', credentialId: NUMBER });
  const check = `/intp/realname/checkrealnameinfo?access_token=${sandbox.accessToken}`;
  const rest = `","openid":"${openid}","cred_id":"${NUMBER}","cred_type":"1","code":"${code}"}`;
  assert.equal((await post(check, gbk('{"real_name":"', rest))).errcode, 47001);
  assert.match(sandbox.requests.at(-1).why, /not UTF-8/);
  // The code was not used up by that.
  assert.equal((await post(check, `{"real_name":"张三${rest}`)).verify_real_name, 'V_NM_ID_MA');
});

test('a body that is too large is answered and told', async (t) => {
  const { sandbox, post, lines } = await started(t);
  const large = 'x'.repeat(3 * 1024 * 1024);
  for (const path of ['/sandbox/people', '/wxa/get_category']) {
    const { status, error } = await post(path, large);
    assert.deepEqual([status, error.code], [413, 'TOO_LARGE']);
    assert.match(error.message, /larger than 1 MiB/);
    assert.match(lines.at(-1), /413 \d+ ms: the request is larger/);
  }
  assert.deepEqual(sandbox.requests.map(({ path, status }) => [path, status]), [['/wxa/get_category', 413]]);
  await post('/sandbox/settle', ' '.repeat(1024 * 1024));
});

test('time stands still at its end', async (t) => {
  const { sandbox, post } = await started(t);
  sandbox.clock.set(2 ** 32 - 1);
  const token = sandbox.issueAccessToken();
  await new Promise((resolve) => setTimeout(resolve, 1100));
  assert.equal(sandbox.clock.now(), 2 ** 32 - 1);
  const { errmsg } = await post(`/intp/realname/checkrealnameinfo?access_token=${token}`, {});
  assert.match(errmsg, /rid: ffffffff-/);
  sandbox.clock.advance(-1000);
  assert.ok(sandbox.clock.now() < 2 ** 32 - 990);
});

test('a word that is none is told with those that are; what may be a number of somebody is not repeated', async (t) => {
  const { sandbox, post, lines } = await started(t);
  const kind = await post('/sandbox/make-push', { kind: 'tickets' });
  assert.match(kind.error.message, /^kind: must be ticket, authorized, .* or malformed$/);
  // All words are the declarations'.
  const types = fs.readFileSync(path.join(installed, 'dist/types/generated/sandbox_types.d.ts'), 'utf8');
  const declared = (name) => [...new RegExp(`type ${name} = ([^;]+);`).exec(types)[1].matchAll(/"(\w+)"/g)].map(([, word]) => word);
  const listed = (message) => message.replace(/^.* must be /, '').split(/, | or /);
  assert.deepEqual(listed(kind.error.message), declared('SandboxPushKind'));
  const fault = await post('/sandbox/push', { kind: 'ticket', fault: 'sign' });
  assert.deepEqual(listed(fault.error.message), declared('SandboxPushFault'));
  for (const given of ['tickets', 5, null, {}]) {
    assert.throws(() => sandbox.makePush({ kind: given }), { code: 'INVALID_ARGUMENT', field: 'kind' });
  }
  const { error } = await post('/sandbox/people', { [NUMBER]: 1 });
  assert.equal(error.field, 'body');
  assert.ok(!JSON.stringify([error, lines]).includes(NUMBER));
});

test('many at once: every fault comes as often as it was set, a code is good for one, and a reset stops nobody', async (t) => {
  const { sandbox, post } = await started(t);
  const check = `/intp/realname/checkrealnameinfo?access_token=${sandbox.accessToken}`;
  sandbox.setLatency({ min: 0, max: 50 });
  sandbox.fault({ interface: 'checkRealNameInfo', outcome: 45011, times: 7, after: 5 });
  const { openid, code } = sandbox.addPerson({ realName: '张三', credentialId: NUMBER });
  const body = { openid, real_name: '张三', cred_id: NUMBER, cred_type: '1', code };
  const errcodes = (await Promise.all(Array.from({ length: 40 }, () => post(check, body)))).map(({ errcode }) => errcode);
  const count = (errcode) => errcodes.filter((one) => one === errcode).length;
  assert.deepEqual([count(45011), count(0), count(80113)], [7, 1, 32]);
  const late = Array.from({ length: 20 }, () => post(check, body));
  while (sandbox.requests.length < 60) await new Promise((resolve) => setTimeout(resolve, 1));
  sandbox.reset();
  for (const { errcode } of await Promise.all(late)) assert.equal(errcode, 80113);
  assert.equal(sandbox.requests.length, 0);
  assert.equal((await post(check, body)).errcode, 80111);
});

test('how far a timestamp may be off is an option, and a reset keeps it', async (t) => {
  const sandbox = await startSandbox({ timestampTolerance: 1000 });
  t.after(() => sandbox.close());
  const { baseUrl, accessToken } = sandbox;
  const client = createClient({ baseUrl, accessToken, merchant: openMerchant(sandbox.merchant) });
  for (let round = 0; round < 2; round++) {
    sandbox.reset();
    const { authToken } = sandbox.addPerson({ realName: '张三', credentialId: NUMBER });
    sandbox.clock.advance(900);
    assert.equal((await client.getRealNameInfo({ authToken })).realName, '张三');
    sandbox.clock.advance(200);
    assert.equal((await failure(client.getRealNameInfo({ authToken }))).errcode, 94008);
  }
  for (const timestampTolerance of [-1, 1.5, '300', 2 ** 32]) {
    await assert.rejects(startSandbox({ timestampTolerance }), { code: 'CONFIGURATION', field: 'timestampTolerance' });
  }
});
