// The mini program's pages for both interfaces, as files to copy.
import { announce, choice, copyable, field, form, h, note, put, submitButton } from './dom.mjs';
import { generate } from './generate.mjs';
import { follow, language, say, text } from './language.mjs';

export const id = 'miniprogram';

export function build(_api, panel) {
  const what = choice(say('mini.what'), [
    ['read', say('mini.read')],
    ['check', say('mini.check')],
  ]);
  const way = choice(say('mini.way'), [
    ['package', say('mini.package')],
    ['plain', say('mini.plain')],
  ]);
  const first = field(say('mini.first'), { name: 'first', inputmode: 'numeric', hint: say('mini.categoryHint') });
  const second = field(say('mini.second'), { name: 'second', inputmode: 'numeric' });
  const server = field(say('mini.server'), {
    name: 'server',
    placeholder: 'https://your-server.example',
    hint: say('mini.serverHint'),
    wide: true,
  });
  const result = h('div', { class: 'result', id: 'mini-result' });
  const categories = [first, second];

  const show = () => {
    const reading = what.input.value === 'read';
    for (const one of categories) {
      one.hidden = !reading;
      one.input.removeAttribute('aria-invalid');
    }
    const [firstId, secondId] = categories.map((one) => one.input.value.trim() || one.input.placeholder);
    const wrong = reading && categories.find((one) => !/^[1-9]\d{0,8}$/.test(one.input.value.trim() || one.input.placeholder));
    if (wrong) {
      wrong.input.setAttribute('aria-invalid', 'true');
      put(result, note('bad', say('mini.wrongCategory')));
      return announce(text('mini.wrongCategory'));
    }
    const files = generate({
      language: language(),
      what: what.input.value,
      way: way.input.value,
      categoryId: [Number(firstId), Number(secondId)],
      server: server.input.value.trim() || server.input.placeholder,
    });
    put(
      result,
      files.map(([name, content]) => copyable(name, content, { name, lines: true })),
    );
    announce(text('mini.done', files.length));
  };
  // Comments are in the page's language.
  follow(result, () => result.childElementCount > 0 && show());
  [first.input.placeholder, second.input.placeholder] = ['99', '904'];
  for (const one of [what, way]) one.input.addEventListener('change', show);

  panel.sample = () => {
    first.input.value = '99';
    second.input.value = '904';
    show();
  };
  panel.shown = () => result.childElementCount === 0 && show();
  return [
    form(
      show,
      h('div', { class: 'grid' }, what, way, first, second, server),
      h('div', { class: 'buttons' }, submitButton(say('mini.button'))),
    ),
    result,
    note('plain', h('p', {}, say('mini.install')), h('p', {}, say('mini.secrets'))),
  ];
}
