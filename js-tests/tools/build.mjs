// From the adapter's TypeScript and the two modules to the files of pkg/dist. Called by `cargo xtask build`, which has
// written pkg-template/src/generated before.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import zlib from 'node:zlib';

import { build } from 'esbuild';

import { thirdParty } from './third_party.mjs';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('../../', import.meta.url));
const template = path.join(root, 'pkg-template');
const source = path.join(template, 'src');
const types = path.join(root, 'target/package/types');
const pkg = path.join(root, 'pkg');
const dist = path.join(pkg, 'dist');
const miniprogram = path.join(pkg, 'miniprogram_dist');
const libraries = path.join(root, 'js-tests/tools/node_modules');

fs.rmSync(pkg, { recursive: true, force: true });
fs.rmSync(types, { recursive: true, force: true });
fs.mkdirSync(dist, { recursive: true });
fs.mkdirSync(miniprogram);

const generated = (name) => path.join(source, 'generated', name);
const compressed = (name, ending, compress) =>
  fs.writeFileSync(generated(`${name}.${ending}`), compress(fs.readFileSync(generated(`${name}.wasm`))));
compressed('core', 'brotli', zlib.brotliCompressSync);
compressed('extras', 'brotli', zlib.brotliCompressSync);
compressed('core', 'deflate', (bytes) => zlib.deflateRawSync(bytes, { level: 9 }));

// Types first: what does not type-check is not worth bundling.
const tsc = require.resolve('typescript/bin/tsc');
for (const project of ['tsconfig.json', 'tsconfig.miniprogram.json']) {
  execFileSync(process.execPath, [tsc, '--project', path.join(template, project)], { stdio: 'inherit' });
}

const host = (name) => ({
  name: 'host',
  setup: ({ onResolve }) => onResolve({ filter: /^#host$/ }, () => ({ path: path.join(source, name) })),
});
// What is a file of its own in the package, in Node: one class of errors, whoever throws; the second module, once, on demand;
// and the texts of the catalogue, for those who ask.
const published = external(/^\.\/(error|extras|generated\/return_codes)$/, (name) => `./${path.basename(name)}.cjs`);
// Elsewhere: one class of errors too, and what works without the core, so that bundlers can leave the core out.
const ownFiles = external(/^\.\/(credit_code|error|id_card)$/, (name) => `${name}.mjs`);
const ownErrors = external(/^\.\/error$/, (name) => `${name}.mjs`);
const common = {
  bundle: true,
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: true,
  sourcesContent: false,
  legalComments: 'none',
  nodePaths: [libraries],
  loader: { '.deflate': 'base64', '.brotli': 'base64' },
  logLevel: 'warning',
};
const inject = [path.join(source, 'text_coding.ts')];
const node = { ...common, platform: 'node', format: 'cjs', target: 'node16.13', inject };
await build({
  ...node,
  entryPoints: [path.join(source, 'index_node.ts')],
  outfile: path.join(dist, 'index.cjs'),
  plugins: [host('host_node.ts'), published],
});
for (const name of ['error', 'extras', 'sandbox']) {
  await build({
    ...node,
    entryPoints: [path.join(source, `${name}.ts`)],
    outfile: path.join(dist, `${name}.cjs`),
    plugins: [published],
  });
}
// Chinese as it is: escaped, it is twice as long.
const texts = { charset: 'utf8' };
await build({
  ...node,
  ...texts,
  sourcemap: false,
  entryPoints: [generated('return_codes.ts')],
  outfile: path.join(dist, 'return_codes.cjs'),
});
// The command line: commander inside, the package's own files beside it. It never shows a stack, so it needs no map.
await build({
  ...node,
  sourcemap: false,
  ...texts,
  entryPoints: [path.join(source, 'cli.ts')],
  outfile: path.join(dist, 'cli.cjs'),
  plugins: [
    published,
    external(/^\.\.\/(index_node|error|extras|sandbox)$/, (name) => `./${name.slice(3).replace('index_node', 'index')}.cjs`),
  ],
});
fs.chmodSync(path.join(dist, 'cli.cjs'), 0o755);
const web = { ...common, platform: 'browser', format: 'esm', target: 'es2020' };
for (const name of ['credit_code', 'error', 'explain', 'id_card']) {
  await build({
    ...web,
    ...texts,
    entryPoints: [path.join(source, `${name}.ts`)],
    outfile: path.join(dist, `${name}.mjs`),
    plugins: [ownErrors],
  });
}
await build({
  ...web,
  entryPoints: [path.join(source, 'index_browser.ts')],
  outfile: path.join(dist, 'browser_main.mjs'),
  plugins: [host('host_browser.ts'), ownFiles],
});
const EXPLAIN = "export { explain, returnCodes } from './explain.mjs';\n";
// Bundlers leave out a file of which nothing is used; of a file in use most of them keep all that is large here.
fs.writeFileSync(
  path.join(dist, 'browser.mjs'),
  [
    EXPLAIN,
    "export { checkCreditCode } from './credit_code.mjs';\n",
    "export { checkIdCard } from './id_card.mjs';\n",
    "export { RealNameError } from './error.mjs';\n",
    "export * from './browser_main.mjs';\n",
  ].join(''),
);
// The playground's page, as it is; `wechat-realname playground` serves it. Its README is for readers of the repository.
fs.cpSync(path.join(root, 'examples/playground'), path.join(dist, 'playground'), {
  recursive: true,
  filter: (from) => !from.endsWith('.md'),
});
await build({
  ...web,
  target: 'es2022',
  entryPoints: [path.join(source, 'index_edge.ts')],
  outfile: path.join(dist, 'edge.mjs'),
  plugins: [host('host_edge.ts'), ownErrors],
});
// WeChat's npm build copies this folder as it is, and `require('wechat-realname')` finds its index.js there. The platform is
// Node's for the list of names that `import` in Node needs.
await build({
  ...common,
  platform: 'node',
  format: 'cjs',
  target: 'es2015',
  sourcemap: false,
  charset: 'utf8',
  entryPoints: [path.join(source, 'miniprogram.ts')],
  outfile: path.join(miniprogram, 'miniprogram.js'),
});
fs.writeFileSync(path.join(miniprogram, 'index.js'), "module.exports = require('./miniprogram.js');\n");
fs.writeFileSync(path.join(miniprogram, 'index.d.ts'), "export * from './miniprogram';\n");
copyReachable(['miniprogram'], miniprogram);

// In Node, import and require must meet in one instance: the ESM file hands on what the CommonJS file has.
for (const [name, entry] of [['index', 'index_node'], ['sandbox', 'sandbox']]) {
  fs.writeFileSync(path.join(dist, `${name}.mjs`), `import cjs from './${name}.cjs';\n${exportsOf(name)} cjs;\n`);
  for (const ending of ['cts', 'mts']) {
    fs.writeFileSync(path.join(dist, `${name}.d.${ending}`), `export * from './types/${entry}.js';\n`);
  }
}
copyReachable(['index_node', 'sandbox'], path.join(dist, 'types'));

// Edge runtimes get the module compiled, each by its own name for it.
fs.copyFileSync(generated('core.wasm'), path.join(dist, 'core.wasm'));
fs.writeFileSync(
  path.join(dist, 'core.wasm.d.ts'),
  '/** The core, as the importing runtime hands it over: a `WebAssembly.Module` in edge runtimes. */\ndeclare const core: object;\nexport default core;\n',
);
for (const [name, module] of [['workerd', './core.wasm'], ['edge-light', './core.wasm?module']]) {
  const inExplain = ['explain', 'returnCodes'];
  const imports = `import core from '${module}';\nimport { withCore } from './edge.mjs';\n`;
  fs.writeFileSync(path.join(dist, `${name}.mjs`), `${imports}${EXPLAIN}${exportsOf('index', inExplain)} withCore(core);\n`);
}

// The maps lead to the sources, which come with the package; not to generated glue and to what is bundled of others.
for (const name of fs.readdirSync(dist).filter((name) => name.endsWith('.map'))) {
  const map = JSON.parse(fs.readFileSync(path.join(dist, name), 'utf8'));
  // Some tools read what has no content here, and want a name for everything.
  map.sourcesContent = map.sources.map((from) => (ownSource(from) ? null : '// generated, or of another package'));
  map.sources = map.sources.map((from) => {
    const inside = ownSource(from);
    if (!inside) return path.basename(from);
    const to = path.join(pkg, 'src', inside);
    fs.mkdirSync(path.dirname(to), { recursive: true });
    fs.copyFileSync(path.join(source, inside), to);
    return path.relative(dist, to).split(path.sep).join('/');
  });
  fs.writeFileSync(path.join(dist, name), JSON.stringify(map));
}

const manifest = JSON.parse(fs.readFileSync(path.join(template, 'package.json'), 'utf8'));
manifest.version = process.env.PACKAGE_VERSION;
fs.writeFileSync(path.join(pkg, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
for (const file of ['README.md', 'README.zh-CN.md', 'CHANGELOG.md', 'SECURITY.md', 'LICENSE']) {
  fs.copyFileSync(path.join(root, file), path.join(pkg, file));
}
const bundled = ['commander', 'fflate'].map((name) => path.join(libraries, name));
fs.writeFileSync(path.join(pkg, 'THIRD-PARTY.md'), thirdParty(root, bundled));

/** The path below the sources, where a source of a map is one that comes with the package. */
function ownSource(from) {
  const inside = path.relative(source, path.join(dist, from));
  const isNone = inside.startsWith('..') || inside.endsWith('.js') || inside === path.join('generated', 'return_codes.ts');
  return isNone ? undefined : inside;
}

/** The beginning of a statement that exports what the CommonJS file of this name exports, `but` for some. */
function exportsOf(name, but = []) {
  const names = Object.keys(require(path.join(dist, `${name}.cjs`)));
  return `export const { ${names.filter((name) => !but.includes(name)).join(', ')} } =`;
}

/** Leaves an import as it is, under the name that it has in the package. */
function external(filter, named) {
  return {
    name: 'external',
    setup: ({ onResolve }) => onResolve({ filter }, ({ path }) => ({ path: named(path), external: true })),
  };
}

/** The declarations that a user can reach; tsc also writes those of the package's inside. */
function copyReachable(entries, folder) {
  const pending = [...entries];
  const done = new Set();
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (done.has(name)) continue;
    done.add(name);
    const from = fs.existsSync(path.join(types, `${name}.d.ts`)) ? types : source;
    const text = fs.readFileSync(path.join(from, `${name}.d.ts`), 'utf8');
    const to = path.join(folder, `${name}.d.ts`);
    fs.mkdirSync(path.dirname(to), { recursive: true });
    fs.writeFileSync(to, text);
    for (const [, specifier] of text.matchAll(/(?:from|import)\(?\s*'(\.[^']*)'/g)) {
      pending.push(path.posix.join(path.posix.dirname(name), specifier));
    }
  }
}
