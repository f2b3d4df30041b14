// The licences of what is compiled or bundled into the package: they ask to go with every copy.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const WHAT_IT_IS = `# Third-party licences

What \`wechat-realname\` is built of, beside its own sources: Rust crates compiled into the two WebAssembly modules, and
the JavaScript libraries bundled into the adapter. None of it is installed separately. Where a work may be used under
several licences, it is used under the first of MIT, Apache-2.0, BSD, Zlib and Unicode that it offers.
`;

/** The notice, as Markdown. `libraries`: folders of npm packages that are bundled. */
export function thirdParty(root, libraries) {
  const works = [...crates(root), ...libraries.map(library)];
  const byText = new Map();
  for (const { name, text } of works) byText.set(text, [...(byText.get(text) ?? []), name]);
  const parts = [...byText].map(([text, names]) => `## ${names.join(', ')}\n\n\`\`\`text\n${text}\n\`\`\`\n`);
  return [WHAT_IT_IS, ...parts.sort()].join('\n');
}

/** The crates that the modules are made of, but for this one and those that only run while others are compiled. */
function crates(root) {
  const cargo = (...words) =>
    execFileSync(process.env.CARGO ?? 'cargo', words, { cwd: root, maxBuffer: 2 ** 28, encoding: 'utf8' });
  const { packages } = JSON.parse(cargo('metadata', '--format-version=1', '--filter-platform=wasm32-unknown-unknown'));
  const tree = cargo(
    ...['tree', '--package=wechat-realname', '--features=javascript,javascript-extras', '--edges=normal,no-proc-macro'],
    ...['--target=wasm32-unknown-unknown', '--prefix=none', '--no-dedupe', '--format={p}'],
  );
  const linked = new Set(tree.split('\n'));
  return packages
    .filter(({ name, version }) => name !== 'wechat-realname' && linked.has(`${name} v${version}`))
    .map(({ name, version, license, manifest_path: manifest }) => {
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
