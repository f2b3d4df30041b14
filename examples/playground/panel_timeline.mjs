// Where a verification of a trial mini program stands: as a line of four steps, and the window of 24 hours.
import { attempt, mark } from './errors.mjs';
import { announce, button, choice, facts, field, form, h, put, submitButton } from './dom.mjs';
import { fromInput, now, time, timeText, toInput } from './format.mjs';
import { has, ofPair, say, text } from './language.mjs';
import { compact, wholeNumber } from './pasted.mjs';
import { lastEvent, onEvent } from './shared.mjs';
import { stepsOf } from './steps.mjs';

export const id = 'timeline';

const VERIFICATION = 'notify_third_fastverifybetaapp';
const DAY = 24 * 60 * 60;
const MARKS = { done: '✓', current: '●', failed: '✕', open: '○', unknown: '?' };

export function build(api, panel) {
  const kind = choice(
    say('timeline.kind'),
    ['push', 'errcode', 'reply'].map((value) => [value, say(`timeline.kind.${value}`)]),
  );
  const number = field(say('timeline.number'), { name: 'evidence', hint: say('timeline.numberHint'), inputmode: 'numeric' });
  const seenAt = field(say('timeline.seenAt'), {
    type: 'datetime-local',
    step: '1',
    name: 'seenAt',
    hint: say('timeline.seenAtHint'),
  });
  const present = field(say('timeline.now'), { type: 'datetime-local', step: '1', name: 'now', hint: say('timeline.nowHint') });
  const take = button(say('timeline.take'), () => taken(), { disabled: true });
  const result = h('div', { class: 'result', id: 'timeline-result' });

  const show = () =>
    attempt(api, panel, result, () => {
      const evidence = evidenceOf(kind.input.value, compact(number.input.value));
      if (evidence === undefined) {
        put(result);
        mark(number.input, `${result.id}-error`, h('p', {}, say('timeline.noNumber')));
        return announce(text('timeline.noNumber'));
      }
      const times = { seenAt: fromInput(seenAt.input.value) ?? now(), now: fromInput(present.input.value) ?? now() };
      const verification = api.betaVerification(evidence, times);
      put(result, drawn(verification, times));
      announce(text('timeline.announce', text(stateKey(verification.state))));
    });
  const fill = (of, value, ago) => {
    kind.input.value = of;
    number.input.value = value;
    seenAt.input.value = toInput(now() - ago);
    present.input.value = '';
    show();
  };
  const taken = () => {
    const { status, createTime = now() } = lastEvent();
    fill('push', status ?? '', now() - createTime);
  };
  onEvent(() => {
    take.disabled = lastEvent()?.infoType !== VERIFICATION;
    if (take.disabled) return;
    taken();
  });
  panel.sample = () => fill('push', '89252', 3 * 3600);
  panel.furtherSamples = [
    [say('timeline.sampleAccepted'), () => fill('reply', '', 60)],
    [say('timeline.sampleDone'), () => fill('push', '0', 600)],
    [say('timeline.sampleLate'), () => fill('push', '100002', 600)],
    [say('timeline.sampleRefused'), () => fill('errcode', '89249', 5 * 3600)],
  ];
  return [
    form(
      show,
      h('div', { class: 'grid' }, kind, number, seenAt, present),
      h('div', { class: 'buttons' }, submitButton(say('timeline.button')), take),
    ),
    result,
  ];
}

/** As `betaVerification` takes it; nothing where there should be a number and is none. */
function evidenceOf(kind, given) {
  const status = wholeNumber(given);
  if (given !== '' && status === undefined) return undefined;
  // An errcode of 0 is a call that was accepted.
  if (kind === 'errcode') return status === 0 ? { fields: {} } : status;
  return kind === 'push' ? { infoType: VERIFICATION, status } : { status, fields: {} };
}

const stateKey = (state) => (has(`beta.${state}`) ? `beta.${state}` : 'beta.unknown');

function drawn(verification, times) {
  const { state, terminal, mayCallAgain, notBefore, advice, status, errcode } = verification;
  const steps = stepsOf(verification);
  return h(
    'div',
    {},
    h('h3', {}, say(stateKey(state))),
    h(
      'ol',
      { class: 'steps', 'aria-label': say('timeline.list') },
      steps.map(([step, at]) =>
        h(
          'li',
          { class: at, 'aria-current': at === 'current' ? 'step' : undefined },
          h('span', { class: 'mark', 'aria-hidden': 'true' }, MARKS[at]),
          h('strong', {}, say(`step.${step}`)),
          h('span', { class: 'state' }, say(`stepState.${at}`)),
        ),
      ),
    ),
    window24(verification, times),
    h('p', { class: 'advice' }, ofPair(advice)),
    facts([
      [say('timeline.terminal'), say(terminal ? 'common.yes' : 'common.no')],
      [say('timeline.mayCallAgain'), say(mayCallAgain ? 'common.yes' : 'common.no')],
      [say('timeline.notBefore'), notBefore === undefined ? undefined : time(notBefore)],
      [say('timeline.state'), h('code', {}, state)],
      ['status', status === undefined ? undefined : h('code', {}, status)],
      ['errcode', errcode === undefined ? undefined : h('code', {}, errcode)],
    ]),
  );
}

/** The 24 hours in which somebody has to confirm, and the present in them. */
function window24({ terminal, state }, { seenAt, now: present }) {
  if (terminal || state === 'unknown') return '';
  const share = Math.min(1, Math.max(0, (present - seenAt) / DAY));
  const until = seenAt + DAY;
  const left = Math.max(0, until - present);
  const hours = Math.floor(left / 3600);
  const minutes = Math.floor((left % 3600) / 60);
  const passed = h('div', { class: 'passed' });
  // By the object model: a style attribute would need leave of the Content-Security-Policy.
  passed.style.inlineSize = `${(share * 100).toFixed(2)}%`;
  return h(
    'div',
    { class: 'window' },
    h('div', { class: 'bar', role: 'img', 'aria-label': say('timeline.window', hours, minutes, timeText(until)) }, passed),
    h('div', { class: 'ends', 'aria-hidden': 'true' }, h('span', {}, timeText(seenAt)), h('span', {}, timeText(until))),
    h('p', { class: 'hint' }, say('timeline.window', hours, minutes, timeText(until))),
  );
}
