// The face page of examples/, in a phone that is made up, before each of the back ends; and what they know of a face check.
import assert from 'node:assert/strict';
import test from 'node:test';

import { startSandbox } from 'wechat-realname/sandbox';
import { backEnds, placed, ways } from './fixtures/examples.mjs';
import { phone } from './fixtures/examples_phone.mjs';
import { NUMBER } from './support.mjs';

const FACE = 'pages/face/face';
const OTHER = '440524188001010014';
const NOBODY = '110105199001011232';
const OVER = { errMsg: 'requestFacialVerify:ok', errCode: 0 };

for (const [name, [way, call]] of Object.entries(ways)) {
  test(`the face page before ${name}: only what WeChat tells the back end is a pass`, async (t) => {
    const sandbox = await startSandbox();
    t.after(() => sandbox.close());
    const { ask, said, kept = () => '' } = await backEnds[name](t, name, sandbox);
    const { openid } = sandbox.addPerson({ realName: '张三', credentialId: NUMBER });
    const other = sandbox.addPerson({ realName: '夏侯四', credentialId: OTHER });
    const texts = [];
    const send = async (route, data) => {
      const { answer, text } = await ask(route, data, openid);
      texts.push(text);
      return answer;
    };
    const phoned = phone({ folder: placed(t, 'miniprogram'), way, send });
    const page = phoned.open(FACE);
    await page.opened;
    assert.deepEqual([page.data.passed, page.data.hint], [false, '']);

    /** One face check: what is typed, and what the user does at the camera. WeChat's page always says that it is over. */
    const verify = async (realName, credId, look = (id) => sandbox.verifyFace(id)) => {
      page.setData({ realName, credId });
      phoned.camera = ({ verifyId, success }) => {
        look(verifyId);
        success(OVER);
      };
      await phoned.tap(page, 'onVerify');
      assert.equal(page.data.busy, false);
      return [page.data.passed, page.data.hint];
    };
    const notThis = '未能确认是您本人，请核对姓名和身份证号后由本人重试';
    assert.deepEqual(await verify('夏侯四', OTHER), [false, notThis]);
    assert.deepEqual(await verify('李四', NUMBER), [false, notThis]);
    assert.deepEqual(await verify('李四', NOBODY), [false, '暂时查不到您的身份信息，请换一种方式认证']);
    for (const [verifyRet, hint] of [
      [90004, '您取消了核身'],
      [90008, '核身没有完成，请检查网络、光线和摄像头权限后重试'],
      [90109, '这台设备无法核身，请换一种方式认证'],
      [10007, '暂时无法核身，请稍后再试'],
      [10021, '暂时无法核身，请稍后再试'],
      [12345, '暂时无法核身，请稍后再试'],
    ]) {
      assert.deepEqual(await verify('张三', NUMBER, (id) => sandbox.verifyFace(id, verifyRet)), [false, hint]);
    }
    assert.deepEqual(await verify('张三', NUMBER, () => undefined), [false, '结果尚未确定，请稍后再试']);
    assert.deepEqual(await verify('张三', NUMBER, () => sandbox.clock.advance(3601)), [false, '请重新开始核身']);
    assert.deepEqual(await verify('sandbox:84014', NUMBER), [false, '请核对姓名和身份证号，或稍后再试']);
    assert.deepEqual(await verify('sandbox:48001', NUMBER), [false, '服务暂不可用，请稍后再试']);
    assert.deepEqual(await verify(' 张三 ', NUMBER.toLowerCase()), [true, '核身通过']);
    const passed = phoned.faces[phoned.faces.length - 1];

    // The phone ended the mini program while the camera was in use.
    const reopened = phoned.open(FACE);
    await reopened.opened;
    assert.deepEqual([reopened.data.passed, reopened.data.hint], [true, '核身通过']);

    // Nobody has another one's pass, and nobody talks the back end into one.
    const claim = { passed: true, verdict: 'passed', verifyId: passed, openid, OPENID: openid, userInfo: { openId: openid } };
    const told = async (route, fields, whose) => (await ask(route, fields, whose)).answer;
    assert.deepEqual(await told('finish-face', claim, other.openid), { passed: false, verdict: 'not_begun' });
    const { verifyId } = await told('begin-face', { certName: '张三', certNo: NUMBER, openid }, other.openid);
    assert.deepEqual(await told('finish-face', claim, other.openid), { passed: false, verdict: 'pending' });
    sandbox.verifyFace(verifyId);
    assert.deepEqual(await told('finish-face', claim, other.openid), { passed: false, verdict: 'not_this_person' });
    for (const route of ['begin-face', 'finish-face']) {
      assert.deepEqual(await told(route, { certName: '张三', certNo: NUMBER, openid }), { code: 'NO_SESSION' });
    }
    const wrong = (field) => ({ code: 'INVALID_ARGUMENT', action: 'fix_request', field });
    assert.deepEqual(await told('begin-face', { certNo: NUMBER }, openid), wrong('certName'));
    assert.deepEqual(await told('begin-face', { certName: '张三', certNo: 7 }, openid), wrong('certNo'));

    assert.ok(phoned.sent.every((one) => one.call === call));
    assert.match(said(), /84014[^]*48001/, 'its operator can see why');
    const everything = [said(), kept(), ...texts, JSON.stringify([...phoned.storage])].join('\n');
    for (const secret of [NUMBER, OTHER, '张三', '夏侯四', sandbox.appSecret, sandbox.accessToken]) {
      assert.ok(!everything.includes(secret), 'nobody is said or kept');
    }
    for (const id of phoned.faces) assert.ok(!said().includes(id), 'no id is logged');
    assert.ok(!/certHash|outSeqNo/.test(texts.join('')), 'the front end gets no more than it needs');
  });
}

/** A phone whose back end begins any face check, and then knows what the test wants. */
function alone(t, finished) {
  const answers = { 'begin-face': () => ({ verifyId: 'a verifyId' }), 'finish-face': () => finished() };
  const phoned = phone({ folder: placed(t, 'miniprogram'), way: 'server', send: async (name) => answers[name]() });
  return Object.assign(phoned, { answers });
}

async function filledIn(phoned, realName = '张三', credId = NUMBER) {
  const page = phoned.open(FACE);
  await page.opened;
  page.setData({ realName, credId });
  phoned.sent.length = 0;
  return page;
}

const pending = () => ({ passed: false, verdict: 'pending' });
const asked = ({ sent }) => sent.map(({ name }) => name);

test('what the phone says has a hint where WeChat has no verdict, and the back end asks every time', async (t) => {
  const phoned = alone(t, pending);
  const page = await filledIn(phoned);
  for (const [result, hint] of [
    [{ errMsg: 'requestFacialVerify:cancel', errCode: 90100 }, '您取消了核身'],
    [{ errMsg: 'requestFacialVerify:fail', errCode: 90109 }, '这台设备无法核身，请换一种方式认证'],
    [{ errMsg: 'requestFacialVerify:fail function not exist' }, '微信版本过低，请更新微信后重试'],
    [{ errMsg: 'requestFacialVerify:fail:access denied, appId=wx0', errno: 102 }, '暂时无法核身，请换一种方式认证'],
    [{ errMsg: 'requestFacialVerify:fail', errCode: 90008 }, '请允许微信使用摄像头和麦克风后重试'],
    [{ errMsg: 'requestFacialVerify:fail', errCode: 90010 }, '请允许微信使用摄像头和麦克风后重试'],
    [{ errMsg: 'requestFacialVerify:fail', errCode: 90199 }, '暂时无法核身，请稍后再试'],
    [{ errMsg: 'requestFacialVerify:fail' }, '暂时无法核身，请稍后再试'],
  ]) {
    phoned.sent.length = 0;
    phoned.camera = ({ fail }) => fail(result);
    await phoned.tap(page, 'onVerify');
    assert.deepEqual([page.data.passed, page.data.hint, page.data.busy], [false, hint, false]);
    assert.deepEqual(asked(phoned), ['begin-face', 'finish-face']);
  }
});

test('WeChat’s verdict counts, whatever the phone says', async (t) => {
  let answer;
  const phoned = alone(t, () => answer);
  const page = await filledIn(phoned);
  const cancel = ({ fail }) => fail({ errMsg: 'requestFacialVerify:cancel', errCode: 90100 });
  const over = ({ success }) => success(OVER);
  for (const [camera, told, passed, hint] of [
    [cancel, { passed: true, verdict: 'passed' }, true, '核身通过'],
    [over, { passed: false, verdict: 'cancelled' }, false, '您取消了核身'],
    [over, { passed: false, verdict: 'a verdict of tomorrow' }, false, '暂时无法核身，请稍后再试'],
    [over, { passed: false, verdict: 'not_begun' }, false, '请重新开始核身'],
    [over, { code: 'INTERNAL' }, false, '服务暂不可用，请稍后再试'],
    [over, null, false, '网络不可用，请重试'],
  ]) {
    answer = told;
    phoned.camera = camera;
    await phoned.tap(page, 'onVerify');
    assert.deepEqual([page.data.passed, page.data.hint, page.data.busy], [passed, hint, false]);
  }
});

test('a face check that cannot begin', async (t) => {
  const phoned = alone(t, pending);
  const page = await filledIn(phoned);
  for (const [answer, hint] of [
    [{ code: 'NO_SESSION' }, '请先登录'],
    [{ code: 'INVALID_ARGUMENT', action: 'fix_request', field: 'certNo' }, '请核对填写的内容'],
    [{ code: 'TIMEOUT', action: 'retry' }, '请重新开始核身'],
    [{ code: 'CONFIGURATION', action: 'fix_request' }, '服务暂不可用，请稍后再试'],
    [{ code: 'REJECTED', action: 'apply_for_permission' }, '服务暂不可用，请稍后再试'],
  ]) {
    phoned.answers['begin-face'] = () => answer;
    await phoned.tap(page, 'onVerify');
    assert.deepEqual([page.data.hint, page.data.busy], [hint, false]);
  }
  page.setData({ credId: '1' });
  await phoned.tap(page, 'onVerify');
  assert.equal(page.data.hint, '身份证号应为 18 位');
  assert.deepEqual([phoned.faces, asked(phoned)], [[], Array(5).fill('begin-face')]);
});

test('an answer of WeChat’s that never comes locks no button', async (t) => {
  const phoned = alone(t, pending);
  const page = await filledIn(phoned);
  const came = new Promise((resolve) => { phoned.camera = resolve; });
  const first = phoned.tap(page, 'onVerify');
  assert.equal(page.data.busy, true);
  const { success } = await came;
  assert.equal(page.data.busy, true);
  phoned.comeBack({ scene: 1001 }, page);
  assert.equal(page.data.busy, false);
  // Too soon for another face check, and nothing stays behind.
  await phoned.tap(page, 'onVerify');
  assert.deepEqual([page.data.busy, phoned.faces.length], [false, 1]);
  success(OVER);
  await first;
  assert.deepEqual([page.data.hint, page.data.busy], ['结果尚未确定，请稍后再试', false]);
});
