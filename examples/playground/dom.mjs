// Elements without markup: whatever is data becomes a text node or an attribute, and never HTML.
import { follow, prune, say, text } from './language.mjs';

let count = 0;
export const newId = (stem) => `${stem}-${(count += 1)}`;

/** An element. A function as a child or attribute is a text that follows the language; `onclick` and its kind listen. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (typeof value === 'function') follow(element, () => element.setAttribute(name, value()));
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...nodes(children));
  return element;
}

/** What is undefined or false is not there: the end of a condition that was not met. */
const nodes = (children) =>
  children
    .flat(2)
    .filter((child) => child !== undefined && child !== false)
    .map(asNode);

function asNode(child) {
  if (typeof child !== 'function') return child instanceof Node ? child : document.createTextNode(String(child));
  const node = document.createTextNode('');
  follow(node, () => {
    node.data = child();
  });
  return node;
}

/** Replaces what is in a place, and forgets what was. */
export function put(place, ...children) {
  place.replaceChildren(...nodes(children));
  prune();
}

/** Says something to those who do not see the page. Twice the same is said twice. */
export function announce(said) {
  const place = document.getElementById('said');
  place.textContent = '';
  setTimeout(() => {
    place.textContent = said;
  }, 50);
}

/** No spell checker, translator or password manager is to see what is typed here. */
const QUIET = { autocomplete: 'off', autocapitalize: 'off', autocorrect: 'off', spellcheck: 'false', translate: 'no' };

/** A label, its input, and a hint below it. `name` is the option's name in the library, by which errors find the field. */
export function field(label, { name, hint, rows, wide, placeholder, type = 'text', mono = true, ...rest } = {}) {
  const id = newId('field');
  const kind = rows ? { rows } : { type };
  const described = hint && `${id}-hint`;
  const input = h(rows ? 'textarea' : 'input', {
    id,
    class: mono ? 'mono' : undefined,
    'data-name': name,
    'aria-describedby': described,
    placeholder,
    ...QUIET,
    ...kind,
    ...rest,
  });
  const element = h(
    'div',
    { class: wide || rows ? 'field wide' : 'field' },
    h('label', { for: id }, label),
    input,
    hint && h('p', { class: 'hint', id: described }, hint),
  );
  return Object.assign(element, { input });
}

/** A label and a list to choose from: `[value, text]`. */
export function choice(label, options, attributes = {}) {
  const id = newId('choice');
  const input = h(
    'select',
    { id, ...attributes },
    options.map(([value, said]) => h('option', { value }, said)),
  );
  return Object.assign(h('div', { class: 'field' }, h('label', { for: id }, label), input), { input });
}

/** A checkbox with its label. */
export function check(label, attributes = {}) {
  const input = h('input', { type: 'checkbox', ...attributes });
  return Object.assign(h('label', { class: 'check' }, input, h('span', {}, label)), { input });
}

export const button = (label, onclick, { kind = 'plain', ...rest } = {}) =>
  h('button', { type: 'button', class: `button ${kind}`, onclick, ...rest }, label);

/** A form that goes nowhere: Enter does what its first button does. */
export function form(onsubmit, ...children) {
  const submit = (event) => {
    event.preventDefault();
    onsubmit();
  };
  return h('form', { class: 'form', onsubmit: submit, novalidate: true }, ...children);
}

export const submitButton = (label) => h('button', { type: 'submit', class: 'button main' }, label);

/** Text to be copied, exactly as it stands. `name` says which one it is; `lines` leaves long lines whole. */
export function copyable(label, content, { name, hint, lines = false } = {}) {
  const shown = h('code', { translate: 'no' }, content);
  const id = newId('copyable');
  const copy = button(say('common.copy'), () => copyText(content, shown), { kind: 'small', 'aria-describedby': id });
  return h(
    'figure',
    { class: 'copyable', 'data-name': name },
    h('figcaption', {}, h('span', { id }, label), copy),
    h('pre', lines ? { class: 'lines', tabindex: '0', role: 'group', 'aria-labelledby': id } : {}, shown),
    hint && h('p', { class: 'hint' }, hint),
  );
}

export async function copyText(content, shown) {
  try {
    await navigator.clipboard.writeText(content);
    announce(text('common.copied'));
    toast(say('common.copied'));
  } catch {
    // Without leave to write to the clipboard the text is at least chosen, for Ctrl+C.
    getSelection().selectAllChildren(shown);
    announce(text('common.selected'));
    toast(say('common.selected'));
  }
}

let fading;
function toast(said) {
  document.querySelector('.toast')?.remove();
  clearTimeout(fading);
  const shown = h('div', { class: 'toast', 'aria-hidden': 'true' }, said);
  document.body.append(shown);
  fading = setTimeout(() => shown.remove(), 1600);
}

/** What came out below the window's edge is brought into it. */
export function intoView(place) {
  if (place.childElementCount === 0 || place.getBoundingClientRect().top < innerHeight * 0.8) return;
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  place.scrollIntoView({ block: 'start', behavior: still ? 'auto' : 'smooth' });
}

/** Names and values. Rows are `[label, value]`; what is undefined is left out. */
export function facts(rows) {
  const shown = rows.filter((row) => row[1] !== undefined && row[1] !== '' && row[1] !== false);
  return h(
    'dl',
    { class: 'facts' },
    shown.map(([label, value]) => h('div', {}, h('dt', {}, label), h('dd', {}, value))),
  );
}

export const note = (kind, ...children) => h('div', { class: `note ${kind}` }, ...children);

/** Where a link leads to another panel. */
export const toPanel = (id, label) => h('a', { href: `#${id}` }, label);
