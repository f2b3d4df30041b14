// The licences of what is compiled or bundled into the package: they ask to go with every copy.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const TARGET = 'wasm32-unknown-unknown';

/** Crates that are not linked, but out of which build.rs takes tables. */
const TABLES = ['encoding_rs'];

const WHAT_IT_IS = `# Third-party licences

What \`wechat-realname\` is built of, beside its own sources: Rust crates compiled into the two WebAssembly modules, and
the JavaScript libraries bundled into the adapter. None of it is installed separately. Where a work may be used under
several licences, it is used under the first of MIT, Apache-2.0, BSD, Zlib and Unicode that it offers.
`;

/** Every module has parts of it. Its copy of the licence is not on every machine that compiles. */
const STANDARD_LIBRARY = `Copyright (c) The Rust Project Contributors
Copyright (c) 2014 Alex Crichton (dlmalloc)
Copyright (c) 2016 Amanieu d'Antras (hashbrown)

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the
Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE,
ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

/** The notice, as Markdown. `libraries`: folders of npm packages that are bundled. */
export function thirdParty(root, libraries) {
  const rust = { name: 'Rust’s standard library, with dlmalloc and hashbrown (MIT OR Apache-2.0)', text: STANDARD_LIBRARY };
  const works = [rust, ...crates(root), ...libraries.map(library)];
  const byText = new Map();
  for (const { name, text } of works) byText.set(text, [...(byText.get(text) ?? []), name]);
  const parts = [...byText].map(([text, names]) => `## ${names.join(', ')}\n\n\`\`\`text\n${text}\n\`\`\`\n`);
  return [WHAT_IT_IS, ...parts.sort()].join('\n');
}

/** The crates that the modules are made of, but for this one and those that only run while others are compiled. */
function crates(root) {
  const cargo = (...words) =>
    execFileSync(process.env.CARGO ?? 'cargo', words, { cwd: root, maxBuffer: 2 ** 28, encoding: 'utf8' });
  const features = '--features=wechat-realname/javascript,wechat-realname/javascript-extras';
  const { packages } = JSON.parse(cargo('metadata', '--format-version=1', features, `--filter-platform=${TARGET}`));
  const tree = cargo(
    ...['tree', '--package=wechat-realname', features, '--edges=normal,no-proc-macro', `--target=${TARGET}`],
    ...['--prefix=none', '--no-dedupe', '--format={p}'],
  );
  const linked = new Set(tree.trim().split('\n').map((line) => line.split(' (')[0]));
  const tables = packages.filter(({ name }) => TABLES.includes(name));
  tables.forEach(({ name, version }) => linked.add(`${name} v${version}`));
  return [...linked].filter((name) => !name.startsWith('wechat-realname ')).map((crate) => {
    const found = packages.find(({ name, version }) => crate === `${name} v${version}`);
    if (!found) throw new Error(`cargo has nothing about ${crate}`);
    const { name, version, license, manifest_path: manifest } = found;
    return { name: `${name} ${version} (${license})`, text: licenceIn(path.dirname(manifest), name, license) };
  });
}

function library(folder) {
  const { name, version, license } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  return { name: `${name} ${version} (${license})`, text: licenceIn(folder, name, license) };
}

function licenceIn(folder, name, license) {
  const files = fs.readdirSync(folder).filter((file) => /^(licen[cs]e|copying|unlicense)/i.test(file));
  const wanted = ['mit', 'apache', 'bsd', 'zlib', 'unicode', ''];
  const ranked = wanted.flatMap((word) => files.filter((file) => file.toLowerCase().includes(word)));
  if (ranked.length === 0) throw new Error(`${name} brings no licence file: find out under which it may be shipped`);
  const valid = license.includes(' AND ') ? new Set(ranked) : [ranked[0]];
  return [...valid].map((file) => fs.readFileSync(path.join(folder, file), 'utf8').replaceAll('\r', '').trim()).join('\n\n');
}
