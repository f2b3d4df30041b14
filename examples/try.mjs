// Runs an example without WeChat: starts the sandbox, and the command with an environment made for it.
//
//   cd express && npm install && node ../try.mjs node server.mjs
import { spawn } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

// The package as the example has it installed.
const { startSandbox } = createRequire(path.resolve('example.js'))('wechat-realname/sandbox');
const sandbox = await startSandbox();
const person = { realName: '张三', credentialId: '11010519491231002X' };
const { openid, code, authToken } = sandbox.addPerson(person);

Object.assign(process.env, {
  WECHAT_BASE_URL: sandbox.baseUrl,
  APP_ID: sandbox.appId,
  APP_SECRET: sandbox.appSecret,
  MCH_ID: sandbox.merchant.mchId,
  MCH_KEY: sandbox.merchant.privateKey,
  MCH_CERT: sandbox.merchant.certificate,
  SESSION_SECRET: 'a canary of the sandbox',
  PORT: (process.env.PORT ??= '3000'),
  // A user who has just agreed; how wx-server-sdk and the native example learn of one.
  WX_CONTEXT_KEYS: 'WX_OPENID',
  WX_OPENID: openid,
  OPENID: openid,
  CODE: code,
  AUTH_TOKEN: authToken,
  REAL_NAME: person.realName,
  CRED_ID: person.credentialId,
});

// Cloud functions have the certificate beside them.
const borrowed = path.resolve('apiclient_cert.pem');
if (!existsSync(borrowed)) {
  writeFileSync(borrowed, sandbox.merchant.certificate);
  process.once('exit', () => rmSync(borrowed));
}

const session = pathToFileURL(path.resolve('session.mjs'));
const who = existsSync(session)
  ? `authorization: Bearer ${await (await import(session)).sessionFor(openid)}`
  : `x-wx-openid: ${openid}`;
const curl = (name, fields) =>
  `curl -H 'content-type: application/json' -H '${who}' -d '${JSON.stringify(fields)}' localhost:${process.env.PORT}/${name}`;
console.log(`A user of the sandbox has agreed. Once the server listens:

${curl('check', { code, realName: person.realName, credId: person.credentialId })}

${curl('read', { authToken })}

A face check that has passed, without a phone:

${curl('begin-face', { certName: 'sandbox:verify_ret=10000', certNo: person.credentialId })}

${curl('finish-face', {})}
`);

const [command, ...words] = process.argv.slice(2);
const child = spawn(command, words, { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.once('exit', (status) => process.exit(status ?? 1));
