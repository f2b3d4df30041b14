// The whole story without WeChat: run it, sign in at the address that it prints, and press Enter for the next step.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { startSandbox } from 'wechat-realname/sandbox';

const sandbox = await startSandbox({ forms: '2026' });
const { componentAppId, componentAppSecret, token, encodingAesKey } = sandbox.platform;
Object.assign(process.env, {
  WECHAT_BASE_URL: sandbox.baseUrl,
  COMPONENT_APP_ID: componentAppId,
  COMPONENT_APP_SECRET: componentAppSecret,
  PUSH_TOKEN: token,
  ENCODING_AES_KEY: encodingAesKey,
  PORT: (process.env.PORT ??= '3000'),
});
const [[appId, { password, company }]] = Object.entries(JSON.parse(readFileSync('clients.json', 'utf8')));
sandbox.addTrial({ appId, ...company });
sandbox.pushTo(`http://127.0.0.1:${process.env.PORT}/push`);
await import('./server.mjs');

console.log(`http://localhost:${process.env.PORT}/ is the client's page. User: ${appId}, password: ${password}`);
const story = [
  ['the owner consents', async () => {
    await sandbox.push({ kind: 'ticket' });
    await sandbox.push({ kind: 'authorized', appId });
    await sandbox.settle();
  }],
  ['the ID card of the legal person is checked', () => sandbox.verification(appId, 'legal_person_checks_id')],
  ['the face of the legal person is checked', () => sandbox.verification(appId, 'legal_person_checks_face')],
  ['the legal person confirms', () => sandbox.verification(appId, 'legal_person_confirms')],
  ['the administrator confirms', () => sandbox.verification(appId, 'administrator_confirms')],
  ['the end', () => process.exit()],
];
const enter = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
for (const [what, happens] of story) {
  console.log(`Enter: ${what}`);
  await enter.next();
  await happens();
}
