// Every return code and status: by number, by text, by interface.
import { actionText, whoText } from './errors.mjs';
import { announce, choice, facts, field, form, h, put } from './dom.mjs';
import { ofPair, say, text } from './language.mjs';
import { plain } from './pasted.mjs';

export const id = 'codes';

/** So many of all interfaces are shown at once; the search narrows them down. One interface is always shown in full. */
const MOST = 60;

export function build(api, panel) {
  const groups = api.returnCodes();
  const all = groups.flatMap((group) => group.codes.map((code) => ({ group, ...api.explain(group.of, code) })));
  const query = field(say('codes.query'), {
    name: 'code',
    type: 'search',
    mono: false,
    placeholder: say('codes.placeholder'),
    hint: say('codes.hint'),
  });
  const of = choice(say('codes.of'), [
    ['', say('codes.everywhere')],
    ...groups.map((group) => [group.of, () => nameOf(group)()]),
  ]);
  const result = h('div', { class: 'result', id: 'codes-result' });
  const count = h('p', { class: 'count' });

  const show = () => {
    const words = wordsOf(query.input.value);
    const chosen = of.input.value;
    const found = all.filter((one) => (!chosen || one.of === chosen) && words.every((word) => matches(one, word)));
    const most = chosen ? found.length : MOST;
    const [word] = words;
    // What was asked for before what begins like it, and that before what mentions it.
    const rank = ({ code }) => (String(code) === word ? 0 : String(code).startsWith(word) ? 1 : 2);
    if (word) found.sort((one, other) => rank(one) - rank(other));
    const unknown = found.length === 0 && words.length === 1 && /^-?\d{1,9}$/.test(word) ? Number(word) : undefined;
    if (unknown !== undefined) {
      // What the library says to a number that it does not know.
      const group = groups.find((one) => one.of === chosen) ?? groups[0];
      const { meaning, remedy } = api.explain(group.of, unknown);
      put(result, h('div', { class: 'note warn' }, h('p', {}, ofPair(meaning)), h('p', {}, ofPair(remedy))));
    } else {
      const none = h('p', { class: 'note plain' }, say('codes.none'));
      put(result, found.length === 0 ? none : h('ul', { class: 'codes' }, found.slice(0, most).map(card)));
    }
    put(count, found.length > most ? say('codes.some', most, found.length) : say('codes.count', found.length));
  };
  let waiting;
  const later = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      show();
      announce(count.textContent);
    }, 150);
  };
  query.input.addEventListener('input', later);
  of.input.addEventListener('change', later);
  show();

  panel.sample = () => {
    query.input.value = '1005';
    of.input.value = '';
    show();
    announce(text('codes.sampleSaid'));
  };
  return [form(show, h('div', { class: 'grid' }, query, of)), count, result];
}

const nameOf =
  ({ of, wechatName, title }) =>
  () =>
    `${ofPair(title)()} · ${wechatName || of}`;

/** What to look for: of a reply or a line of a log its errcode or status, and else each word. */
function wordsOf(typed) {
  const text = plain(typed).toLowerCase();
  const [, code] = text.match(/(?:errcode|status|错误码)\W{0,6}(-?\d+)/) ?? [];
  if (code) return [code];
  return text
    .split(/\s+/)
    .map((word) => word.replace(/^["'“(:,，。;；]+|["'”):,，。;；]+$/g, ''))
    .filter(Boolean);
}

/** A number counts from its beginning, a text anywhere in either language. */
function matches({ code, group, meaning, remedy }, word) {
  if (/^-?\d+$/.test(word) && String(code).startsWith(word)) return true;
  const texts = [group.of, group.wechatName, group.title.zh, group.title.en, meaning.zh, meaning.en, remedy.zh, remedy.en];
  return texts.some((one) => String(one).toLowerCase().includes(word));
}

const card = ({ group, code, meaning, remedy, who, action, retryAfterSeconds }) =>
  h(
    'li',
    { class: 'code' },
    h('div', { class: 'code-head' }, h('code', { class: 'number' }, code), h('span', { class: 'of' }, nameOf(group))),
    h('p', { class: 'meaning' }, ofPair(meaning)),
    h('p', { class: 'remedy' }, h('strong', {}, say('codes.remedy')), ' ', ofPair(remedy)),
    facts([
      [say('codes.who'), who && h('span', { class: 'chip' }, () => whoText(who))],
      [say('codes.action'), action && h('span', { class: 'chip' }, () => actionText(action))],
      [say('codes.retryAfter'), retryAfterSeconds === undefined ? undefined : say('codes.seconds', retryAfterSeconds)],
    ]),
  );
