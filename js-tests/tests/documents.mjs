// What the tests of README and guides share: the blocks of a document, and what it takes to run them.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

import { freePort, installed, root } from './support.mjs';

/** The code blocks of one language in a document of the checkout, in order. */
export function blocks(file, language) {
  return codeBlocks(file)
    .filter((block) => block.language === language)
    .map(({ code }) => code);
}

/** All of them, with the languages that they are said to be in. */
export function codeBlocks(file) {
  const text = fs.readFileSync(path.join(root, file), 'utf8');
  return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language, code]) => ({ language, code }));
}

/** The JavaScript blocks by the file name in their first line. */
export function programs(file) {
  return Object.fromEntries(blocks(file, 'js').map((block) => [block.match(/^\/\/ (\S+)\n/)[1], block]));
}

/** The members of a union in the package's declarations. */
export function union(name) {
  const declared = fs.readFileSync(path.join(installed, 'dist/types/generated/core_types.d.ts'), 'utf8');
  return [...declared.match(`type ${name} = ([^;]*);`)[1].matchAll(/"(\w+)"/g)].map(([, value]) => value);
}

/** Writes files into a project: `write('a/b.mjs', text)`. */
export function writerIn(made) {
  return (name, text) => {
    fs.mkdirSync(path.dirname(path.join(made, name)), { recursive: true });
    fs.writeFileSync(path.join(made, name), text);
  };
}

/** Makes what the tests have installed available to a project, beside the tarball. */
export function borrow(modules) {
  const own = path.join(root, 'js-tests/tests/node_modules');
  for (const name of fs.readdirSync(own)) {
    const there = path.join(modules, name);
    if (!fs.existsSync(there)) fs.symlinkSync(path.join(own, name), there, 'junction');
  }
}

/** For `node --require`: leads calls to WeChat's host to the sandbox. */
export const hostOf = ({ baseUrl }) => `
  const { fetch } = globalThis;
  globalThis.fetch = (url, init) => fetch(url.replace('https://api.weixin.qq.com', ${JSON.stringify(baseUrl)}), init);
`;

/** Until it works: a server listens, or what it printed has arrived. */
export async function patiently(work) {
  for (let tries = 0; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries > 100) throw error;
      await new Promise((done) => setTimeout(done, 50));
    }
  }
}

/**
 * Starts a platform's server of a document in `cwd`, where the sandbox pushes to. `told(count)` waits for as many lines of
 * JSON as it prints.
 */
export async function startPlatform(t, sandbox, file, { cwd, env }) {
  const port = await freePort();
  const { componentAppId, componentAppSecret, token, encodingAesKey } = sandbox.platform;
  const own = {
    COMPONENT_APP_ID: componentAppId,
    COMPONENT_APP_SECRET: componentAppSecret,
    PUSH_TOKEN: token,
    ENCODING_AES_KEY: encodingAesKey,
    PORT: String(port),
  };
  const server = spawn(process.execPath, [file], { cwd, env: { ...env, ...own }, stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => server.kill());
  let said = '';
  server.stdout.on('data', (chunk) => { said += chunk; });
  await patiently(() => fetch(`http://127.0.0.1:${port}/`));
  sandbox.pushTo(`http://127.0.0.1:${port}/push`);
  // What it printed may still be on its way.
  const told = (count) =>
    patiently(async () => {
      const lines = said.trim().split('\n').filter(Boolean).map((line) => JSON.parse(line));
      assert.equal(lines.length, count);
      return lines;
    });
  return { told };
}

/** The documents of the checkout that people read. */
export function documents() {
  const found = fs.readdirSync(root).filter((name) => name.endsWith('.md'));
  for (const folder of ['docs', 'examples']) {
    for (const entry of fs.readdirSync(path.join(root, folder), { recursive: true }).map(String)) {
      if (entry.endsWith('.md') && !entry.includes('node_modules')) found.push(`${folder}/${entry.replaceAll(path.sep, '/')}`);
    }
  }
  return found;
}

const textOf = (file) => fs.readFileSync(path.join(root, file), 'utf8').replace(/^```[\s\S]*?^```$/gm, '');

/** The headings of a document; not what looks like one in a block. */
export function headingsOf(file) {
  return [...textOf(file).matchAll(/^(#{1,6}) (.*)$/gm)].map(([, marks, title]) => ({ level: marks.length, title }));
}

/** Where its links lead, but for those to other sites. */
export function linksOf(file) {
  const links = [...textOf(file).replace(/`[^`\n]*`/g, '').matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link);
  return links.filter((link) => !/^[a-z]+:/i.test(link));
}

/** The anchors of its headings, as GitHub makes them. */
export function anchorsOf(file) {
  const seen = new Map();
  return headingsOf(file).map(({ title }) => {
    const plain = title.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('`', '');
    const slug = plain.toLowerCase().replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '').replaceAll(' ', '-');
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return times === 0 ? slug : `${slug}-${times}`;
  });
}
