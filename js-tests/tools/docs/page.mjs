// The frame around every page, in two languages. No scripts, and nothing from elsewhere.
import path from 'node:path';

import { escaped } from './markdown.mjs';

export const TEXTS = {
  zh: {
    code: 'zh-CN',
    name: '中文',
    other: 'en',
    skip: '跳到正文',
    menu: '目录',
    guides: '指南',
    overview: '概览',
    reference: '参考',
    project: '项目',
    examples: '示例',
    api: 'TypeScript API（英文）',
    rust: 'Rust crate（英文）',
    onThisPage: '本页内容',
    previous: '上一篇',
    next: '下一篇',
    toSection: '本节链接',
    table: '表格',
    inEnglish: '（英文）',
  },
  en: {
    code: 'en',
    name: 'English',
    other: 'zh',
    skip: 'Skip to the text',
    menu: 'Contents',
    guides: 'Guides',
    overview: 'Overview',
    reference: 'Reference',
    project: 'Project',
    examples: 'Examples',
    api: 'TypeScript API',
    rust: 'Rust crate',
    onThisPage: 'On this page',
    previous: 'Previous',
    next: 'Next',
    toSection: 'Link to this section',
    table: 'Table',
    inEnglish: '',
  },
};

const POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'";

/** The address of one page of the site as another one names it, which works from a disk too. */
export const between = (from, to) => encodeURI(path.posix.relative(path.posix.dirname(from), to));

const frame = ({ to, lang, title, body }) => `<!DOCTYPE html>
<html lang="${TEXTS[lang].code}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${between(to, 'site.css')}">
</head>
<body>
${body}
</body>
</html>
`;

/**
 * A page with its navigation.
 *
 * `page`: { to, lang, title, sections, twin, previous, next }, where `twin` is what to show in the other language.
 * `groups`: [{ title, entries: [{ to, title }] }].
 */
export function framed(page, { html, groups, version }) {
  const { to, lang, title, sections = [], twin, previous, next } = page;
  const texts = TEXTS[lang];
  const other = TEXTS[texts.other];
  const link = (entry, attributes = '') => `<a href="${between(to, entry.to)}"${attributes}>${escaped(entry.title)}</a>`;
  const item = (entry) => `<li>${link(entry, entry.to === to ? ' aria-current="page"' : '')}</li>`;
  const group = (group) => `<h2>${group.title}</h2>\n<ul>\n${group.entries.map(item).join('\n')}\n</ul>`;
  const section = ({ id, text }) => `<li><a href="#${encodeURIComponent(id)}">${escaped(text)}</a></li>`;
  const onThisPage =
    sections.length < 2
      ? ''
      : `<nav class="sections" aria-label="${texts.onThisPage}">
<h2>${texts.onThisPage}</h2>
<ul>
${sections.map(section).join('\n')}
</ul>
</nav>`;
  const step = (entry, name) => (entry ? `<p class="${name}"><small>${texts[name]}</small> ${link(entry)}</p>` : '');
  const steps = previous || next ? `<nav class="steps">${step(previous, 'previous')}${step(next, 'next')}</nav>` : '';
  const body = `<a class="skip" href="#text">${texts.skip}</a>
<header>
<input type="checkbox" id="menu" aria-label="${texts.menu}">
<label for="menu" aria-hidden="true">☰ ${texts.menu}</label>
<a class="name" href="${between(to, 'index.html')}">wechat-realname</a> <small>${version}</small>
<a class="language" href="${between(to, twin)}" lang="${other.code}" hreflang="${other.code}">${other.name}</a>
</header>
<nav class="pages" aria-label="${texts.menu}">
${groups.map(group).join('\n')}
</nav>
<main id="text" tabindex="-1">
${html}${steps}
</main>
${onThisPage}`;
  return frame({ to, lang, title: title === 'wechat-realname' ? title : `${title} · wechat-realname`, body });
}

/** The first page: nothing but the choice. */
export function landing({ version }) {
  const body = `<main class="landing">
<h1>wechat-realname <small>${version}</small></h1>
<section lang="zh-CN">
<p>微信实名信息接口：签名、解密、读懂结果。</p>
<p><a class="choice" href="zh/index.html">中文文档</a></p>
</section>
<section lang="en">
<p>WeChat’s real-name interfaces: signs, decrypts and interprets.</p>
<p><a class="choice" href="en/index.html" hreflang="en">Documentation in English</a></p>
</section>
<p class="references" lang="en">
<a href="api/index.html">TypeScript API</a>
<a href="rust/wechat_realname/index.html">Rust crate</a>
</p>
</main>`;
  return frame({ to: 'index.html', lang: 'zh', title: 'wechat-realname', body });
}
