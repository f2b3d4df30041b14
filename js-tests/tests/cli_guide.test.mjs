// Every line of the guide to the command line is run as it stands, in a project with the tarball.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { startSandbox } from 'wechat-realname/sandbox';
import { cli, lacking } from './cli.mjs';
import { blocks } from './documents.mjs';
import { NUMBER, project, root } from './support.mjs';

const GUIDE = 'docs/en/command-line.md';
/** They run until they are stopped: their own tests do that. */
const SERVERS = /^npx wechat-realname (sandbox|playground)\b/;

test('every line of the guide', { skip: lacking('openssl') }, async (t) => {
  const made = project(t);
  const sandbox = await startSandbox();
  t.after(() => sandbox.close());
  const { mchId, privateKey, certificate } = sandbox.merchant;
  const write = (name, text) => fs.writeFileSync(path.join(made, name), text);
  write('apiclient_key.pem', privateKey);
  write('apiclient_cert.pem', certificate);
  const { authToken } = sandbox.addPerson({ realName: '张三', credentialId: NUMBER });
  const signed = JSON.parse(
    cli(['sign', '--key', 'apiclient_key.pem', '--cert', 'apiclient_cert.pem', '--json'], { cwd: made }).stdout,
  ).body;
  const address = `${sandbox.baseUrl}/cgi-bin/wxopen/getrealnameinfo?access_token=${sandbox.accessToken}`;
  write(
    'reply.json',
    await (await fetch(address, { method: 'POST', body: JSON.stringify({ auth_token: authToken, ...signed }) })).text(),
  );
  const hospital = JSON.parse(fs.readFileSync(path.join(root, 'tests/vectors/medical.json'), 'utf8'));
  write('medical.json', JSON.stringify(hospital.patients[0]));
  write('medical_key.txt', hospital.key);
  // Of WeChat's document of queryVerifyInfo.
  write('person.txt', '张三\n310101199801011234\n');
  const CERT_HASH = '3c241f7ff324977aeb91f173bb2a7b06569e6fd784d5573db34a636d8671108b';
  const { appId } = sandbox.addTrial();
  const { query, body } = sandbox.makePush({ kind: 'beta', appId, status: 0 });
  write('push.xml', body);
  const { componentAppId: COMPONENT_APP_ID, token: PUSH_TOKEN, encodingAesKey: ENCODING_AES_KEY } = sandbox.platform;
  const PUSH_URL = `https://platform.example/push?${new URLSearchParams(query)}`;
  const env = {
    ...process.env,
    MCH_ID: mchId,
    COMPONENT_APP_ID,
    PUSH_TOKEN,
    ENCODING_AES_KEY,
    PUSH_URL,
    CERT_HASH,
    WECHAT_REALNAME_LANG: 'en',
  };
  const pair = ['-inkey', 'apiclient_key.pem', '-in', 'apiclient_cert.pem'];
  execFileSync('openssl', ['pkcs12', '-export', ...pair, '-passout', 'env:MCH_ID', '-out', 'apiclient_cert.p12'], {
    cwd: made,
    env,
  });

  const said = {};
  for (const line of blocks(GUIDE, 'sh').flatMap((block) => block.trim().split('\n'))) {
    if (SERVERS.test(line)) continue;
    const { status, stdout, stderr } = spawnSync('sh', ['-c', line], { cwd: made, env, encoding: 'utf8' });
    assert.equal(status, 0, `${line}\n${stderr}`);
    assert.notEqual(stdout, '', line);
    said[line.replace(/^npx wechat-realname /, '')] = stdout;
  }
  const of = (part) => Object.entries(said).find(([line]) => line.includes(part))[1];
  assert.match(of('serial'), /^[0-9A-F]{40}\n$/);
  assert.match(of('--print-string'), /^[A-Za-z0-9+/]{342}==$/);
  assert.match(of('--cert apiclient_cert.pem --reveal'), /张三/);
  assert.match(of('person.txt --reveal'), /cert_name=5byg5LiJ&/);
  assert.doesNotMatch(of('open -'), /张三/);
  assert.match(of('medical.json'), /^key version +0$/m);
  assert.match(of('--expect'), /✓ the same/);
  assert.match(of('.p12'), /✓ the certificate was issued to this merchant number/);
  assert.match(of('push open'), /^state +succeeded$/m);
  assert.match(of('explain 1005'), /checkRealNameInfo[\s\S]*verifyBetaMiniprogram/);
  assert.ok(Object.keys(said).length > 15);
});
