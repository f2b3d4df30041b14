// The push channel and betaVerification as their users meet them, on pushes of the sandbox.
import assert from 'node:assert/strict';
import test from 'node:test';
import { inspect } from 'node:util';

import { RealNameError, betaVerification, createPushHandler, openPushChannel, createPlatform } from 'wechat-realname';
import { startSandbox } from 'wechat-realname/sandbox';

/** A sandbox, the channel of its platform, and a trial mini program. */
async function pushed(t, options = {}) {
  const sandbox = await startSandbox();
  t.after(() => sandbox.close());
  const { componentAppId: appId, token, encodingAesKey } = sandbox.platform;
  const channelOptions = { token, encodingAesKey, appId, ...options };
  const trial = { enterpriseName: '某某公司', legalPersonaName: '张三', legalPersonaWechat: 'zhangsan-wx', componentPhone: '13800000000' };
  const { appId: trialAppId } = sandbox.addTrial(trial);
  const make = (order) => {
    const { query, body } = sandbox.makePush({ appId: trialAppId, ...order });
    return { msgSignature: query.msg_signature, timestamp: query.timestamp, nonce: query.nonce, body };
  };
  return { sandbox, channelOptions, channel: openPushChannel(channelOptions), make, trialAppId };
}

const code = (work) => {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof RealNameError, String(error?.stack));
    return error.code;
  }
  return assert.fail('it did not fail');
};

test('every kind of push opens into what it says', async (t) => {
  const { channel, make, sandbox, trialAppId } = await pushed(t);
  assert.deepEqual([channel.appId, channel.toleranceSeconds], [sandbox.platform.componentAppId, 300]);

  const beta = channel.open(make({ kind: 'beta', status: 0 }));
  assert.deepEqual(
    [beta.infoType, beta.componentAppId, beta.appId, beta.status, beta.info.legalPersonaName, beta.info.codeType],
    ['notify_third_fastverifybetaapp', channel.appId, trialAppId, 0, '张三', 1],
  );
  assert.equal(beta.fields.info.legal_persona_wechat, 'zhangsan-wx');
  assert.match(beta.replayKey + beta.eventKey, /^[0-9a-f]{128}$/);
  const bare = channel.open(make({ kind: 'beta', status: 100001, omitInfo: true, omitAppId: true }));
  assert.deepEqual([bare.status, 'info' in bare, 'appId' in bare], [100001, false, false]);

  assert.match(channel.open(make({ kind: 'ticket', appId: undefined })).componentVerifyTicket, /^ticket@@@/);
  for (const kind of ['authorized', 'updateauthorized', 'unauthorized']) {
    const event = channel.open(make({ kind }));
    assert.deepEqual([event.infoType, event.appId], [kind, trialAppId]);
    assert.equal(typeof event.authorizationCode, kind === 'unauthorized' ? 'undefined' : 'string');
  }
  const unknown = channel.open(make({ kind: 'unknown' }));
  assert.ok(Object.values(unknown.fields).some((value) => typeof value === 'object'), 'fields of fields are kept');

  // As bytes, in a view on a part of a buffer.
  const push = make({ kind: 'beta' });
  const bytes = Buffer.from(`..${push.body}..`).subarray(2, -2);
  assert.equal(channel.open({ ...push, body: bytes }).status, 0);
  // The event is plain data.
  assert.deepEqual({ ...beta }, JSON.parse(JSON.stringify(beta)));
  assert.deepEqual({ ...beta }, structuredClone(beta));
});

test('the faults of the sandbox are refused, and only for what they are', async (t) => {
  const { channel, make, channelOptions } = await pushed(t);
  for (const [fault, expected] of Object.entries({
    signature: 'INVALID_SIGNATURE',
    ciphertext: 'INVALID_SIGNATURE',
    key: 'MALFORMED_PUSH',
    app_id: 'MALFORMED_PUSH',
    padding: 'MALFORMED_PUSH',
    old: 'REPLAYED',
  })) {
    assert.equal(code(() => channel.open(make({ kind: 'beta', fault }))), expected, fault);
  }
  assert.equal(code(() => channel.open(make({ kind: 'malformed' }))), 'MALFORMED_PUSH');
  const error = (work) => { try { work(); } catch (thrown) { return JSON.stringify(thrown); } };
  const after = ['key', 'app_id', 'padding'].map((fault) => error(() => channel.open(make({ kind: 'beta', fault }))));
  after.push(error(() => channel.open(make({ kind: 'malformed' }))));
  assert.equal(new Set(after).size, 1);

  const push = make({ kind: 'beta' });
  const now = Number(push.timestamp);
  for (const late of [301, -301]) assert.equal(code(() => channel.open(push, { now: now + late })), 'REPLAYED');
  const wide = openPushChannel({ ...channelOptions, toleranceSeconds: 301 });
  for (const late of [301, -301]) assert.equal(wide.open(push, { now: now + late }).status, 0);
});

test('digits moved from timestamp to nonce do not make a new push', async (t) => {
  const { channel, make } = await pushed(t);
  const push = make({ kind: 'beta' });
  const { replayKey } = channel.open(push);
  const sorted = [push.timestamp, push.nonce].sort().join('');
  let same = 0;
  for (let at = 0; at <= sorted.length; at++) {
    for (const [timestamp, nonce] of [[sorted.slice(0, at), sorted.slice(at)], [sorted.slice(at), sorted.slice(0, at)]]) {
      try {
        assert.equal(channel.open({ ...push, timestamp, nonce }).replayKey, replayKey);
        same += 1;
      } catch (error) {
        assert.match(error.code, /^(REPLAYED|INVALID_SIGNATURE)$/);
      }
    }
  }
  assert.ok(same >= 1);
});

test('the key can be changed in the console', async (t) => {
  const { sandbox, channel, make, channelOptions } = await pushed(t);
  const newKey = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
  sandbox.setEncodingAesKey(newKey);
  const push = make({ kind: 'beta' });
  assert.equal(code(() => channel.open(push)), 'MALFORMED_PUSH');
  const rotated = openPushChannel({
    ...channelOptions,
    encodingAesKey: newKey,
    previousEncodingAesKey: channelOptions.encodingAesKey,
  });
  assert.equal(rotated.open(push).status, 0);
  sandbox.setEncodingAesKey(channelOptions.encodingAesKey);
  assert.equal(rotated.open(make({ kind: 'beta' })).status, 0);
});

test('options that cannot work are named, and shown to nobody', async (t) => {
  const { channelOptions, channel } = await pushed(t);
  const circular = {};
  circular.self = circular;
  for (const [field, values] of Object.entries({
    token: [undefined, '', ' ', 'a b', 7, null, circular],
    encodingAesKey: [undefined, '', channelOptions.encodingAesKey.slice(1), `${channelOptions.encodingAesKey}A`, circular, 'x'.repeat(1e6)],
    previousEncodingAesKey: ['', 'x', 7],
    appId: [undefined, '', ' wx1', []],
    toleranceSeconds: [0, -1, NaN, Infinity, 1.5, 86401, '300', null, {}, true],
  })) {
    for (const value of values) {
      assert.throws(
        () => openPushChannel({ ...channelOptions, [field]: value }),
        { name: 'RealNameError', code: 'CONFIGURATION', field },
        `${field} ${typeof value}`,
      );
    }
  }
  for (const options of [undefined, null, 'x', 7]) assert.equal(code(() => openPushChannel(options)), 'CONFIGURATION');
  const shown = inspect(channel, { depth: 10, showHidden: true }) + JSON.stringify(channel) + String(channel);
  for (const secret of [channelOptions.token, channelOptions.encodingAesKey]) assert.ok(!shown.includes(secret));
  assert.match(shown, /PushChannel/);
});

test('hostile pushes end in a typed error, within 200 ms', async (t) => {
  const { channel, make } = await pushed(t);
  const push = make({ kind: 'beta' });
  const circular = {};
  circular.self = circular;
  for (const value of [undefined, null, 7, {}, [], circular, () => 1, Symbol('x'), 10n, new Date(), Object.create(null)]) {
    for (const field of ['msgSignature', 'timestamp', 'nonce', 'body']) {
      const found = code(() => channel.open({ ...push, [field]: value }));
      assert.match(found, /^(INVALID_ARGUMENT|INVALID_SIGNATURE)$/, `${field} ${String(value?.constructor?.name)}`);
    }
    assert.match(code(() => channel.open(value)), /^(INVALID_ARGUMENT|INVALID_SIGNATURE)$/);
    if (value !== undefined && value !== null) assert.equal(code(() => channel.open(push, { now: value })) , value === 7 ? 'REPLAYED' : 'INVALID_ARGUMENT');
  }
  const attributes = Array.from({ length: 100_000 }, (_, n) => ` a${n}=''`).join('');
  const documents = {
    '10 MB': `<xml>${'x'.repeat(10_000_000)}</xml>`,
    '100,000 attributes': `<xml${attributes}/>`,
    '10,000 levels': '<a>'.repeat(10_000) + '</a>'.repeat(10_000),
    '100,000 elements': `<xml>${'<a/>'.repeat(100_000)}</xml>`,
    'a million laughs': `<!DOCTYPE x [<!ENTITY a "${'lol'.repeat(1000)}">]><xml>${'&a;'.repeat(100_000)}</xml>`,
    'nothing but references': `<xml>${'&amp;'.repeat(200_000)}</xml>`,
  };
  channel.open(push);
  for (const [name, text] of Object.entries(documents)) {
    // In the place of the envelope, and inside of it, rightly signed.
    const inside = text.length < 1_500_000 ? make({ xml: text, appId: undefined }) : undefined;
    for (const delivery of [{ ...push, body: text }, inside].filter(Boolean)) {
      const started = performance.now();
      assert.equal(code(() => channel.open(delivery)), 'MALFORMED_PUSH', name);
      const took = performance.now() - started;
      assert.ok(took < 200, `${name}: ${took.toFixed(0)} ms`);
    }
  }
});

test('a log shows an event masked', async (t) => {
  const { channel, make } = await pushed(t);
  const events = ['beta', 'authorized', 'unknown'].map((kind) => channel.open(make({ kind })));
  events.push(channel.open(make({ kind: 'ticket', appId: undefined })));
  const shown = inspect(events, { depth: 10 });
  const [beta, authorized, , ticket] = events;
  for (const secret of ['张三', 'zhangsan', '13800000000', '某某', authorized.authorizationCode, ticket.componentVerifyTicket]) {
    assert.ok(!shown.includes(secret), secret);
  }
  assert.match(shown, /info: '\*\*\*'/);
  assert.ok(JSON.stringify(beta).includes('张三'), 'the data itself stays usable');
});

test('where a verification stands, from everything that tells of it', async (t) => {
  const { channel, make } = await pushed(t);
  const event = channel.open(make({ kind: 'beta', status: 89251 }));
  const day = 24 * 3600;
  const waiting = betaVerification(event, { now: event.createTime });
  assert.equal(waiting.state, 'waiting_for_legal_person');
  assert.deepEqual([waiting.terminal, waiting.mayCallAgain, waiting.notBefore, waiting.status], [false, false, event.createTime + day, 89251]);
  assert.match(waiting.advice.zh, /法定代表人/);
  assert.match(waiting.advice.en, /legal person/);
  // As it comes back from a database.
  const kept = JSON.parse(JSON.stringify(event));
  assert.deepEqual(betaVerification(kept, { now: event.createTime + day }).state, 'timed_out');
  assert.equal(betaVerification({ ...kept, status: null }, { now: 1 }).state, 'unknown');
  // The clock of this machine, where nobody says when.
  assert.equal(betaVerification(event).state, 'waiting_for_legal_person');

  const refused = new RealNameError({ code: 'REJECTED', message: 'x', errcode: 89251 });
  for (const error of [refused, JSON.parse(JSON.stringify(refused)), 89251]) {
    const { state, notBefore, errcode } = betaVerification(error, { seenAt: 1000, now: 2000 });
    assert.deepEqual([state, notBefore, errcode], ['waiting_for_legal_person', 1000 + day, 89251]);
  }
  assert.equal(betaVerification(91021).mayCallAgain, false);
  assert.equal(betaVerification({ code: 'TIMEOUT' }).state, 'unknown');
  assert.equal(betaVerification({ code: 'INVALID_ARGUMENT' }).state, 'not_sent');
  assert.equal(betaVerification({ fields: {} }).state, 'waiting_for_legal_person');
  assert.equal(betaVerification({ fields: {}, status: 12 }).state, 'succeeded');
  // Success is said in a push, not in the reply to the call.
  assert.equal(betaVerification({ fields: {}, status: 0 }).state, 'waiting_for_legal_person');
  // A number belongs to its interface: a token that could not be had is no answer of this one.
  const ofToken = { code: 'REJECTED', errcode: 45009, operation: 'getAuthorizerAccessToken' };
  assert.deepEqual([betaVerification(ofToken).state, betaVerification(ofToken).mayCallAgain], ['not_sent', true]);
  const ofAnother = { code: 'REJECTED', errcode: 1005, operation: 'checkRealNameInfo' };
  assert.equal(code(() => betaVerification(ofAnother)), 'INVALID_ARGUMENT');

  const ticket = channel.open(make({ kind: 'ticket', appId: undefined }));
  for (const evidence of [ticket, undefined, null, 'x', {}, { code: 'REPLAYED' }, { code: 'NOPE' }, { code: {} }, refused.message]) {
    assert.equal(code(() => betaVerification(evidence)), 'INVALID_ARGUMENT');
  }
  for (const times of [{ now: 'x' }, { now: 1.5 }, { seenAt: -1 }, { now: Date.now() }]) {
    assert.equal(code(() => betaVerification(event, times)), 'INVALID_ARGUMENT');
  }
  assert.throws(() => betaVerification(ticket), (error) => !error.message.includes('ticket@@@'));
});

test('set-ups that cannot work are named', async (t) => {
  const { channel, sandbox } = await pushed(t);
  const { componentAppId, componentAppSecret } = sandbox.platform;
  const onEvent = () => undefined;
  const platform = createPlatform({ componentAppId, componentAppSecret });
  const another = createPlatform({ componentAppId: 'wx1', componentAppSecret });
  for (const [options, field] of [
    [undefined, 'channel'],
    [{ onEvent }, 'channel'],
    [{ channel: { open() {} }, onEvent }, 'channel'],
    [{ channel }, 'onEvent'],
    [{ channel, onEvent, onError: 1 }, 'onError'],
    [{ channel, onEvent, now: 1 }, 'now'],
    [{ channel, onEvent, replay: {} }, 'replay'],
    [{ channel, onEvent, platform: {} }, 'platform'],
    [{ channel, onEvent, platform: another }, 'platform'],
  ]) {
    assert.throws(() => createPushHandler(options), { code: 'CONFIGURATION', field });
  }
  for (const [options, field] of [
    [undefined, 'componentAppId'],
    [{ componentAppId, componentAppSecret: '' }, 'componentAppSecret'],
    [{ componentAppId, componentAppSecret, store: {} }, 'store'],
    [{ componentAppId, componentAppSecret, baseUrl: 'https://evil.example' }, 'baseUrl'],
  ]) {
    assert.throws(() => createPlatform(options), { code: 'CONFIGURATION', field });
  }
  const shown = inspect(platform, { depth: 10, showHidden: true }) + JSON.stringify(platform);
  assert.ok(!shown.includes(componentAppSecret));
});
