// Tabs after the pattern of the ARIA Authoring Practices: one stop of the Tab key, arrows between them, the panel follows.
import { h } from './dom.mjs';
import { icon } from './icons.mjs';
import { say, text } from './language.mjs';

/** What the tabs from here on are about. */
const GROUPS = { merchant: 'page.groupRealName', face: 'page.groupOthers', push: 'page.groupPlatform', codes: 'page.groupTools' };

/** `panels` are `{ id, panel }`. Each has a name in the address, `#id`, that can be linked to. */
export function tabs(panels) {
  let current;
  const ids = panels.map(({ id }) => id);
  const entries = panels.map(({ id, panel }, at) => {
    const tab = h(
      'button',
      {
        type: 'button',
        class: GROUPS[id] && 'first',
        role: 'tab',
        id: `tab-${id}`,
        'aria-controls': panel.id,
        'aria-selected': 'false',
        tabindex: '-1',
        onclick: () => choose(id),
        onkeydown: (event) => move(event, at),
      },
      icon(id),
      h('span', {}, say(`${id}.tab`)),
    );
    panel.setAttribute('role', 'tabpanel');
    panel.setAttribute('aria-labelledby', tab.id);
    panel.hidden = true;
    return GROUPS[id] ? [h('span', { class: 'group', 'aria-hidden': 'true' }, say(GROUPS[id])), tab] : tab;
  });
  const list = h('div', { role: 'tablist', class: 'tabs', 'aria-label': say('page.tabs') }, entries);
  const buttons = entries.map((entry) => [entry].flat().at(-1));
  // Beside the panels where there is room, above them where there is not.
  const wide = matchMedia('(min-width: 60rem)');
  const orient = () => list.setAttribute('aria-orientation', wide.matches ? 'vertical' : 'horizontal');
  wide.addEventListener('change', orient);
  orient();

  function show(wanted, { inAddress = true } = {}) {
    const id = ids.includes(wanted) ? wanted : (current ?? ids[0]);
    current = id;
    panels.forEach(({ panel }, at) => {
      const chosen = ids[at] === id;
      panel.hidden = !chosen;
      buttons[at].setAttribute('aria-selected', String(chosen));
      buttons[at].tabIndex = chosen ? 0 : -1;
      if (chosen) panel.shown?.();
    });
    document.title = `${text(`${id}.title`)} · ${text('page.title')}`;
    // In place of the last one: stepping through tabs is no journey that the back button should repeat.
    if (inAddress && location.hash !== `#${id}` && ids.includes(wanted)) history.replaceState(null, '', `#${id}`);
  }

  /** By hand, and maybe from far down in another panel: this one is read from its beginning. */
  function choose(id) {
    show(id);
    const { panel } = panels[ids.indexOf(id)];
    if (panel.getBoundingClientRect().top < 0) panel.scrollIntoView({ block: 'start' });
  }

  function move(event, at) {
    const steps = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: ids.length - 1 };
    const to = steps[event.key];
    if (to === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const next = (to + ids.length) % ids.length;
    choose(ids[next]);
    buttons[next].focus();
  }

  // A link on the page, or an address that was typed: there the reader wants to go on reading.
  addEventListener('hashchange', () => {
    const id = location.hash.slice(1);
    if (!ids.includes(id) || id === current) return;
    show(id, { inAddress: false });
    const { panel } = panels[ids.indexOf(id)];
    panel.focus({ preventScroll: true });
    scrollTo({ top: 0 });
  });
  return { side: h('div', { class: 'side' }, list), show, current: () => current ?? ids[0] };
}
