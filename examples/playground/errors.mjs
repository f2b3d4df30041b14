// Errors of the library on the page: what happened, why, and what to do about it, in the page's language.
import { announce, facts, h, intoView, put } from './dom.mjs';
import { follow, has, language, ofPair, say, text } from './language.mjs';
import { causes, reasons } from './reasons_zh.mjs';

/** Marks the fields that are wrong no more. */
export function unmark(panel) {
  for (const said of panel.querySelectorAll('.field-error')) said.remove();
  for (const input of panel.querySelectorAll('[aria-invalid]')) {
    input.removeAttribute('aria-invalid');
    describe(input, undefined);
  }
}

/**
 * Runs what a button does. What it throws is shown in `place`, and the field that is to blame is marked and gets the focus.
 */
export function attempt(api, panel, place, work) {
  unmark(panel);
  try {
    work();
    intoView(place);
  } catch (error) {
    if (!(error instanceof api.RealNameError)) throw error;
    showError(api, panel, place, error);
  }
}

export function showError(api, panel, place, error, ...more) {
  const id = `${place.id}-error`;
  const blamed = [...panel.querySelectorAll('[data-name]')].find((input) => input.dataset.name === error.field);
  const label = blamed?.closest('.field')?.querySelector('label');
  put(place, errorCard(api, error, label, { role: 'group' }), ...more);
  announce(text('error.announce', titleOf(error)));
  if (!blamed) return intoView(place);
  mark(blamed, id, detail(error) ?? h('p', {}, () => titleOf(error)));
}

/** Says at the field itself what is wrong, and leads there. */
export function mark(input, id, said) {
  said.id = id;
  said.classList.add('field-error');
  input.setAttribute('aria-invalid', 'true');
  describe(input, id);
  input.after(said);
  input.focus();
}

/** The field's own hint, and what is wrong with it. */
function describe(input, error) {
  const own = (input.getAttribute('aria-describedby') ?? '').split(' ').filter((id) => id && !id.endsWith('-error'));
  const ids = [...own, error].filter(Boolean).join(' ');
  if (ids) input.setAttribute('aria-describedby', ids);
  else input.removeAttribute('aria-describedby');
}

const titleOf = ({ code }) => text(has(`error.${code}`) ? `error.${code}` : 'error.other');

function errorCard(api, error, label, attributes) {
  const explained = api.explain(error);
  return h(
    'div',
    { class: 'note bad', ...attributes },
    h('h3', {}, () => titleOf(error)),
    detail(error, label),
    listOf(error),
    explained && h('p', {}, ofPair(explained.meaning)),
    explained && h('p', {}, h('strong', {}, say('codes.remedy')), ' ', ofPair(explained.remedy)),
    has(`error.${error.code}.todo`) && h('p', {}, say(`error.${error.code}.todo`)),
    facts([
      [say('error.code'), h('code', {}, error.code)],
      [say('error.field'), error.field && h('code', {}, error.field)],
      ['errcode', error.errcode === undefined ? undefined : h('code', {}, error.errcode)],
      ['errmsg', error.errmsg && h('code', {}, error.errmsg)],
      ['rid', error.rid && h('code', {}, error.rid)],
      ['hint', error.hint && h('code', {}, error.hint)],
      [say('codes.action'), error.errcode !== undefined && error.action && h('span', {}, () => actionText(error.action))],
    ]),
  );
}

/** A word of the library's; one that this page does not know yet stays as it is. */
const word = (prefix) => (value) => (has(`${prefix}.${value}`) ? text(`${prefix}.${value}`) : value);
export const actionText = word('action');
export const whoText = word('who');
export const faceText = word('face.verdict');

/** The core's own sentence, after the name that the field has on the page; in Chinese its translation, where there is one. */
function detail(error, label) {
  if (error.errcode !== undefined || listed(error)) return undefined;
  const prefix = [error.field, error.operation].find((name) => name && error.message.startsWith(`${name}: `));
  const reason = prefix ? error.message.slice(prefix.length + 2) : error.message;
  const chinese = () => (language() === 'zh' ? reasons[reason] : undefined);
  return h('p', { lang: () => (chinese() ? 'zh' : 'en') }, () => {
    const said = chinese();
    if (!label) return said ?? reason;
    return said ? `${label.textContent}：${said}` : `${label.textContent}: ${reason}`;
  });
}

const FIRST = 'first: ';
/** In Chinese. A hospital's key has others than a merchant's. */
const causesOf = ({ code, message }) => causes[message.includes('medicalKeys') ? 'MEDICAL' : code];
const listed = (error) => causesOf(error) !== undefined && error.message.includes(FIRST);

/** The causes that these errors name, most frequent first. */
function listOf(error) {
  if (!listed(error)) return undefined;
  const english = error.message.split(FIRST)[1].split(/, (?=privateKey|certSerialNo|token|encodingAesKey|appId|the |it )/);
  const list = h('ol', {});
  follow(list, () => {
    list.replaceChildren(...(language() === 'zh' ? causesOf(error) : english).map((cause) => h('li', {}, cause.trim())));
  });
  return h('div', {}, h('p', {}, say('error.causes')), list);
}
