// Markdown to HTML: anchors as GitHub makes them, code highlighted with classes, because the site's policy allows no styles
// within the page.
import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import css from 'highlight.js/lib/languages/css';
import diff from 'highlight.js/lib/languages/diff';
import ini from 'highlight.js/lib/languages/ini';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import rust from 'highlight.js/lib/languages/rust';
import typescript from 'highlight.js/lib/languages/typescript';
import xml from 'highlight.js/lib/languages/xml';
import yaml from 'highlight.js/lib/languages/yaml';
import markdownIt from 'markdown-it';

for (const [name, language] of Object.entries({ bash, css, diff, ini, javascript, json, rust, typescript, xml, yaml })) {
  hljs.registerLanguage(name, language);
}
hljs.registerAliases('wxml', { languageName: 'xml' });
hljs.registerAliases('wxss', { languageName: 'css' });

const PLAIN = ['', 'text'];

const md = markdownIt({ linkify: true, highlight: (code, name) => highlighted(code, name) });
// Addresses alone: a name such as `index.js` is not one.
md.linkify.set({ fuzzyLink: false, fuzzyEmail: false });

export const escaped = (text) => md.utils.escapeHtml(text);

/** Code with a class around every token. Throws for a language that nobody has registered, so that none goes unnoticed. */
export function highlighted(code, language) {
  if (PLAIN.includes(language)) return escaped(code);
  if (!hljs.getLanguage(language)) throw new Error(`no highlighting for \`${language}\`: add it to docs/markdown.mjs`);
  return hljs.highlight(code, { language }).value;
}

/** What a file's name says about its language. */
export function languageOf(name) {
  const ending = name.slice(name.lastIndexOf('.') + 1);
  return hljs.getLanguage(ending) ? ending : '';
}

md.core.ruler.push('anchors', ({ tokens, env }) => {
  const taken = new Map();
  env.headings = [];
  tokens.forEach((token, index) => {
    if (token.type !== 'heading_open') return;
    const text = textOf(tokens[index + 1]);
    const slug = slugOf(text);
    const before = taken.get(slug) ?? 0;
    taken.set(slug, before + 1);
    const id = before === 0 ? slug : `${slug}-${before}`;
    token.attrSet('id', id);
    env.headings.push({ level: Number(token.tag.slice(1)), id, text });
  });
});

/** GitHub's rule: lower case, letters and digits of any script, hyphens for spaces, and nothing else. */
const slugOf = (text) =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');

const textOf = ({ children }) =>
  children
    .filter(({ type }) => ['text', 'code_inline'].includes(type))
    .map(({ content }) => content)
    .join('');

const { rules } = md.renderer;
const plain = (tokens, index, options, _, self) => self.renderToken(tokens, index, options);

rules.heading_close = (tokens, index, options, env, self) => {
  const id = tokens[index - 2].attrGet('id');
  const link = tokens[index].tag === 'h1' ? '' : ` <a class="anchor" href="#${id}" aria-label="${env.texts.toSection}">#</a>`;
  return link + plain(tokens, index, options, env, self);
};
// What is wider than the page scrolls by itself, and can be reached with the keyboard.
rules.table_open = (tokens, index, options, env, self) =>
  `<div class="scroll" role="region" aria-label="${env.texts.table}" tabindex="0">${plain(tokens, index, options, env, self)}`;
rules.table_close = (...given) => `${plain(...given)}</div>`;
rules.fence = (tokens, index, options) => {
  const { content, info } = tokens[index];
  return codeBlock(options.highlight(content, info.trim().split(' ')[0]));
};
rules.link_open = (tokens, index, options, env, self) => {
  tokens[index].attrSet('href', env.resolve(tokens[index].attrGet('href')));
  return plain(tokens, index, options, env, self);
};

const { image } = rules;
rules.image = (tokens, index, options, env, self) => {
  tokens[index].attrSet('src', env.resolve(tokens[index].attrGet('src')));
  return image(tokens, index, options, env, self);
};

export const codeBlock = (html) => `<pre tabindex="0"><code>${html}</code></pre>\n`;

/** A document: its headings at once, its HTML once it is known where its links lead. */
export function document(markdown) {
  const env = {};
  const tokens = md.parse(markdown, env);
  const [first] = env.headings;
  if (first?.level !== 1) throw new Error('a document begins with a heading of level 1');
  return {
    title: first.text,
    sections: env.headings.filter(({ level }) => level === 2),
    links: tokens.flatMap(({ children }) => children ?? []).flatMap((token) => token.attrGet('href') ?? []),
    html: (resolve, texts) => md.renderer.render(tokens, md.options, { ...env, resolve, texts }),
  };
}
