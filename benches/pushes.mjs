// Pushes: from the body of WeChat's POST to an event that a program can act upon.
import { isDeepStrictEqual } from 'node:util';
import { createRequire } from 'node:module';

import { openPushChannel } from 'wechat-realname';
import { startSandbox } from 'wechat-realname/sandbox';
import { inTurn, sideBySide } from './measure.mjs';

const require = createRequire(import.meta.url);

/** As the documentation of WeChat's SDKs in Node has it: every element a text, not a list of one. */
function parsed(xml) {
  let result;
  require('xml2js').parseString(xml, { explicitArray: false, explicitRoot: false }, (error, value) => {
    if (error) throw error;
    result = value;
  });
  return result;
}

/** Contestant → options of the channel → push → the fields of its event. */
const CONTESTANTS = {
  ours: (options) => {
    const channel = openPushChannel(options);
    return ({ msgSignature, timestamp, nonce, body }) =>
      channel.open({ msgSignature, timestamp, nonce, body }, { now: Number(timestamp) });
  },
  'wechat-crypto': ({ token, encodingAesKey, appId }) => {
    const WXBizMsgCrypt = require('wechat-crypto');
    const crypt = new WXBizMsgCrypt(token, encodingAesKey, appId);
    return ({ msgSignature, timestamp, nonce, body }) => {
      const { Encrypt } = parsed(body);
      if (crypt.getSignature(timestamp, nonce, Encrypt) !== msgSignature) throw new Error('the signature is wrong');
      const { message, id } = crypt.decrypt(Encrypt);
      if (id !== appId) throw new Error('it is for another');
      return parsed(message);
    };
  },
  'node-easywechat': ({ token, encodingAesKey, appId }) => {
    const Encryptor = require('node-easywechat/dist/Core/Encryptor');
    const encryptor = new Encryptor(appId, token, encodingAesKey, appId);
    return ({ msgSignature, timestamp, nonce, body }) =>
      parsed(encryptor.decrypt(parsed(body).Encrypt, msgSignature, nonce, timestamp));
  },
};

/** The row `push`: one push, of tickets and results of verifications in turn. */
export async function pushRows({ rounds, warmUpMs }) {
  const sandbox = await startSandbox();
  const { componentAppId: appId, token, encodingAesKey } = sandbox.platform;
  const trial = { enterpriseName: '某某（测试）科技有限公司', legalPersonaName: '张三', componentPhone: '13800000000' };
  const { appId: trialAppId } = sandbox.addTrial(trial);
  const pushes = Array.from({ length: 16 }, (_, index) => {
    const { query, body } = sandbox.makePush(index % 2 ? { kind: 'ticket' } : { kind: 'beta', appId: trialAppId });
    return { msgSignature: query.msg_signature, timestamp: query.timestamp, nonce: query.nonce, body };
  });
  await sandbox.close();

  const options = { token, encodingAesKey, appId };
  const failed = [];
  const right = [];
  const ours = CONTESTANTS.ours(options);
  for (const [id, make] of Object.entries(CONTESTANTS)) {
    try {
      const open = make(options);
      const isRight = pushes.every((push) => id === 'ours' || isDeepStrictEqual(texts(open(push)), texts(ours(push).fields)));
      if (isRight) right.push({ id, open });
      else failed.push({ id, status: 'wrong answer' });
    } catch (error) {
      failed.push({ id, status: error.code === 'MODULE_NOT_FOUND' ? 'does not load' : 'fails' });
    }
  }
  const contestants = sideBySide(
    right.map(({ id, open }) => {
      const next = inTurn(pushes);
      return { id, work: () => open(next()) };
    }),
    { rounds, warmUpMs },
  );
  return [{ id: 'push', section: 'pushes', contestants: [...contestants, ...failed] }];
}

/** Plain data, without the prototypes that parsers give it. */
const texts = (fields) => JSON.parse(JSON.stringify(fields));
