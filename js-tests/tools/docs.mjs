// From the guides, the package's sources and rustdoc's pages to one static site, target/site. Called by `cargo xtask docs`,
// which has built the package and written target/doc before.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { writeApi } from './docs/api.mjs';
import { checkLinks, filesOf } from './docs/links.mjs';
import { codeBlock, document, escaped, highlighted, languageOf } from './docs/markdown.mjs';
import { TEXTS, between, framed, landing } from './docs/page.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const site = path.join(root, 'target/site');
const version = process.env.PACKAGE_VERSION;
const NOT_OURS = ['node_modules', 'target', 'pkg', 'generated'];
/** What the guides call the two references, which are made with the site. */
const REFERENCES = { 'docs/api': 'api/index.html', 'docs/rust': 'rust/wechat_realname/index.html' };

const read = (file) => fs.readFileSync(path.join(root, file), 'utf8');
const names = (folder) => fs.readdirSync(path.join(root, folder)).sort();
const write = (to, text) => {
  fs.mkdirSync(path.dirname(path.join(site, to)), { recursive: true });
  fs.writeFileSync(path.join(site, to), text);
};

/** File or folder of the checkout → its page. What a page links to gets one too, so that every link works from a disk. */
const pages = new Map();
/** Those whose links have not been seen yet. */
const pending = [];

fs.rmSync(site, { recursive: true, force: true });
const guides = { zh: guidesOf('zh'), en: guidesOf('en') };
pairUp(guides.zh, guides.en);
const project = projectDocuments();
const examples = pageFor('examples');
for (let page = pending.pop(); page; page = pending.pop()) {
  const html = page.html((address) => resolve(page, address), TEXTS[page.lang]);
  write(page.to, framed(page, { html, groups: groupsFor(page.lang), version }));
}
write('index.html', landing({ version }));
fs.copyFileSync(fileURLToPath(new URL('docs/site.css', import.meta.url)), path.join(site, 'site.css'));
fs.cpSync(path.join(root, 'target/doc'), path.join(site, 'rust'), { recursive: true });
write('rust/index.html', crateList());
await writeApi({ template: path.join(root, 'pkg-template'), version, out: path.join(site, 'api') });

const { pages: count, links, external, problems } = checkLinks(site);
console.log(`  addresses of other sites, which nobody has looked up:\n    ${external.join('\n    ')}`);
if (problems.length > 0) throw new Error(`links that lead nowhere:\n    ${problems.join('\n    ')}`);
const bytes = filesOf(site).reduce((sum, file) => sum + fs.statSync(path.join(site, file)).size, 0);
console.log(`  ${count} pages with ${links} links, ${(bytes / 1e6).toFixed(1)} MB`);

/** The guides of one language, in the order in which its index names them. */
function guidesOf(lang) {
  const folder = `docs/${lang}`;
  const index = Object.assign(add(`${folder}/index.md`, { to: `${lang}/index.html`, lang }), { title: TEXTS[lang].overview });
  const listed = index.links.map((address) => address.split('#', 1)[0]).filter((address) => /^[\w-]+\.md$/.test(address));
  const order = [...new Set(['index.md', ...listed])];
  const unlisted = names(folder).filter((name) => name.endsWith('.md') && !order.includes(name));
  if (unlisted.length > 0) throw new Error(`${folder}/index.md has no link to ${unlisted.join(', ')}`);
  const page = (name) => pages.get(`${folder}/${name}`) ?? add(`${folder}/${name}`, { to: `${lang}/${stem(name)}.html`, lang });
  const all = order.map(page);
  all.forEach((page, at) => Object.assign(page, { previous: all[at - 1], next: all[at + 1] }));
  return all;
}

/** Every guide is there in both languages, in the same order. */
function pairUp(zh, en) {
  const list = (all) => all.map(({ to }) => path.basename(to)).join(' ');
  if (list(zh) !== list(en)) throw new Error(`the guides differ:\n  zh: ${list(zh)}\n  en: ${list(en)}`);
  zh.forEach((page, at) => {
    page.twin = en[at].to;
    en[at].twin = page.to;
  });
}

/** README, SECURITY and the like: the checkout's own documents. */
function projectDocuments() {
  const all = names('.').filter((name) => name.endsWith('.md')).map((name) => {
    const lang = name.endsWith('.zh-CN.md') ? 'zh' : 'en';
    const page = add(name, { to: `project/${stem(name).toLowerCase()}.html`, lang });
    // By its file's name: a guide may have the same title.
    return Object.assign(page, { title: stem(name).replace('.zh-CN', '') });
  });
  for (const page of all) {
    const twin = page.lang === 'zh' ? page.source.replace('.zh-CN.md', '.md') : page.source.replace('.md', '.zh-CN.md');
    page.twin = pages.get(twin)?.to ?? page.twin;
  }
  return all;
}

/** A document of the site. */
function add(source, { to, lang }) {
  const { title, sections, links, html } = about(source, () => document(read(source)));
  const page = { source, to, lang, title, sections, links, html: (...given) => about(source, () => html(...given)) };
  pages.set(source, page);
  return queued(page);
}

function queued(page) {
  page.twin ??= `${TEXTS[page.lang].other}/index.html`;
  pending.push(page);
  return page;
}

/** The page of any file or folder of the checkout, made where there is none yet. */
function pageFor(source) {
  const known = pages.get(source);
  if (known) return known;
  const isOurs = !source.split('/').some((part) => part === '..' || NOT_OURS.includes(part));
  const stats = isOurs && fs.statSync(path.join(root, source), { throwIfNoEntry: false });
  if (!stats) throw new Error(`the project has no ${source}`);
  // As on GitHub: a folder shows its README.
  if (path.basename(source) === 'README.md') return pageFor(path.dirname(source));
  const to = `source/${source}${stats.isDirectory() ? '/index' : ''}.html`;
  const page = stats.isDirectory() ? folderPage(source, to) : filePage(source, to);
  pages.set(source, page);
  return page;
}

function folderPage(source, to) {
  const entries = names(source).filter((name) => !NOT_OURS.includes(name) && name !== 'README.md');
  const item = (name) => `<li><a href="${between(to, pageFor(`${source}/${name}`).to)}">${escaped(name)}</a></li>`;
  const list = () => `<ul>\n${entries.map(item).join('\n')}\n</ul>\n`;
  const readme = `${source}/README.md`;
  if (!fs.existsSync(path.join(root, readme))) {
    return queued({ source: readme, to, lang: 'en', title: source, html: () => `<h1>${pathOf(source, to)}</h1>\n${list()}` });
  }
  const page = add(readme, { to, lang: 'en' });
  const { html } = page;
  page.html = (...given) => `${html(...given)}<h2>${pathOf(source, to)}</h2>\n${list()}`;
  return page;
}

function filePage(source, to) {
  if (source.endsWith('.md')) return add(source, { to, lang: 'en' });
  const code = codeBlock(highlighted(read(source), languageOf(source)));
  return queued({ source, to, lang: 'en', title: source, html: () => `<h1>${pathOf(source, to)}</h1>\n${code}` });
}

/** What rustdoc's help and settings lead back to, and rustdoc itself makes on nightly only. */
function crateList() {
  const page = { to: 'rust/index.html', lang: 'en', title: TEXTS.en.rust, twin: guides.zh[0].to };
  const html = `<h1>${page.title}</h1>\n<p><a href="${between(page.to, REFERENCES['docs/rust'])}">wechat_realname</a></p>`;
  return framed(page, { html, groups: groupsFor(page.lang), version });
}

/** A picture of the checkout, copied to the site: `docs/a.svg` is `a.svg` there. */
function picture(source) {
  const to = source.replace(/^docs\//, '');
  if (!fs.existsSync(path.join(root, source))) throw new Error(`the project has no ${source}`);
  fs.mkdirSync(path.dirname(path.join(site, to)), { recursive: true });
  fs.copyFileSync(path.join(root, source), path.join(site, to));
  return to;
}

/** Where a link or a picture of a document leads on the site. */
function resolve({ source, to }, address) {
  if (/^([a-z]+:|#)/i.test(address)) return address;
  const [file, anchor] = address.split('#', 2);
  const target = path.posix.join(path.posix.dirname(source), decodeURI(file)).replace(/\/$/, '');
  if (target.endsWith('.svg')) return between(to, picture(target));
  return between(to, REFERENCES[target] ?? pageFor(target).to) + (anchor === undefined ? '' : `#${anchor}`);
}

function groupsFor(lang) {
  const texts = TEXTS[lang];
  const own = project.filter((page) => page.lang === lang);
  // What there is in English only is better than nothing.
  const others = lang === 'zh' ? project.filter(({ lang, twin }) => lang === 'en' && twin === guides.zh[0].to) : [];
  return [
    { title: texts.guides, entries: guides[lang] },
    {
      title: texts.reference,
      entries: [
        { to: REFERENCES['docs/api'], title: texts.api },
        { to: REFERENCES['docs/rust'], title: texts.rust },
        { to: examples.to, title: texts.examples },
      ],
    },
    {
      title: texts.project,
      entries: [...own, ...others.map(({ to, title }) => ({ to, title: `${title}${texts.inEnglish}` }))],
    },
  ];
}

/** A source's path, in which its folder is a link where that has a page. */
function pathOf(source, to) {
  const folder = path.dirname(source);
  const page = pages.get(folder);
  return page ? `<a href="${between(to, page.to)}">${escaped(folder)}</a>/${escaped(path.basename(source))}` : escaped(source);
}

function stem(name) {
  return path.basename(name, '.md');
}

/** `work`, whose failure says which file it is about. */
function about(source, work) {
  try {
    return work();
  } catch (error) {
    throw new Error(`${source}: ${error.message}`);
  }
}
