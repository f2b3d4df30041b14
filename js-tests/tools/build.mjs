// From the adapter's TypeScript and the two modules to the files of pkg/dist. Called by `cargo xtask build`, which has
// written pkg-template/src/generated before.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import zlib from 'node:zlib';

import { build } from 'esbuild';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('../../', import.meta.url));
const template = path.join(root, 'pkg-template');
const source = path.join(template, 'src');
const types = path.join(root, 'target/package/types');
const pkg = path.join(root, 'pkg');
const dist = path.join(pkg, 'dist');

fs.rmSync(pkg, { recursive: true, force: true });
fs.rmSync(types, { recursive: true, force: true });
fs.mkdirSync(dist, { recursive: true });

const generated = (name) => path.join(source, 'generated', name);
for (const name of ['core', 'extras']) {
  fs.writeFileSync(generated(`${name}.brotli`), zlib.brotliCompressSync(fs.readFileSync(generated(`${name}.wasm`))));
}

// Types first: what does not type-check is not worth bundling.
const tsc = require.resolve('typescript/bin/tsc');
execFileSync(process.execPath, [tsc, '--project', template], { stdio: 'inherit' });

const host = (name) => ({
  name: 'host',
  setup: ({ onResolve }) => onResolve({ filter: /^#host$/ }, () => ({ path: path.join(source, name) })),
});
// What is a file of its own in the package: one class of errors, whoever throws; the second module, once, on demand.
const published = {
  name: 'published',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\.\/(error|extras)$/ }, ({ path }) => ({ path: `${path}.cjs`, external: true })),
};
const common = {
  bundle: true,
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: true,
  sourcesContent: false,
  legalComments: 'none',
  loader: { '.wasm': 'base64', '.brotli': 'base64' },
  logLevel: 'warning',
};
const node = { ...common, platform: 'node', format: 'cjs', target: 'node16.13' };
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
await build({
  ...common,
  platform: 'browser',
  format: 'esm',
  target: 'es2020',
  entryPoints: [path.join(source, 'index_browser.ts')],
  outfile: path.join(dist, 'browser.mjs'),
  plugins: [host('host_browser.ts')],
});

// In Node, import and require must meet in one instance: the ESM file hands on what the CommonJS file has.
for (const [name, entry] of [['index', 'index_node'], ['sandbox', 'sandbox']]) {
  const names = Object.keys(require(path.join(dist, `${name}.cjs`)));
  const text = `import cjs from './${name}.cjs';\nexport const { ${names.join(', ')} } = cjs;\n`;
  fs.writeFileSync(path.join(dist, `${name}.mjs`), text);
  for (const ending of ['cts', 'mts']) {
    fs.writeFileSync(path.join(dist, `${name}.d.${ending}`), `export * from './types/${entry}.js';\n`);
  }
}
copyReachable(['index_node', 'sandbox']);

const manifest = JSON.parse(fs.readFileSync(path.join(template, 'package.json'), 'utf8'));
manifest.version = process.env.PACKAGE_VERSION;
fs.writeFileSync(path.join(pkg, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
for (const file of ['README.md', 'README.zh-CN.md', 'CHANGELOG.md', 'SECURITY.md', 'LICENSE']) {
  fs.copyFileSync(path.join(root, file), path.join(pkg, file));
}

/** The declarations that a user can reach; tsc also writes those of the package's inside. */
function copyReachable(entries) {
  const pending = [...entries];
  const done = new Set();
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (done.has(name)) continue;
    done.add(name);
    const from = fs.existsSync(path.join(types, `${name}.d.ts`)) ? types : source;
    const text = fs.readFileSync(path.join(from, `${name}.d.ts`), 'utf8');
    const to = path.join(dist, 'types', `${name}.d.ts`);
    fs.mkdirSync(path.dirname(to), { recursive: true });
    fs.writeFileSync(to, text);
    for (const [, specifier] of text.matchAll(/(?:from|import)\(?\s*'(\.[^']*)'/g)) {
      pending.push(path.posix.join(path.posix.dirname(name), specifier));
    }
  }
}
