// Every program of the guides is run as it stands, on the sandbox; documents.test.mjs says that both languages have the same.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { createCipheriv } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { promisify } from 'node:util';

import { createClient } from 'wechat-realname';
import { startSandbox } from 'wechat-realname/sandbox';
import { blocks, hostOf, programs, startPlatform, writerIn } from './documents.mjs';
import { back } from './fixtures/phone.mjs';
import { NUMBER, project, root, vectors } from './support.mjs';

const run = promisify(execFile);
const NAMES = fs.readdirSync(path.join(root, 'docs/en')).sort();
const COMPANY = { enterpriseName: '某某公司', code: '91110105MA00000012', componentPhone: '13800000000' };

/** Every program of the guides, by its file name. */
const code = {};
for (const name of NAMES) {
  for (const [file, block] of Object.entries(programs(`docs/en/${name}`))) {
    assert.ok(!(file in code), `${file} is in two guides`);
    code[file] = block;
  }
}

/** Those that no test has run yet. */
const waiting = new Set(Object.keys(code));
const cleanings = [];
let sandbox;
let made;
let write;
let env;

/** A project with the tarball and every program of the guides in it; WeChat's host is the sandbox there. */
before(async () => {
  sandbox = await startSandbox({ forms: '2026' });
  made = project({ after: (work) => cleanings.push(work) });
  write = writerIn(made);
  for (const [name, block] of Object.entries(code)) write(name, block);
  write('host.cjs', hostOf(sandbox));
  const { mchId, privateKey, certificate } = sandbox.merchant;
  write('apiclient_key.pem', privateKey);
  write('apiclient_cert.pem', certificate);
  env = {
    ...process.env,
    NODE_OPTIONS: `--require ${path.join(made, 'host.cjs')}`,
    MCH_ID: mchId,
    MCH_KEY: privateKey.replaceAll('\n', '\\n'),
    APP_ID: sandbox.appId,
    APP_SECRET: sandbox.appSecret,
  };
  // A test runner of its own, not a part of this one.
  delete env.NODE_TEST_CONTEXT;
});
after(async () => {
  await sandbox.close();
  for (const work of cleanings) work();
});

/** Runs a program of the guides, or `words` that use it; what it printed. */
async function ran(name, words = [name], more = {}) {
  waiting.delete(name);
  return run(process.execPath, words, { cwd: made, env: { ...env, ...more } });
}

/** Runs a module that uses a program of the guides; what it printed, as JSON. */
async function used(name, text, more) {
  const driver = `use-${path.basename(name)}`;
  write(driver, text);
  return JSON.parse((await ran(name, [driver], more)).stdout);
}

/** Calls a cloud function of the guides. */
async function called(name, event, more) {
  const text = `require('./${path.dirname(name)}').main(${JSON.stringify(event)}).then((x) => console.log(JSON.stringify(x)))`;
  const { stdout, stderr } = await ran(name, ['-e', text], more);
  const [result, ...before] = stdout.trim().split('\n').reverse();
  return { result: JSON.parse(result), before, stderr };
}

/** Loads a page or an app of the guides, with a `wx` that the test plays. */
function loaded(t, name, wx) {
  waiting.delete(name);
  const require = createRequire(path.join(made, 'package.json'));
  globalThis.wx = wx;
  t.after(() => delete globalThis.wx);
  let taken;
  const take = (options) => (taken = options);
  new Function('require', 'Page', 'App', code[name])(require, take, take);
  return Object.assign(taken, { setData: (data) => Object.assign(taken.data, data) });
}

/** As much of wx-server-sdk as the guides use. */
const CLOUD = `
  exports.init = () => undefined;
  exports.getWXContext = () => ({ OPENID: process.env.OPENID });
`;

const person = () => sandbox.addPerson({ realName: '张三', credentialId: NUMBER });

test('the index: ten lines to a name', async () => {
  const [name, refusal] = (await ran('try.mjs')).stdout.split('\n');
  assert.equal(name, '张三');
  assert.match(refusal, /94004/);
});

test('getting a real name: categories, the function, and the page in front of it', async (t) => {
  assert.match((await ran('categories.mjs')).stdout, /^\[99, 904\] 政务民生 社会保障$/m);

  const name = 'cloudfunctions/realname/index.js';
  write('cloudfunctions/realname/apiclient_cert.pem', sandbox.merchant.certificate);
  write('cloudfunctions/realname/people.js', 'exports.keep = async (openid, { realName }) => console.log(openid, realName);');
  write('node_modules/wx-server-sdk/index.js', CLOUD);
  const { authToken } = person();
  const caller = { OPENID: 'caller' };
  const { result, before: [kept] } = await called(name, { authToken }, caller);
  assert.deepEqual([result, kept], [{ show: 'done' }, 'caller 张三']);
  assert.deepEqual((await called(name, { authToken, openid: 'spoofed' })).result, { show: 'later' });
  const shows = { 94004: 'another_way', 94005: 'tap_again', '-1': 'tap_again', 94003: 'later', junk: 'later' };
  for (const [token, show] of Object.entries(shows)) {
    const refused = await called(name, { authToken: `sandbox:${token}` }, caller);
    assert.deepEqual(refused.result, { show }, token);
    assert.match(refused.stderr, /^(REJECTED|DECRYPTION_FAILED) /);
  }

  const callFunction = async ({ name: short, data }) => called(`cloudfunctions/${short}/index.js`, data, caller);
  const page = loaded(t, 'pages/realname/index.js', { cloud: { callFunction } });
  assert.deepEqual(page.data.button, { openType: 'getRealnameAuthInfo', categoryId: [99, 904] });
  await page.onAuthInfo({ detail: { auth_token: person().authToken } });
  assert.equal(page.data.show, 'done');
  await page.onAuthInfo({ detail: { errMsg: 'openRealnameAuth:fail:access denied' } });
  assert.equal(page.data.show, 'failed');
});

test('checking a real name: the page, hot return and cold start, the function', async (t) => {
  write('node_modules/wx-server-sdk/index.js', CLOUD);
  const listeners = new Set();
  const { openid, code: agreed } = person();
  const another = () => sandbox.addPerson({ openid, realName: '张三', credentialId: NUMBER }).code;
  const wx = {
    onAppShow: (listener) => listeners.add(listener),
    offAppShow: (listener) => listeners.delete(listener),
    navigateToMiniProgram: ({ appId, success }) => {
      assert.equal(appId, 'wx308bd2aeb83d3345');
      wx.jumps = (wx.jumps ?? 0) + 1;
      success();
      setTimeout(() => listeners.forEach((listener) => listener(wx.back)));
    },
    cloud: { callFunction: ({ name, data }) => called(`cloudfunctions/${name}/index.js`, data, { OPENID: openid }) },
  };
  const app = loaded(t, 'app.js', wx);
  globalThis.getApp = () => app;
  t.after(() => delete globalThis.getApp);
  const page = loaded(t, 'pages/check/index.js', wx);
  const shown = async (data, back) => {
    Object.assign(page.data, { realName: '张三', credId: NUMBER }, data);
    wx.back = back;
    await page.onTapCheck();
    return page.data.show;
  };
  assert.equal(await shown({ credId: NUMBER.replace('X', '1') }), 'mistyped');
  assert.equal(await shown({}, back()), 'cancelled');
  assert.equal(await shown({}, back(agreed)), 'match');
  assert.equal(await shown({ realName: '李四' }, back(another())), 'name_mismatch');
  // Used before, by another phone.
  assert.equal(await shown({}, back('sandbox:80113')), 'agree_again');
  assert.equal(await shown({}, back('sandbox:1005')), 'later');

  // Once, and without a second visit; nor does what comes after it take the code away.
  const jumps = wx.jumps;
  app.onShow(back({ auth_code: another() }));
  app.onShow({ scene: 1001 });
  assert.equal(await shown({}), 'match');
  assert.equal(wx.jumps, jumps);
  assert.equal(await shown({}, back()), 'cancelled');
  assert.equal(wx.jumps, jumps + 1);

  const { result } = await called('cloudfunctions/check/index.js', { realName: '', credId: NUMBER, code: 'c' }, { OPENID: openid });
  assert.deepEqual(result, { show: 'mistyped' });
});

test('verifying a face: the page, the function, and what is kept', async (t) => {
  write('node_modules/wx-server-sdk/index.js', CLOUD);
  write('cloudfunctions/face/verifications.js', `
    const fs = require('fs');
    const read = () => (fs.existsSync('faces.json') ? JSON.parse(fs.readFileSync('faces.json', 'utf8')) : {});
    exports.kept = async (openid, verifyId) => read()[openid + verifyId];
    exports.keep = async (openid, kept) => fs.writeFileSync('faces.json', JSON.stringify({ ...read(), [openid + kept.verifyId]: kept }));
  `);
  const name = 'cloudfunctions/face/index.js';
  const caller = { OPENID: person().openid };
  let user;
  let last;
  const wx = {
    checkIsSupportFacialRecognition: (callbacks) => (user === undefined ? callbacks.fail({ errCode: 10001 }) : callbacks.success({})),
    requestFacialVerify: ({ verifyId, success, fail }) => user((last = verifyId), { success, fail }),
    cloud: { callFunction: async ({ data }) => called(name, data, caller) },
  };
  const page = loaded(t, 'pages/face/index.js', wx);
  const shown = async (atThePhone, data) => {
    user = atThePhone;
    Object.assign(page.data, { certName: '张三', certNo: NUMBER, show: '' }, data);
    await page.onTapVerify();
    return page.data.show;
  };
  const ends = (verifyRet) => (verifyId, { success }) => (sandbox.verifyFace(verifyId, verifyRet), success({}));
  assert.equal(await shown(ends(), { certNo: NUMBER.replace('X', '1') }), 'mistyped');
  assert.equal(await shown(ends(), { certNo: ` ${NUMBER.toLowerCase()} ` }), 'passed');
  const passed = last;
  // Whatever the phone says, the server is asked.
  assert.equal(await shown(ends(10004)), 'not_this_person');
  assert.equal(await shown(ends(), { certName: '李四' }), 'not_this_person');
  assert.equal(await shown((verifyId, { fail }) => (sandbox.verifyFace(verifyId), fail({ errMsg: 'requestFacialVerify:fail' }))), 'passed');
  // What it says counts where the server has no answer.
  assert.equal(await shown((verifyId, { fail }) => fail({ errCode: 90002 })), 'cancelled');
  assert.equal(await shown(undefined), 'unsupported');
  // WeChat is still checking when the user is back.
  assert.equal(await shown((verifyId, { success }) => (success({}), setTimeout(() => sandbox.verifyFace(verifyId), 1000))), 'passed');
  assert.equal(await shown(ends(), { certName: 'sandbox:84014' }), 'mistyped');
  assert.equal(await shown(ends(), { certName: '' }), 'mistyped');
  assert.equal(await shown(ends(), { certName: 'sandbox:48001' }), 'later');

  const kept = fs.readFileSync(path.join(made, 'faces.json'), 'utf8');
  const [first, ...others] = Object.values(JSON.parse(kept));
  assert.deepEqual(first, { verifyId: passed, outSeqNo: first.outSeqNo, verdict: 'passed' });
  assert.ok(others.some(({ certHash, verdict }) => /^[0-9a-f]{64}$/.test(certHash) && verdict === undefined), 'the user left');
  assert.doesNotMatch(kept, new RegExp(`张三|${NUMBER}`));
  // A verdict is asked for once, and by nobody else.
  const asked = sandbox.requests.length;
  assert.deepEqual((await called(name, { verifyId: passed }, caller)).result, { show: 'passed' });
  assert.deepEqual((await called(name, { verifyId: passed }, { OPENID: 'another' })).result, { show: 'try_again' });
  assert.deepEqual((await called(name, { certName: '张三', certNo: NUMBER, openid: caller.OPENID })).result, { show: 'later' });
  assert.equal(sandbox.requests.length, asked);
});

test('a medical real name: the page and the function', async (t) => {
  write('node_modules/wx-server-sdk/index.js', CLOUD);
  write('cloudfunctions/patient/patients.js', "exports.enrol = async (openid, { realName, phone }) => console.log(openid, realName, phone);");
  const { openid, wxmedAuthcode } = sandbox.addPerson({ realName: '张三', credentialId: NUMBER, phone: '13800000000' });
  const patient = { OPENID: openid, MEDICAL_KEY_0: sandbox.medicalKeys[0] };
  const told = [];
  const callFunction = async ({ name, data }) => {
    const answer = await called(`cloudfunctions/${name}/index.js`, data, patient);
    told.push(answer);
    return answer;
  };
  let options = { scene: 1001 };
  const page = loaded(t, 'pages/visit/index.js', { getEnterOptionsSync: () => options, cloud: { callFunction } });
  const shown = async (code) => {
    if (code !== undefined) options = { scene: 1037, referrerInfo: { appId: 'wx', extraData: { wxamedAuthcode: code } } };
    await page.onShow();
    return page.data.show;
  };
  assert.equal(await shown(), 'type_it');
  assert.equal(await shown(wxmedAuthcode), 'done');
  assert.deepEqual(told[0].before, [`${openid} 张三 13800000000`]);
  // The options of an earlier start, again.
  assert.equal(await shown(wxmedAuthcode), 'done');
  assert.equal(told.length, 1);
  assert.equal(await shown('sandbox:11200'), 'agree_again');
  assert.equal(await shown('sandbox:junk'), 'later');
  assert.match(told.at(-1).stderr, /^DECRYPTION_FAILED /);
});

test('the tests of both guides pass', async () => {
  for (const name of ['verify-a-face.test.mjs', 'medical-real-name.test.mjs']) {
    const { stdout } = await ran(name, ['--test-reporter=tap', name]);
    assert.match(stdout, /^# pass 1$[\s\S]*^# fail 0$/m, name);
  }
});

test('trial verification: from the consent to the end, and a day without a push', async (t) => {
  write('clients.mjs', `
    import fs from 'node:fs';
    const company = ${JSON.stringify(COMPANY)};
    let known;
    export const companyOf = (appId) => ((known = appId), company);
    export const clientOf = ({ code }) => code === company.code ? known : undefined;
    export const store = new Map();
    export const remember = async (appId, kept) => fs.writeFileSync('kept.json', JSON.stringify([{ appId, ...kept }]));
    export const all = async () =>
      JSON.parse(fs.readFileSync('kept.json', 'utf8')).map((kept) => ({ ...kept, seenAt: kept.seenAt - Number(process.env.AGO) }));
    export const tell = async (appId, said) => console.log(JSON.stringify({ appId, ...said }));
  `);
  waiting.delete('verification.mjs');
  const { told } = await startPlatform(t, sandbox, 'verification.mjs', { cwd: made, env });
  const { appId } = sandbox.addTrial(COMPANY);

  await sandbox.push({ kind: 'ticket' });
  await sandbox.push({ kind: 'authorized', appId });
  const [first] = await told(1);
  assert.deepEqual([first.appId, first.state], [appId, 'waiting_for_legal_person']);
  assert.match(first.authorizeUrl, /^https:/);
  assert.doesNotMatch(fs.readFileSync(path.join(made, 'kept.json'), 'utf8'), /authorize|某某/);
  assert.equal((await ran('hourly.mjs', ['hourly.mjs'], { AGO: '3600' })).stdout, '');
  assert.match((await ran('hourly.mjs', ['hourly.mjs'], { AGO: '90000' })).stdout, /"state":"timed_out"/);

  await sandbox.verification(appId, 'ends_with', 6);
  await sandbox.push({ kind: 'beta', appId, status: 103, omitAppId: true });
  const [, face, register] = await told(3);
  assert.deepEqual([face.state, register.state, register.appId], ['face_check_failed', 'register_mismatch', appId]);
  assert.equal((await ran('hourly.mjs', ['hourly.mjs'], { AGO: '90000' })).stdout, '');
});

test('credentials: the files are looked at', async () => {
  const found = (await ran('check-files.mjs')).stdout.split('\n').map((line) => line.replace(/ passed .*| 2048 .*/, ''));
  assert.match(found.shift(), /^[0-9A-F]{40}$/);
  assert.deepEqual(found, ['key', 'serial', 'validity', 'merchantNumber', '']);
  write('apiclient_key.pem', vectors[0].pkcs8);
  await assert.rejects(ran('check-files.mjs'), ({ stderr }) => /KEY_MISMATCH/.test(stderr));
  write('apiclient_key.pem', sandbox.merchant.privateKey);

  write('secrets.mjs', `
    import fs from 'node:fs';
    const read = (name) => fs.readFileSync(name);
    export const merchantFiles = async () =>
      ({ mchId: process.env.MCH_ID, privateKey: read('apiclient_key.pem'), certificate: read('apiclient_cert.pem') });
  `);
  const names = await used('renewable.mjs', `
    import fs from 'node:fs';
    import { getRealNameInfo, renew } from './renewable.mjs';
    const names = [];
    const read = async (authToken) => names.push((await getRealNameInfo({ authToken })).realName);
    await read(process.env.FIRST);
    await renew();
    await read(process.env.SECOND);
    fs.writeFileSync('apiclient_key.pem', 'no key');
    await renew().catch((error) => names.push(error.code));
    await read(process.env.THIRD);
    console.log(JSON.stringify(names));
  `, { FIRST: person().authToken, SECOND: person().authToken, THIRD: person().authToken });
  assert.deepEqual(names, ['张三', '张三', 'INVALID_KEY', '张三']);
  write('apiclient_key.pem', sandbox.merchant.privateKey);
});

const openssl = (() => {
  try {
    return execFileSync('openssl', ['version'], { encoding: 'utf8' });
  } catch {
    return undefined;
  }
})();

test('credentials: a forced refresh ends the tokens before it', async () => {
  const before = sandbox.issueAccessToken();
  const { stdout } = await ran('force-refresh.mjs');
  assert.match(stdout, /over/);
  const client = createClient({ accessToken: before, baseUrl: sandbox.baseUrl });
  await assert.rejects(client.getCategory(), { errcode: 40001 });
});

test('credentials: the openssl lines', { skip: openssl ? false : 'no openssl' }, async () => {
  const pair = ['-inkey', 'apiclient_key.pem', '-in', 'apiclient_cert.pem'];
  await run('openssl', ['pkcs12', '-export', ...pair, '-passout', 'env:MCH_ID', '-out', 'apiclient_cert.p12'], { cwd: made, env });
  const lines = blocks('docs/en/credentials.md', 'sh')[0].trim().split('\n');
  const said = [];
  for (const line of lines) said.push((await run('sh', ['-c', line], { cwd: made, env })).stdout.trim());
  const [head, checked, certificate, itsKey, key] = said;
  assert.equal(head, '-----BEGIN PRIVATE KEY-----');
  assert.match(checked, /valid/i);
  assert.match(certificate, /微信商户系统[\s\S]*serial=[0-9A-F]{40}/);
  assert.equal(itsKey, key);
});

test('verifying a face: the openssl lines compute WeChat’s example', { skip: openssl ? false : 'no openssl' }, async () => {
  const [lines] = blocks('docs/en/verify-a-face.md', 'sh');
  const [, example] = fs.readFileSync(path.join(root, 'docs/en/verify-a-face.md'), 'utf8').match(/`([0-9a-f]{64})`/);
  assert.match((await run('sh', ['-c', lines])).stdout, new RegExp(`^${example} `));
});

test('a medical real name: the openssl lines open it', { skip: openssl ? false : 'no openssl' }, async () => {
  const [lines] = blocks('docs/en/medical-real-name.md', 'sh');
  const key = 'canary*$`of a key\'with 32 letter';
  const person = JSON.stringify({ real_name: '张三', id_card_no: NUMBER, id_card_type: 1, phone: '13800000000', timestamp: 1661420431 });
  const cipher = createCipheriv('aes-256-ecb', key, null);
  write('cipher_real_name.txt', Buffer.concat([cipher.update(person), cipher.final()]).toString('base64'));
  const opened = (medicalKey) => run('sh', ['-c', lines], { cwd: made, env: { ...env, MEDICAL_KEY: medicalKey } });
  assert.equal((await opened(key)).stdout, person);
  await assert.rejects(opened(key.replace('canary', 'Canary')), ({ stderr }) => /bad decrypt/.test(stderr));
});

test('errors: what a failure is answered with', async () => {
  const answers = await used('answer.mjs', `
    import fs from 'node:fs';
    import { createClient, openMerchant } from 'wechat-realname';
    import { answerTo } from './answer.mjs';
    const { MCH_ID: mchId, MCH_KEY: privateKey, APP_ID: appId, APP_SECRET: appSecret } = process.env;
    const merchant = openMerchant({ mchId, privateKey, certificate: fs.readFileSync('apiclient_cert.pem') });
    const client = createClient({ appId, appSecret, merchant, timeoutMs: 2000 });
    const check = (code, realName = '张三') => client.checkRealNameInfo({ openid: 'o', realName, credId: '1', code });
    const answers = {};
    for (const word of ['80113', '-1', 'timeout', 'html-502', '45011', '1005', 'empty', '77777', '48001', 'a%3D']) {
      const code = word === 'a%3D' ? word : 'sandbox:' + word;
      const { show, status, page } = await check(code).then(() => ({}), answerTo);
      answers[word] = [show, status, page];
    }
    const begin = (certName, certNo) => client.getVerifyId({ openid: 'o', certName, certNo }).catch(answerTo);
    answers.refused_name = (await begin('sandbox:84014', '1')).show;
    answers.empty_number = (await begin('张三', '')).show;
    answers.empty_name = (await check('c', '').catch(answerTo)).show;
    answers.stop = (await client.getRealNameInfo({ authToken: 'sandbox:94002' }).catch(answerTo)).show;
    try { answerTo(new TypeError('mine')); } catch (error) { answers.mine = error.message; }
    console.log(JSON.stringify(answers));
  `);
  assert.deepEqual(answers, {
    80113: ['agree_again', 409, false],
    '-1': ['try_again', 503, false],
    timeout: ['try_again', 503, false],
    'html-502': ['try_again', 503, false],
    45011: ['later', 503, true],
    1005: ['later', 500, true],
    empty: ['later', 500, true],
    77777: ['later', 500, true],
    48001: ['later', 500, true],
    // Nobody types a code.
    'a%3D': ['agree_again', 400, false],
    refused_name: 'check_input',
    empty_number: 'check_input',
    empty_name: 'check_input',
    stop: 'another_way',
    mine: 'mine',
  });
});

test('testing: the tests of the guide pass, in three runners’ words', async () => {
  for (const [name, count] of [['realname.test.mjs', 3], ['faults.test.mjs', 1], ['faces.test.mjs', 1], ['push.test.mjs', 1]]) {
    const { stdout } = await ran(name, ['--test-reporter=tap', name]);
    assert.match(stdout, new RegExp(`^# pass ${count}$[\\s\\S]*^# fail 0$`, 'm'), name);
  }
  write('node_modules/vitest/package.json', '{ "type": "module", "exports": "./index.js" }');
  write('node_modules/vitest/index.js', `
    import assert from 'node:assert/strict';
    export { after as afterAll, before as beforeAll, test } from 'node:test';
    export const expect = (promise) => ({ rejects: { toMatchObject: (wanted) => assert.rejects(promise, wanted) } });
  `);
  const { stdout } = await ran('realname.spec.mjs', ['--test-reporter=tap', 'realname.spec.mjs']);
  assert.match(stdout, /^# pass 1$[\s\S]*^# fail 0$/m);
});

test('security: what is masked, and what is not', async () => {
  const [exchange, masked, copy] = (await ran('masked.mjs')).stdout.trim().split('\n');
  assert.match(JSON.parse(exchange).url, /access_token=\*\*\*$/);
  assert.doesNotMatch(masked, /张三/);
  assert.match(copy, /张三/);
});

test('running: a worker with its store, and a proxy', async () => {
  const puts = await used('worker.mjs', `
    import worker from './worker.mjs';
    const kept = new Map();
    const puts = [];
    const TOKENS = {
      get: async (key) => kept.get(key) ?? null,
      put: async (key, value, { expirationTtl }) => { kept.set(key, value); puts.push(expirationTtl); },
      delete: async (key) => void kept.delete(key),
    };
    const { APP_ID, APP_SECRET } = process.env;
    for (let calls = 0; calls < 2; calls++) {
      const response = await worker.fetch(new Request('https://worker.example/'), { APP_ID, APP_SECRET, TOKENS });
      if ((await response.json()).categories.length !== 3) throw new Error('other categories');
    }
    console.log(JSON.stringify(puts));
  `);
  assert.equal(puts.length, 1);
  assert.ok(puts[0] > 6000 && puts[0] <= 7200);

  write('node_modules/undici/package.json', '{ "type": "module", "exports": "./index.js" }');
  write('node_modules/undici/index.js', `
    export class ProxyAgent { constructor(address) { this.address = address; } }
    export const fetch = (url, { dispatcher, ...init }) => (console.log(dispatcher.address), globalThis.fetch(url, init));
  `);
  const { stdout } = await ran('proxy.mjs', ['proxy.mjs'], { HTTPS_PROXY: 'http://proxy.example:3128' });
  assert.equal(stdout, 'http://proxy.example:3128\nhttp://proxy.example:3128\n3\n');
});

test('no program was left out', () => {
  assert.deepEqual([...waiting], []);
});
