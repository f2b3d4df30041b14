// A person's data: masked until the switch is turned.
import { check, facts, h } from './dom.mjs';
import { masked } from './format.mjs';
import { say } from './language.mjs';

/** Rows are `[label, value]` or `[label, value, true]`, the last for what is to be masked. Marked for tests with `names`. */
export function person(rows) {
  const shown = rows.filter(([, value]) => value !== undefined);
  const cells = shown.map(([label, value, secret]) => {
    if (value instanceof Node) return [label, value];
    return [label, h('code', { class: secret ? 'secret' : undefined, translate: 'no' }, secret ? masked(value) : value)];
  });
  const reveal = check(say('common.reveal'), {
    role: 'switch',
    class: 'switch',
    onchange: () => {
      shown.forEach(([, value, secret], at) => {
        if (secret) cells[at][1].textContent = reveal.input.checked ? value : masked(value);
      });
    },
  });
  const any = shown.some(([, , secret]) => secret);
  return h('div', { class: 'person' }, facts(cells), any ? reveal : '');
}
