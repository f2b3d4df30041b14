// Whether a number can be one: ID card, unified social credit code, organisation code, business licence number.
import { announce, button, facts, field, form, h, intoView, note, put, submitButton } from './dom.mjs';
import { has, ofPair, say, text } from './language.mjs';
import { compact } from './pasted.mjs';
import * as samples from './samples.mjs';

export const id = 'numbers';

const kindKey = (kind) => (has(`numbers.kind.${kind}`) ? `numbers.kind.${kind}` : 'numbers.kind.other');

export function build(api, panel) {
  const person = one('idCard', (given) => cardShown(api.checkIdCard(given.replace(/[-–—.·]/g, ''))));
  const company = one('creditCode', (given) => companyShown(api.checkCreditCode(given), api.checkCreditCode(given.toUpperCase())));
  panel.sampleHint = 'numbers.sampleHint';
  panel.sample = () => {
    person.fill(samples.idCard);
    company.fill(samples.creditCode);
  };
  return [h('div', { class: 'two' }, person.element, company.element), note('plain', say('numbers.advice'))];
}

function one(key, checked) {
  const input = field(say(`numbers.${key}`), { name: key, hint: say(`numbers.${key}Hint`) });
  const result = h('div', { class: 'result', id: `numbers-${key}` });
  const show = () => {
    // A form would send it without the spaces that people type between groups of digits.
    const given = compact(input.input.value);
    const { element, said, bad } = given === '' ? EMPTY : checked(given);
    if (bad) input.input.setAttribute('aria-invalid', 'true');
    else input.input.removeAttribute('aria-invalid');
    put(result, element());
    intoView(result);
    announce(said());
  };
  const fill = (value) => {
    input.input.value = value;
    show();
  };
  const clear = () => {
    input.input.value = '';
    input.input.removeAttribute('aria-invalid');
    put(result);
    announce(text('common.cleared'));
    input.input.focus();
  };
  const buttons = h('div', { class: 'buttons' }, submitButton(say('numbers.button')), button(say('common.clear'), clear));
  return { element: form(show, input, buttons, result), fill };
}

const refused = (key, ...values) => ({
  element: () => note('bad', h('h3', {}, say('numbers.invalid')), h('p', {}, say(key, ...values))),
  said: say(key, ...values),
  bad: true,
});
const EMPTY = { element: () => note('warn', say('numbers.empty')), said: say('numbers.empty'), bad: true };

const wrong = (reason, prefix) => refused(has(`${prefix}.${reason}`) ? `${prefix}.${reason}` : 'numbers.otherReason');

function cardShown(check) {
  if (!check.valid && check.reason !== 'historic') return wrong(check.reason, 'numbers.cardReason');
  const { area, birthDate, sex, number, current } = check;
  const heading = check.valid ? 'numbers.valid' : 'numbers.historic';
  return {
    element: () => note(
      check.valid ? 'good' : 'warn',
      h('h3', {}, say(heading)),
      current ? h('p', {}, say('numbers.current'), ' ', h('code', {}, current)) : '',
      facts([
        [say('numbers.number'), number && h('code', {}, number)],
        [
          say('numbers.area'),
          h('span', {}, h('code', {}, area.code), ' ', area.province ? ofPair(area.province) : say('numbers.areaUnknown')),
        ],
        [say('numbers.birthDate'), birthDate],
        [say('numbers.sex'), say(`numbers.${sex}`)],
      ]),
    ),
    said: say(heading),
  };
}

function companyShown(check, inCapitals) {
  if (!check.valid && inCapitals.valid) return refused('numbers.capitals', inCapitals.code);
  if (!check.valid) return wrong(check.reason, 'numbers.codeReason');
  return {
    element: () => note(
      'good',
      h('h3', {}, say('numbers.valid')),
      facts([
        [say('numbers.kind'), say(kindKey(check.kind))],
        ['code_type', h('code', {}, check.codeType)],
        [say('numbers.sent'), h('code', {}, check.code)],
      ]),
    ),
    said: say('numbers.valid'),
  };
}
