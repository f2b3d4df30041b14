// The pages and plots of the docs, from docs/speed.json. `node page.mjs` writes them; `cargo xtask bench --save` and `docs` do.
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';

import { alternative, plot } from './plot.mjs';
import { TABLES, markdown } from './tables.mjs';

const docs = new URL('../docs/', import.meta.url);
const template = (lang) => fs.readFileSync(new URL(`./speed.${lang}.md`, import.meta.url), 'utf8').replaceAll('\r\n', '\n');
const plotOf = { en: 'speed.svg', zh: 'speed.zh.svg' };

/** File below `docs` → what it has to be. */
export function pages() {
  const results = JSON.parse(fs.readFileSync(new URL('speed.json', docs), 'utf8'));
  const files = {};
  for (const lang of ['en', 'zh']) {
    files[plotOf[lang]] = plot(results, lang);
    const readme = { en: '../README.md', zh: '../README.zh-CN.md' }[lang];
    const text = fs.readFileSync(new URL(readme, docs), 'utf8').replaceAll('\r\n', '\n');
    files[readme] = text.replace(/(<!-- speed -->\n)[^]*(<!-- \/speed -->)/, (_, begin, end) => `${begin}\n${filled('readme', results, lang)}\n\n${end}`);
    files[`${lang}/speed.md`] = template(lang).replace(/\{\{(\w+)\}\}/g, (_, name) => filled(name, results, lang));
  }
  return files;
}

function filled(name, results, lang) {
  if (TABLES[name]) return markdown(TABLES[name](results, lang));
  if (name === 'plot') return `![${alternative(results, lang)}](../${plotOf[lang]})`;
  const { machine, peers, version, date } = results;
  const listed = Object.entries(peers).map(([peer, of]) => `${peer} ${of}`);
  const known = { ...machine, version, date, peers: listed.join(lang === 'zh' ? '、' : ', ') };
  if (known[name] === undefined) throw new Error(`speed.${lang}.md asks for ${name}, which no result has`);
  return String(known[name]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, text] of Object.entries(pages())) fs.writeFileSync(new URL(name, docs), text);
}
