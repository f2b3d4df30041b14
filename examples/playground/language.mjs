// Which language is shown, and every text on the page that must follow when it changes.
import en from './texts_en.mjs';
import zh from './texts_zh.mjs';

const TEXTS = { en, zh };

let current = document.documentElement.lang === 'zh' ? 'zh' : 'en';
const bound = new Set();

export const language = () => current;

/** The text of a key, now. */
export function text(key, ...values) {
  const found = TEXTS[current][key];
  if (found === undefined) throw new Error(`no text for ${key}`);
  return typeof found === 'function' ? found(...values) : found;
}

/** The same as a function, for elements that follow the language. */
export const say =
  (key, ...values) =>
  () =>
    text(key, ...values);

/** Whether there is a text of this key. */
export const has = (key) => TEXTS.en[key] !== undefined;

/** Of a pair of texts the one in the language that is shown. */
export const ofPair = (pair) => () => pair[current];

/** Calls `update` now, and whenever the language changes while `node` is on the page. */
export function follow(node, update) {
  bound.add({ node, update, seen: false });
  update();
}

/** Forgets what has left the page: what a result said of a person must not outlive the result. */
export function prune() {
  for (const entry of bound) {
    if (entry.node.isConnected) entry.seen = true;
    else if (entry.seen) bound.delete(entry);
  }
}

export function setLanguage(to) {
  current = to;
  document.documentElement.lang = to;
  prune();
  for (const { update } of bound) update();
}
