// The page: loads the library, builds the panels, and switches between them, the languages and the themes.
// Nothing is stored, and nothing but the name of a panel is ever in the address.
import { button, h, put } from './dom.mjs';
import { icon } from './icons.mjs';
import { follow, has, language, say, setLanguage, text } from './language.mjs';
import * as codes from './panel_codes.mjs';
import * as face from './panel_face.mjs';
import * as medical from './panel_medical.mjs';
import * as merchant from './panel_merchant.mjs';
import * as miniprogram from './panel_miniprogram.mjs';
import * as numbers from './panel_numbers.mjs';
import * as push from './panel_push.mjs';
import * as reply from './panel_reply.mjs';
import * as sign from './panel_sign.mjs';
import * as timeline from './panel_timeline.mjs';
import { tabs } from './tabs.mjs';

const PANELS = [merchant, sign, reply, face, medical, push, timeline, codes, numbers, miniprogram];

const content = document.getElementById('content');

header();
try {
  const api = await import('./package/browser.mjs');
  // Let the loading state be drawn: compiling holds everything up for a moment.
  await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
  // The module is compiled at the first call.
  api.betaVerification(91021);
  start(api);
} catch (error) {
  // It is of this page's own files, and says nothing of anybody.
  console.error(error);
  window.playgroundCannotStart([
    `WebAssembly 模块没有启动（${error.name}）。请重新加载；若仍不行，请换用较新的浏览器。`,
    `The WebAssembly module did not start (${error.name}). Reload the page; if that is of no help, use a current browser.`,
  ]);
}

function start(api) {
  const built = PANELS.map(({ id, build }) => {
    const panel = h('section', { id: `panel-${id}`, class: 'panel', tabindex: '-1' });
    const inside = build(api, panel);
    panel.append(
      h('h2', {}, say(`${id}.title`)),
      h('p', { class: 'lead' }, say(`${id}.lead`)),
      h(
        'div',
        { class: 'samples' },
        button(say(has(`${id}.sample`) ? `${id}.sample` : 'common.sample'), () => panel.sample(), { kind: 'sample' }),
        (panel.furtherSamples ?? []).map(([label, fill]) => button(label, fill, { kind: 'sample further' })),
        panel.sampleHint && h('span', { class: 'hint' }, say(panel.sampleHint)),
      ),
      ...inside,
    );
    return { id, panel };
  });
  const { side, show, current } = tabs(built);
  put(
    content,
    side,
    h(
      'div',
      { class: 'panels' },
      built.map(({ panel }) => panel),
    ),
  );
  follow(content, () => {
    document.title = `${text(`${current()}.title`)} · ${text('page.title')}`;
  });
  const skip = document.getElementById('skip');
  skip.addEventListener('click', (event) => {
    event.preventDefault();
    document.getElementById(`panel-${current()}`).focus();
  });
  // A file that missed its field would otherwise take the place of the page, and of all that was typed.
  for (const name of ['dragover', 'drop']) addEventListener(name, (event) => event.preventDefault());
  show(location.hash.slice(1));
}

function header() {
  const other = () => (language() === 'zh' ? 'en' : 'zh');
  const toggleLanguage = button(
    [icon('language'), h('span', {}, () => (language() === 'zh' ? 'English' : '中文'))],
    () => setLanguage(other()),
    { kind: 'quiet', id: 'language', lang: other },
  );
  const root = document.documentElement;
  const theme = button([icon('theme'), h('span', {}, say('page.dark'))], () => themed(root.dataset.theme === 'dark' ? 'light' : 'dark'), {
    kind: 'quiet',
    id: 'theme',
    'aria-pressed': 'false',
  });
  const themed = (name) => {
    root.dataset.theme = name;
    theme.setAttribute('aria-pressed', String(name === 'dark'));
  };
  themed(root.dataset.theme);
  const system = matchMedia('(prefers-color-scheme: dark)');
  system.addEventListener('change', () => themed(system.matches ? 'dark' : 'light'));
  put(
    document.getElementById('top'),
    h(
      'div',
      { class: 'brand' },
      h('span', { class: 'logo', 'aria-hidden': 'true' }, icon('tick')),
      h('h1', {}, h('span', { translate: 'no' }, 'wechat-realname'), ' ', h('small', {}, say('page.name'))),
    ),
    h('p', { class: 'privacy' }, icon('safe'), h('span', {}, say('page.privacy'))),
    h('div', { class: 'switches' }, toggleLanguage, theme),
  );
  put(document.getElementById('skip'), say('page.skip'));
  put(document.getElementById('foot'), h('p', {}, say('page.foot')));
}
