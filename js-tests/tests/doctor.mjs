// What the tests of the doctor share: a healthy set-up, and the command as a process of its own.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';

import { startSandbox } from 'wechat-realname/sandbox';
import { folder, installed } from './support.mjs';

const binary = path.join(installed, 'dist/cli.cjs');

const { PATH, SystemRoot } = process.env;
const CLEAN = { PATH, ...(SystemRoot && { SystemRoot }), LANG: 'C.UTF-8' };

/** Runs the command to its end; not synchronously, because the sandbox is in this process. */
export async function doctor(words, { env = {}, cwd, node = [] } = {}) {
  return new Promise((resolve) => {
    execFile(process.execPath, [...node, binary, 'doctor', ...words], { cwd, env: { ...CLEAN, ...env } }, (error, stdout, stderr) => {
      resolve({ status: error ? error.code : 0, stdout, stderr });
    });
  });
}

/** What it finds: exit code and ids, worst first. */
export async function found(words, options) {
  const { status, stdout, stderr } = await doctor([...words, '--json'], options);
  if (stdout === '') throw new Error(stderr);
  const document = JSON.parse(stdout);
  const { findings } = document;
  return { status, ids: findings.map(({ id }) => id), fields: findings.map(({ field }) => field), document, stdout };
}

/** A sandbox, a folder with its merchant's files, and the variables of a healthy set-up on it. */
export async function healthy(t) {
  const sandbox = await startSandbox();
  t.after(() => sandbox.close());
  const cwd = folder(t);
  const { merchant, platform } = sandbox;
  fs.writeFileSync(path.join(cwd, 'apiclient_key.pem'), merchant.privateKey);
  fs.writeFileSync(path.join(cwd, 'apiclient_cert.pem'), merchant.certificate);
  const env = {
    APP_ID: sandbox.appId,
    APP_SECRET: sandbox.appSecret,
    MCH_ID: merchant.mchId,
    MCH_KEY: 'apiclient_key.pem',
    MCH_CERT: 'apiclient_cert.pem',
    COMPONENT_APP_ID: platform.componentAppId,
    COMPONENT_APP_SECRET: platform.componentAppSecret,
    PUSH_TOKEN: platform.token,
    ENCODING_AES_KEY: platform.encodingAesKey,
    WECHAT_BASE_URL: sandbox.baseUrl,
  };
  return { sandbox, cwd, env, options: { cwd, env } };
}

/** A server that answers as `answer` says: `{ status?, headers?, body }` for each request. */
export async function server(t, answer) {
  const listening = http.createServer((request, response) => {
    request.resume().on('end', async () => {
      const { status = 200, headers = {}, body } = await answer(request);
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
    });
  });
  await new Promise((done) => listening.listen(0, '127.0.0.1', done));
  t.after(() => listening.close());
  return `http://127.0.0.1:${listening.address().port}`;
}
