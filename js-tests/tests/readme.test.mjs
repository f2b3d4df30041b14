// Every block of both READMEs is run as it stands. Calls to WeChat's host are led to a sandbox.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { promisify } from 'node:util';

import { startSandbox } from 'wechat-realname/sandbox';
import { blocks, borrow, hostOf, patiently, programs, startPlatform, union, writerIn } from './documents.mjs';
import { NUMBER, freePort, keyFiles, project, root } from './support.mjs';

const run = promisify(execFile);

const linesOf = (code) => code.split('\n').filter((line) => line.trim() && !line.startsWith('// ')).length;

for (const readme of ['README.md', 'README.zh-CN.md']) {
  test(`${readme}: every block runs`, async (t) => {
    const sandbox = await startSandbox();
    t.after(() => sandbox.close());
    const made = project(t);
    const write = writerIn(made);
    // WeChat's host is the sandbox here; all else of the block is as its reader has it.
    write('host.cjs', hostOf(sandbox));
    write('session.mjs', `
      export const accessToken = async () => ${JSON.stringify(sandbox.accessToken)};
      export const openidOf = ({ headers }) => {
        if (headers['x-openid']) return headers['x-openid'];
        throw Object.assign(new Error('no session'), { status: 401 });
      };
      export const send = async ({ method, url, headers, body }) => {
        const reply = await fetch(url, { method, headers, body });
        return { status: reply.status, body: await reply.text() };
      };
    `);
    const env = {
      ...process.env,
      NODE_OPTIONS: `--require ${path.join(made, 'host.cjs')}`,
      MCH_ID: sandbox.merchant.mchId,
      MCH_KEY: sandbox.merchant.privateKey.replaceAll('\n', '\\n'),
      APP_ID: sandbox.appId,
      APP_SECRET: sandbox.appSecret,
      PORT: '0',
    };
    const started = (name, words = [name]) => run(process.execPath, words, { cwd: made, env });

    const code = programs(readme);
    for (const [name, block] of Object.entries(code)) write(name, block);
    const files = [
      'cloudfunctions/realname/index.js',
      'server.mjs',
      'production.mjs',
      'platform.mjs',
      'cloudfunctions/push/index.js',
      'merchant.mjs',
      'try.mjs',
      'own-transport.mjs',
    ];
    assert.deepEqual(Object.keys(code), files);
    for (const name of files.slice(0, 2)) assert.ok(linesOf(code[name]) < 15, `${name} is short`);

    write('cloudfunctions/realname/apiclient_cert.pem', sandbox.merchant.certificate);
    const { authToken } = sandbox.addPerson({ realName: '张三', credentialId: NUMBER });
    const call = `require('./cloudfunctions/realname').main({ authToken: ${JSON.stringify(authToken)} }).then((x) => console.log(JSON.stringify(x)))`;
    assert.equal((await started('', ['-e', call])).stdout, '{"name":"张三","lastFour":"002X"}\n');

    const written = JSON.parse(fs.readFileSync(keyFiles, 'utf8'));
    const p12 = written.files.find(({ name }) => name.startsWith('p12 of old')).file;
    write('apiclient_cert.p12', Buffer.from(p12, 'base64'));
    const reported = await run(process.execPath, ['merchant.mjs'], { cwd: made, env: { ...env, MCH_ID: written.mchId } });
    assert.match(reported.stdout, /^key passed .*\nserial passed .*\nvalidity passed .*\nmerchantNumber passed /);

    assert.equal((await started('try.mjs')).stdout.split('\n')[0], '张三');
    assert.match((await started('own-transport.mjs')).stdout, /secondClass: '社会保障'/);

    // With a Redis that is not there: the store fails no call, and is told of once.
    borrow(path.join(made, 'node_modules'));
    const production = spawn(process.execPath, ['production.mjs'], { cwd: made, env: { ...env, REDIS_URL: 'redis://127.0.0.1:1' } });
    t.after(() => production.kill());
    let printed = '';
    production.stdout.on('data', (chunk) => { printed += chunk; });
    await patiently(async () => assert.match(printed, /^3$/m));
    const exchanges = printed.trim().split('\n').slice(0, -1).map((line) => JSON.parse(line));
    assert.deepEqual(
      exchanges.map(({ operation, code }) => [operation, code]),
      [
        ['tokenStore', 'CONFIGURATION'],
        ['getStableAccessToken', undefined],
        ['getCategory', undefined],
      ],
    );

    // The server does not say where it listens, so its port is chosen here.
    const port = await freePort();
    const server = spawn(process.execPath, ['server.mjs'], { cwd: made, env: { ...env, PORT: String(port) }, stdio: 'inherit' });
    t.after(() => server.kill());
    const person = sandbox.addPerson({ realName: '张三', credentialId: NUMBER });
    const ask = (fields, session = { 'x-openid': person.openid }) => {
      const headers = { 'content-type': 'application/json', ...session };
      return patiently(() => fetch(`http://127.0.0.1:${port}/check`, { method: 'POST', headers, body: JSON.stringify(fields) }));
    };
    const fields = { realName: '张三', credId: NUMBER, code: person.code };
    assert.deepEqual(await (await ask(fields)).json(), { matched: true, verdict: 'match' });
    // The same code again: it works once.
    const again = await ask(fields);
    assert.deepEqual([again.status, await again.json()], [502, { code: 'REJECTED', action: 'ask_user_again' }]);
    assert.equal((await ask({ ...fields, openid: person.openid }, {})).status, 401);
    assert.equal((await (await ask({ ...fields, realName: '' })).json()).code, 'INVALID_ARGUMENT');
    assert.equal((await ask({ ...fields, realName: 'x'.repeat(5000) })).status, 413);
  });

  test(`${readme}: the platform turns a trial mini program into a full one`, async (t) => {
    const sandbox = await startSandbox({ forms: '2026' });
    t.after(() => sandbox.close());
    const made = project(t);
    const code = programs(readme);
    fs.writeFileSync(path.join(made, 'platform.mjs'), code['platform.mjs']);
    fs.writeFileSync(path.join(made, 'host.cjs'), hostOf(sandbox));
    const company = { enterpriseName: '某某公司', code: '91110105MA00000012', componentPhone: '13800000000' };
    fs.writeFileSync(path.join(made, 'clients.mjs'), `
      export const companyOf = () => (${JSON.stringify(company)});
      export const store = new Map();
      export const tell = (...words) => console.log(JSON.stringify(words));
    `);
    const led = { ...process.env, NODE_OPTIONS: `--require ${path.join(made, 'host.cjs')}` };
    const { told } = await startPlatform(t, sandbox, 'platform.mjs', { cwd: made, env: led });
    const { appId } = sandbox.addTrial(company);
    assert.equal((await sandbox.push({ kind: 'ticket' })).body, 'success');
    assert.equal((await sandbox.push({ kind: 'authorized', appId })).body, 'success');
    for (const step of ['legal_person_checks_id', 'legal_person_checks_face', 'legal_person_confirms', 'administrator_confirms']) {
      await sandbox.verification(appId, step);
    }
    const lines = await told(3);
    assert.deepEqual(lines.map(([whose, , { state }]) => [whose, state]), [
      [appId, 'waiting_for_legal_person'],
      [appId, 'waiting_for_administrator'],
      [appId, 'succeeded'],
    ]);
    assert.match(lines[0][1], /^https:/);

    // The cloud function beside it.
    fs.mkdirSync(path.join(made, 'cloudfunctions/push'), { recursive: true });
    fs.writeFileSync(path.join(made, 'cloudfunctions/push/index.js'), code['cloudfunctions/push/index.js']);
    fs.writeFileSync(path.join(made, 'cloudfunctions/push/database.js'), 'exports.remember = (event) => console.log(event.infoType);');
    const { query, body } = sandbox.makePush({ kind: 'unknown', appId });
    const event = { httpMethod: 'POST', queryStringParameters: query, body, isBase64Encoded: false };
    const call = `require('./cloudfunctions/push').main(${JSON.stringify(event)}).then((x) => console.log(x.statusCode, x.body))`;
    const { componentAppId, token, encodingAesKey } = sandbox.platform;
    const env = { ...process.env, PUSH_TOKEN: token, ENCODING_AES_KEY: encodingAesKey, COMPONENT_APP_ID: componentAppId };
    const { stdout } = await run(process.execPath, ['-e', call], { cwd: made, env });
    assert.match(stdout, /^\w+\n200 success\n$/);
  });

  test(`${readme}: the commands are CI's, the codes and actions are the library's`, () => {
    const [commands, install] = blocks(readme, 'sh');
    const ci = fs.readFileSync(path.join(root, '.ci/run'), 'utf8');
    assert.deepEqual(commands.trim().split('\n'), ['cargo xtask demo', 'cargo xtask test']);
    for (const command of commands.trim().split('\n')) assert.ok(ci.includes(`\n${command}`), command);
    assert.equal(install.trim(), 'npm install wechat-realname');

    const text = fs.readFileSync(path.join(root, readme), 'utf8');
    const listed = [...text.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code]) => code);
    assert.deepEqual(listed.sort(), union('ErrorCode').sort());
    for (const word of [...union('Action'), ...union('Verdict'), ...union('BetaVerificationState')]) assert.ok(text.includes(`\`${word}\``), word);
  });
}
