// The main job, end to end, against the sandbox: `cargo xtask demo` builds the package and runs this file.
// Every name and number in it is made up.
import { createServer } from 'node:http';
import { inspect } from 'node:util';

import {
  RealNameError,
  betaVerification,
  createClient,
  createPlatform,
  createPushHandler,
  openMerchant,
  openPushChannel,
  version,
} from 'wechat-realname';
import { startSandbox } from 'wechat-realname/sandbox';

const colour = process.stdout.isTTY ? (code, text) => `\u001b[${code}m${text}\u001b[0m` : (_, text) => text;
const bold = (text) => colour(1, text);
const dim = (text) => colour(2, text);
const say = (text = '') => console.log(text);

const sandbox = await startSandbox();
say(bold(`wechat-realname ${version} on Node ${process.version}`));
say(`WeChat is played by a sandbox at ${sandbox.baseUrl}: it checks the access token, the timestamp and the`);
say('signature, and encrypts its replies under the merchant’s certificate. Nothing leaves this machine.');

let number = 0;
/**
 * One story: a headline, the calls, and what the sandbox thought of each (the real WeChat never says). `refused` is the
 * errcode that the story is about; any other error ends the demo.
 */
async function story(headline, why, tell, refused) {
  number += 1;
  say(`\n${bold(`${number}. ${headline}`)}`);
  say(dim(`   ${why}`));
  const from = sandbox.requests.length;
  const lines = [];
  try {
    await tell(
      (line) => lines.push(`   ${colour(32, '✓')} ${line}`),
      (line) => lines.push(`     ${dim(line)}`),
    );
  } catch (error) {
    if (!(error instanceof RealNameError) || refused === undefined || error.errcode !== refused) throw error;
    refused = undefined;
    lines.push(`   ${colour(31, '✗')} ${error.code}${error.errcode === undefined ? '' : ` ${error.errcode}`}: ${error.message}`);
    lines.push(`     what to do: ${error.action}`);
  }
  for (const { method, path, status, errcode, why } of sandbox.requests.slice(from)) {
    say(`   ${method} ${path} ${dim('→')} ${status}${errcode === undefined ? '' : `, errcode ${errcode}`} ${dim(`(sandbox: ${why})`)}`);
  }
  for (const line of lines) say(line);
  if (refused !== undefined) throw new Error(`it should have been refused with ${refused}`);
}

let merchant;
await story(
  'Open the merchant',
  'Key and certificate are read once; a key of another certificate would be found here, before any call.',
  async (done) => {
    merchant = openMerchant(sandbox.merchant);
    done(`merchant ${merchant.mchId}, serial number ${merchant.certSerialNo}`);
    for (const { state, message } of merchant.report().findings) {
      if (state !== 'passed') throw new Error(message);
      done(message);
    }
  },
);

const { appId, appSecret, baseUrl, medicalKeys } = sandbox;
const client = createClient({ appId, appSecret, merchant, baseUrl });
const tokenRequests = () => sandbox.requests.filter(({ path }) => path.endsWith('/stable_token')).length;

await story(
  'List the categories: getCategory',
  'The authorisation button in the mini program takes two of these numbers as its category-id.',
  async (done) => {
    const { categories } = await client.getCategory();
    for (const { firstId, firstClass, secondId, secondClass, thirdClass } of categories) {
      done(`category-id [${firstId}, ${secondId}]: ${[firstClass, secondClass, thirdClass].filter(Boolean).join(' › ')}`);
    }
  },
);

for (const [realName, credentialId, why] of [
  ['张三', '11010519491231002X', 'The request is signed with RSA-SHA256; both fields of the reply are decrypted, the name from GBK.'],
  ['龚䶮', '440524188001010014', '䶮 is FE 9F in GBK: `iconv -f gbk` refuses it, TextDecoder gives another character before Node 26.'],
  ['阿依古丽·买买提', '11010519491231002X', 'The · of a minority name is kept exactly as WeChat sent it.'],
]) {
  await story(`Read a person: getRealNameInfo`, why, async (done) => {
    // In the mini program, the user taps the button and agrees; its event carries the auth_token.
    const { authToken } = sandbox.addPerson({ realName, credentialId });
    const started = performance.now();
    const info = await client.getRealNameInfo({ authToken });
    const milliseconds = (performance.now() - started).toFixed(0);
    if (info.realName !== realName || info.credentialId !== credentialId) throw new Error('another person came back');
    done(`realName ${info.realName}, credentialId ${info.credentialId} ${dim(`(${milliseconds} ms, one signature and two decryptions)`)}`);
    done(`a log shows ${inspect(info)}: the data is there, console.log just does not spill it`);
  });
}

const check = (known, realName, credId, expected, meaning) => async (done) => {
  const { openid, code } = sandbox.addPerson(known);
  const { verdict, matched, verifyOpenid, verifyRealName } = await client.checkRealNameInfo({ openid, realName, credId, code });
  if (verdict !== expected) throw new Error(`the verdict is ${verdict}, not ${expected}`);
  const raw = [...verifyOpenid, ...verifyRealName].join(', ');
  done(`verdict ${bold(verdict)}, matched ${matched}: ${meaning} ${dim(`(WeChat's own words: ${raw})`)}`);
};
const known = { realName: '张三', credentialId: '11010519491231002X' };

await story(
  'Check a person who tells the truth: checkRealNameInfo',
  'Only V_OP_NM_MA together with V_NM_ID_MA is a match. Whatever is unknown or contradictory is not.',
  check(known, '张三', '11010519491231002X', 'match', 'name and number are the user’s'),
);
await story(
  'Check a wrong name',
  'A mismatch is an answer, not an error: show it to the user and let them correct it.',
  check(known, '李四', '11010519491231002X', 'name_mismatch', 'the name is not the user’s'),
);
await story(
  'Check a wrong ID number',
  'The name is right, the number is another one.',
  check(known, '张三', '440524188001010014', 'id_mismatch', 'the name is the user’s, the number is not'),
);
await story(
  'Check a user whom WeChat Pay does not know by name',
  'Nobody to compare with: offer another way of identifying.',
  check({}, '张三', '11010519491231002X', 'not_authenticated', 'the user has no real-name authentication'),
);

/** Begins a verification of 张三 for `openid`, and gives what asks how it stands. */
async function begin(done, openid) {
  const { verifyId, outSeqNo, certHash, expiresIn } = await client.getVerifyId({ certName: '张三', certNo: known.credentialId, openid });
  done(`outSeqNo ${outSeqNo}; in the place of name and number one keeps certHash ${certHash.slice(0, 8)}…; good for ${expiresIn} s`);
  const ask = async (when, expected) => {
    const { verdict, passed, verifyRet, advice } = await client.queryVerifyInfo({ verifyId, outSeqNo, certHash, openid });
    if (verdict !== expected) throw new Error(`the verdict is ${verdict}, not ${expected}`);
    done(`${when}: verdict ${bold(verdict)}, passed ${passed} ${dim(`(WeChat's own word: verify_ret ${verifyRet})`)}`);
    return advice;
  };
  return { verifyId, ask };
}

await story(
  'Verify a face: getVerifyId, the user’s phone, queryVerifyInfo',
  'Open to newcomers of certain categories. What the phone says is a hint: passed is what the server was told, and only verify_ret 10000.',
  async (done) => {
    const { openid } = sandbox.addPerson(known);
    const { verifyId, ask } = await begin(done, openid);
    await ask('before the phone', 'pending');
    sandbox.verifyFace(verifyId);
    await ask('after it', 'passed');
  },
);
await story(
  'The same name and number, another face',
  'Somebody who knows 张三’s number types it, and looks into the camera.',
  async (done, note) => {
    const { openid } = sandbox.addPerson({ realName: '李四', credentialId: '440524188001010014' });
    const { verifyId, ask } = await begin(done, openid);
    sandbox.verifyFace(verifyId);
    const { zh, en } = await ask('after the phone', 'not_this_person');
    note(zh);
    note(en);
  },
);
await story(
  'Read a patient: getMedicalRealName',
  'For hospitals: encrypted under the hospital’s key, which may be renewed. Both are given, and WeChat’s key_version says which one it is.',
  async (done) => {
    const next = 'the-next-key-of-32-characters---';
    const { accessToken } = sandbox;
    const hospital = createClient({ appId, accessToken, medicalKeys: { ...medicalKeys, 1: next }, baseUrl });
    for (const version of [0, 1]) {
      if (version === 1) sandbox.setMedicalKey(version, next);
      const { openid, wxmedAuthcode } = sandbox.addPerson({ ...known, phone: '13800000138' });
      const patient = await hospital.getMedicalRealName({ openid, wxmedAuthcode });
      if (patient.realName !== known.realName || patient.idCardNo !== known.credentialId) throw new Error('another patient came back');
      done(`under key ${version}: realName ${patient.realName}, idCardNo ${patient.idCardNo}, phone ${patient.phone}`);
    }
  },
);

await story(
  'A signature that WeChat refuses',
  'No certificate was given here, only a serial number: the one mistake that cannot be found before the call.',
  async () => {
    const { certSerialNo, mchId } = merchant;
    const wrong = openMerchant({ mchId, certSerialNo, privateKey: await anotherKey() });
    const mistaken = createClient({ accessToken: sandbox.accessToken, merchant: wrong, baseUrl: sandbox.baseUrl });
    const { authToken } = sandbox.addPerson(known);
    await mistaken.getRealNameInfo({ authToken });
  },
  94003,
);

await story(
  'An access token that has expired',
  'The sandbox’s clock is moved by two hours and a second: WeChat refuses the token, and the client gets another one.',
  async (done) => {
    sandbox.clock.advance(7201);
    const { categories } = await client.getCategory();
    done(`${categories.length} categories, as if nothing had happened`);
    if (tokenRequests() !== 2) throw new Error('it took more than one token');
    done('two requests for tokens since the start of this demo, however many calls were made');
  },
);

await story(
  'A machine that is not on the IP list',
  'WeChat gives tokens to known addresses only. The error has the address to add.',
  async () => {
    await createClient({ appId, appSecret: 'sandbox:40164', baseUrl }).getCategory();
  },
  40164,
);

// A third-party platform turns its client's trial mini program into a full one. What WeChat pushes arrives at a real
// server here, encrypted and signed.
const { componentAppId, componentAppSecret, token, encodingAesKey } = sandbox.platform;
const platform = createPlatform({ componentAppId, componentAppSecret, baseUrl: sandbox.baseUrl });
const channel = openPushChannel({ token, encodingAesKey, appId: componentAppId });
const [events, refused] = [[], []];
const handler = createPushHandler({
  channel,
  platform,
  now: sandbox.clock.now,
  onEvent: (event) => void events.push(event),
  onError: (error) => void refused.push(error.code),
});
const receiver = createServer(handler.node);
await new Promise((resolve) => receiver.listen(0, '127.0.0.1', resolve));
sandbox.pushTo(`http://127.0.0.1:${receiver.address().port}/events`);

const company = { enterpriseName: '某某（测试）科技有限公司', code: '91110105MA00000012', componentPhone: '13800000000' };
const legalPerson = { codeType: 1, legalPersonaWechat: 'zhangsan-wx', legalPersonaName: '张三', legalPersonaIdcard: '11010519491231002X' };
let trial;
let trialAppId;

/** One line with what it means for the client, and the advice that a person would read. */
function stand([done, note], what, evidence, expected) {
  const now = sandbox.clock.now();
  const { state, mayCallAgain, notBefore, advice } = betaVerification(evidence, { now });
  if (state !== expected) throw new Error(`it stands at ${state}, not at ${expected}`);
  const when = notBefore === undefined ? '' : `, in ${Math.ceil((notBefore - now) / 3600)} h at the earliest`;
  done(`${what}: ${bold(state)}, call again: ${mayCallAgain ? 'yes' : 'no'}${when}`);
  note(advice.zh);
  note(advice.en);
}

/** The event that came last, once everything under way has arrived. */
async function lastEvent() {
  await sandbox.settle();
  return events.at(-1);
}

await story(
  'Authorise the platform: createPlatform, createPushHandler',
  'WeChat pushes a ticket every ten minutes; with it, and the code of the client’s consent, the platform gets its tokens.',
  async (done) => {
    const { status, body } = await sandbox.push({ kind: 'ticket' });
    done(`the push component_verify_ticket was answered with ${status} ${body}; a log shows it masked: ticket ${inspect(events[0]).match(/Ticket: '(.*?)'/)[1]}`);
    const { appId, authorizationCode } = sandbox.addTrial({ ...company, ...legalPerson });
    const { permissionSets } = await platform.authorize(authorizationCode);
    [trialAppId, trial] = [appId, platform.client(appId)];
    done(`${appId} is authorised with the permission set ${permissionSets.join(', ')}`);
  },
);
const verify = () => trial.verifyBetaMiniprogram({ ...company, ...legalPerson });

await story(
  'Turn a trial mini program into a full one: verifyBetaMiniprogram',
  'The call only starts it: the legal person has 24 hours for a face check on the phone, and pushes say how it goes.',
  async (...tell) => {
    stand(tell, 'accepted', await verify(), 'waiting_for_legal_person');
    stand(tell, 'push 89251', await lastEvent(), 'waiting_for_legal_person');
  },
);
await story(
  'Call a second time, too early',
  'Tasks are serial: WeChat refuses, and betaVerification says from when on it is of use.',
  async (...tell) => {
    const error = await verify().catch((error) => error);
    if (error.errcode !== 89251) throw error;
    stand(tell, `${error.code} ${error.errcode}`, error, 'waiting_for_legal_person');
  },
);
await story(
  'Nobody acts for 24 hours',
  'The sandbox’s clock is moved by a day, and WeChat pushes how it ended.',
  async (...tell) => {
    sandbox.clock.advance(24 * 3600);
    const event = await lastEvent();
    stand(tell, `push ${event.status}`, event, 'timed_out');
  },
);
await story(
  'Call again, and the legal person has the face checked',
  'The tokens are a day old: refused, renewed, and the call is made once more, without anybody noticing.',
  async (...tell) => {
    await sandbox.push({ kind: 'ticket' });
    stand(tell, 'accepted', await verify(), 'waiting_for_legal_person');
    for (const step of ['legal_person_checks_id', 'legal_person_checks_face', 'legal_person_confirms']) {
      await sandbox.verification(trialAppId, step);
    }
    stand(tell, 'push 89252', await lastEvent(), 'waiting_for_administrator');
  },
);
await story(
  'The administrator confirms',
  'Success is status 0 in a push, and nothing else.',
  async (...tell) => {
    await sandbox.verification(trialAppId, 'administrator_confirms');
    stand(tell, 'push 0', await lastEvent(), 'succeeded');
  },
);
await story(
  'Call a third time',
  'It is no trial mini program any more.',
  async (...tell) => {
    const error = await verify().catch((error) => error);
    if (error.errcode !== 91021) throw error;
    stand(tell, `${error.code} ${error.errcode}`, error, 'not_a_trial');
  },
);
await story(
  'What others post to the same address',
  'A forged push, a changed one, an old one, one for another platform: one answer for all, and no event.',
  async (done) => {
    const before = events.length;
    for (const fault of ['signature', 'ciphertext', 'old', 'app_id']) {
      const { status, body } = await sandbox.push({ kind: 'beta', appId: trialAppId, fault });
      done(`${fault}: ${status} "${body}" ${dim(`(to the operator: ${refused.at(-1)})`)}`);
    }
    if (events.length !== before) throw new Error('a forged push was taken for an event');
  },
);

merchant.close();
receiver.close();
await sandbox.close();
say(`\n${bold('Done.')} README.md shows the same calls in a CloudBase function and in a Node server.`);

async function anotherKey() {
  const { generateKeyPairSync } = await import('node:crypto');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' });
}
