// Face verification: the hash of a name and number step by step, and what a verify_ret means.
import { actionText, attempt, faceText, mark, unmark, whoText } from './errors.mjs';
import { announce, button, copyable, facts, field, form, h, note, put, submitButton } from './dom.mjs';
import { ofPair, say, text } from './language.mjs';
import { compact, replyBody, wholeNumber } from './pasted.mjs';
import { person } from './reveal.mjs';
import * as samples from './samples.mjs';

export const id = 'face';

/** How loud an answer is. One that nobody knows is no pass. */
const KINDS = {
  passed: 'good',
  pending: 'plain',
  cancelled: 'warn',
  try_again: 'warn',
  unsupported: 'warn',
  not_in_source: 'warn',
  system_error: 'warn',
};

export function build(api, panel) {
  const hash = hashForm(api, panel);
  const verdict = verdictForm(api, panel);
  panel.sampleHint = 'face.sampleHint';
  panel.sample = () => {
    verdict.fill('10300');
    hash.fill(samples.certHash);
  };
  return [hash.element, hash.result, h('hr', {}), h('h3', {}, say('face.verdictTitle')), verdict.element, verdict.result];
}

function hashForm(api, panel) {
  const name = field(say('face.certName'), { name: 'certName', mono: false, hint: say('face.certNameHint') });
  const number = field(say('face.certNo'), { name: 'certNo', hint: say('face.certNoHint') });
  const expected = field(say('face.expected'), { name: 'expected', wide: true, hint: say('face.expectedHint') });
  const fields = [name, number, expected];
  const result = h('div', { class: 'result', id: 'face-result' });
  const show = () =>
    attempt(api, panel, result, () => {
      const [certName, certNo] = [name.input.value, number.input.value];
      const made = hashOf(api, certName, certNo);
      const given = compact(expected.input.value);
      const wrong = given !== '' && !/^[0-9a-f]{64}$/i.test(given);
      put(result, stepsShown(certName, certNo, made), given !== '' && !wrong && comparison(api, given, made, certName, certNo));
      announce(text(given === '' || wrong ? 'face.done' : given === made ? 'face.same' : 'face.differs'));
      if (wrong) mark(expected.input, `${result.id}-error`, h('p', {}, say('face.noHash')));
    });
  const clear = () => {
    for (const one of fields) one.input.value = '';
    unmark(panel);
    put(result);
    announce(text('common.cleared'));
    name.input.focus();
  };
  const buttons = h('div', { class: 'buttons' }, submitButton(say('face.button')), button(say('common.clear'), clear));
  const fill = (example) => {
    [name.input.value, number.input.value, expected.input.value] = [example.certName, example.certNo, example.certHash];
    show();
  };
  return { element: form(show, h('div', { class: 'grid' }, ...fields), buttons), result, fill };
}

/** The core's own. What else a call has does not matter to it. */
function hashOf(api, certName, certNo) {
  const params = { verifyId: 'VERIFY_ID', outSeqNo: 'OUT_SEQ_NO', openid: 'OPENID', certName, certNo };
  const { request } = api.operations.queryVerifyInfo(params, { accessToken: 'ACCESS_TOKEN' });
  return JSON.parse(request.body).cert_hash;
}

const base64 = (given) => btoa(String.fromCharCode(...new TextEncoder().encode(given)));

function stepsShown(certName, certNo, made) {
  const [type, name, number] = ['IDENTITY_CARD', certName, certNo].map(base64);
  return h(
    'div',
    {},
    note(
      'plain',
      h('h3', {}, say('face.steps')),
      person([
        [say('face.step', 'cert_type'), type],
        [say('face.step', 'cert_name'), name, true],
        [say('face.step', 'cert_no'), number, true],
        [say('face.string'), `cert_type=${type}&cert_name=${name}&cert_no=${number}`, true],
      ]),
    ),
    copyable('cert_hash', made, { name: 'certHash', hint: say('face.hashHint') }),
  );
}

const DOTS = ['·', '•', '．', '・', '‧', '.'];

function comparison(api, given, made, certName, certNo) {
  if (given === made) return note('good', say('face.same'));
  const reason = reasonOf(api, given, made, certName, certNo);
  return note(
    'bad',
    h('h3', {}, say('face.differs')),
    reason ? h('p', {}, say(...reason)) : h('p', {}, say('face.causes')),
    !reason && h('ol', {}, [1, 2, 3, 4, 5].map((at) => h('li', {}, say(`face.cause${at}`)))),
    !reason && h('p', {}, say('face.command'), ' ', h('code', {}, 'npx wechat-realname cert-hash')),
  );
}

/** Of what can be tried with the core alone: the same in capitals, with another dot, or with the other x. */
function reasonOf(api, given, made, certName, certNo) {
  const small = given.toLowerCase();
  if (small === made) return ['face.capitals'];
  const own = DOTS.find((dot) => certName.includes(dot));
  const dot = own && DOTS.find((one) => hashOf(api, certName.replaceAll(own, one), certNo) === small);
  if (dot) return ['face.otherDot', dot];
  const other = certNo.endsWith('x') ? certNo.toUpperCase() : certNo.toLowerCase();
  return hashOf(api, certName, other) === small ? ['face.otherX'] : undefined;
}

function verdictForm(api, panel) {
  const given = field(say('face.verifyRet'), { name: 'verifyRet', hint: say('face.verifyRetHint') });
  const result = h('div', { class: 'result', id: 'face-verdict' });
  const show = () =>
    attempt(api, panel, result, () => {
      const number = wholeNumber(given.input.value);
      const reply = replyBody(given.input.value);
      if (number === undefined && !reply.startsWith('{')) {
        put(result, note('bad', say('face.noNumber')));
        announce(text('face.noNumber'));
        return mark(given.input, `${result.id}-error`, h('p', {}, say('face.noNumber')));
      }
      const params = { verifyId: 'VERIFY_ID', outSeqNo: 'OUT_SEQ_NO', openid: 'OPENID', certHash: '0'.repeat(64) };
      const call = api.operations.queryVerifyInfo(params, { accessToken: 'ACCESS_TOKEN' });
      const body = reply.startsWith('{') ? reply : JSON.stringify({ errcode: 0, verify_ret: number });
      const outcome = call.interpret({ status: 200, body });
      put(result, verdictShown(outcome, api.explain('verify_ret', outcome.verifyRet)));
      announce(faceText(outcome.verdict));
    });
  const clear = () => {
    given.input.value = '';
    unmark(panel);
    put(result);
    announce(text('common.cleared'));
    given.input.focus();
  };
  const buttons = h('div', { class: 'buttons' }, submitButton(say('face.verdictButton')), button(say('common.clear'), clear));
  const fill = (number) => {
    given.input.value = number;
    show();
  };
  return { element: form(show, given, buttons), result, fill };
}

const verdictShown = ({ passed, verdict, verifyRet, advice }, { meaning, who, action }) =>
  note(
    KINDS[verdict] ?? 'bad',
    h('h3', {}, () => faceText(verdict)),
    h('p', {}, h('code', {}, verifyRet), ' · ', ofPair(meaning)),
    h('p', {}, h('strong', {}, say('codes.remedy')), ' ', ofPair(advice)),
    facts([
      ['passed', say(passed ? 'common.yes' : 'common.no')],
      ['verdict', h('code', {}, verdict)],
      [say('codes.who'), who && h('span', {}, () => whoText(who))],
      [say('codes.action'), action && h('span', {}, () => actionText(action))],
    ]),
  );
