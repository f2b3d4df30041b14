// A text area that also takes a file, chosen or dropped. Texts are shown; bytes of DER are kept as they are.
import { announce, button, h, newId, put } from './dom.mjs';
import { follow, say, text } from './language.mjs';

/** As large as the library takes them. */
const LARGEST = 64 * 1024;

export function fileField(label, { name, hint }) {
  const id = newId('file');
  const area = h('textarea', {
    id,
    class: 'mono',
    rows: 6,
    'data-name': name,
    'aria-describedby': `${id}-hint`,
    placeholder: say('file.placeholder'),
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: 'false',
    translate: 'no',
  });
  const chosen = h('input', { type: 'file', hidden: true, onchange: () => take(chosen.files[0]) });
  const said = h('span', { class: 'file-name', translate: 'no' });
  let bytes;
  let fileName;
  // Only the last file that was chosen counts, however long an earlier one takes to be read.
  let turn = 0;

  follow(area, () => {
    if (bytes) area.value = text('file.binary');
  });

  const clear = () => {
    turn += 1;
    bytes?.fill(0);
    bytes = fileName = undefined;
    area.value = said.textContent = chosen.value = '';
    area.readOnly = false;
  };
  async function take(file) {
    if (!file) return;
    clear();
    const mine = turn;
    if (file.size > LARGEST) {
      put(said, say('file.tooLarge'));
      return announce(text('file.tooLarge'));
    }
    const read = new Uint8Array(await file.arrayBuffer());
    if (mine !== turn) return;
    fileName = file.name;
    said.textContent = `${file.name} · ${read.length} B`;
    const binary = read.some((byte) => byte === 0);
    if (binary) {
      bytes = read;
      area.value = text('file.binary');
      area.readOnly = true;
    } else {
      area.value = new TextDecoder().decode(read);
      read.fill(0);
    }
    announce(text('file.taken', file.name));
  }

  const drop = (event) => {
    event.preventDefault();
    element.classList.remove('over');
    void take(event.dataTransfer.files[0]);
  };
  const hasFile = (event) => [...event.dataTransfer.types].includes('Files');
  const element = h(
    'div',
    {
      class: 'field wide files',
      ondragover: (event) => {
        if (!hasFile(event)) return;
        event.preventDefault();
        element.classList.add('over');
      },
      ondragleave: () => element.classList.remove('over'),
      ondrop: (event) => hasFile(event) && drop(event),
    },
    h('label', { for: id }, label),
    area,
    h(
      'div',
      { class: 'file-row' },
      button(say('file.choose'), () => chosen.click(), { kind: 'small', 'aria-describedby': `${id}-hint` }),
      chosen,
      said,
    ),
    h('p', { class: 'hint', id: `${id}-hint` }, hint),
  );
  return Object.assign(element, {
    input: area,
    clear,
    content: () => bytes ?? (area.value.trim() === '' ? undefined : area.value),
    fileName: () => fileName,
    fill(content) {
      clear();
      area.value = content;
    },
  });
}
