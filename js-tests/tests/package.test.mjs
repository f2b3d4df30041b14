// The tarball as its users meet it: empty projects, TypeScript, linters.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import test from 'node:test';
import vm from 'node:vm';

import { build } from 'esbuild';
import * as esm from 'wechat-realname';
import { fixtures, installed, project, root, row } from './support.mjs';

const require = createRequire(import.meta.url);
const run = (cwd, ...words) => execFileSync(process.execPath, words, { cwd, encoding: 'utf8' });

test('an empty project with the tarball: require, import, and both in one instance', (t) => {
  const made = project(t);
  for (const [name, said] of Object.entries({
    'roundtrip.cjs': 'round trip done\n',
    'roundtrip.mjs': 'round trip done\n',
    'instance.mjs': 'one instance\n',
  })) {
    fs.copyFileSync(path.join(fixtures, name), path.join(made, name));
    assert.equal(run(made, name), said);
  }
  const packages = fs.readdirSync(path.join(made, 'node_modules')).filter((name) => !name.startsWith('.'));
  assert.deepEqual(packages, ['wechat-realname']);
});

test('a browser bundle has no client, no sandbox and nothing of Node’s', async (t) => {
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: "import { operations } from 'wechat-realname'; globalThis.used = operations;",
      resolveDir: path.dirname(path.dirname(installed)),
    },
    bundle: true,
    platform: 'browser',
    format: 'esm',
    write: false,
    metafile: true,
  });
  const inputs = Object.keys(metafile.inputs).map((input) => path.basename(input));
  const own = ['browser.mjs', 'browser_main.mjs', 'credit_code.mjs', 'error.mjs', 'explain.mjs', 'id_card.mjs'];
  assert.deepEqual(inputs.sort(), ['<stdin>', ...own]);
  const text = outputFiles[0].text;
  const server = fs.readFileSync(path.join(installed, 'dist/index.cjs'), 'utf8');
  for (const word of ['node:', 'require(', 'setTimeout', 'replayInMemory', './extras']) {
    assert.ok(server.includes(word) && !text.includes(word), word);
  }
});

/** What a browser bundle gets that uses these names alone: its size, and the files of the package that are in it. */
async function bundled(names) {
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: `import { ${names} } from 'wechat-realname'; globalThis.used = [${names}];`,
      resolveDir: path.dirname(path.dirname(installed)),
    },
    bundle: true,
    minify: true,
    platform: 'browser',
    format: 'esm',
    write: false,
    metafile: true,
  });
  const [{ inputs }] = Object.values(metafile.outputs);
  const files = Object.keys(inputs).filter((name) => inputs[name].bytesInOutput > 0 && name !== '<stdin>');
  return { size: outputFiles[0].contents.length, files: files.map((name) => path.basename(name)).sort() };
}

test('a browser bundle gets what it uses, and the core with what needs it', async () => {
  for (const [names, most, files] of [
    ['checkIdCard', 4_000, ['id_card.mjs']],
    ['checkCreditCode', 2_000, ['credit_code.mjs']],
    ['RealNameError', 1_000, ['error.mjs']],
    ['explain', 110_000, ['error.mjs', 'explain.mjs']],
    ['openMerchant', 620_000, ['browser_main.mjs', 'error.mjs']],
    ['checkIdCard, RealNameError', 5_000, ['error.mjs', 'id_card.mjs']],
  ]) {
    const got = await bundled(names);
    assert.deepEqual(got.files, files, names);
    assert.ok(got.size < most, `${names}: ${got.size} bytes`);
  }
});

test('require loads the library, and neither the texts, nor the second module, nor the command line', (t) => {
  const made = project(t);
  const loaded = "require('wechat-realname'); console.log(Object.keys(require.cache).map((file) => require('path').basename(file)).sort().join())";
  assert.equal(run(made, '--eval', loaded), 'error.cjs,index.cjs\n');
});

test('the command works through its link, as npm makes it', (t) => {
  const made = project(t);
  const link = path.join(made, 'node_modules/.bin/wechat-realname');
  const { version } = require('wechat-realname/package.json');
  assert.equal(execFileSync(process.platform === 'win32' ? `${link}.cmd` : link, ['--version'], { encoding: 'utf8', cwd: made, shell: process.platform === 'win32' }), `${version}\n`);
  // npm's shims for Windows read the first line; a carriage return in it breaks the rest of the world.
  assert.equal(fs.readFileSync(path.join(installed, 'dist/cli.cjs'), 'utf8').split('\n')[0], '#!/usr/bin/env node');
});

for (const [module, resolution] of [
  ['node16', 'node16'],
  ['nodenext', 'nodenext'],
  ['esnext', 'bundler'],
  ['commonjs', 'node10'],
]) {
  test(`TypeScript with moduleResolution ${resolution} reads the declarations strictly, with nothing skipped`, (t) => {
    row(t, 'TypeScript 5.9', `moduleResolution ${resolution}`);
    const made = project(t);
    fs.copyFileSync(path.join(fixtures, 'types.ts'), path.join(made, 'use.ts'));
    fs.copyFileSync(path.join(fixtures, 'types.ts'), path.join(made, 'use.mts'));
    fs.copyFileSync(path.join(fixtures, 'types-dom.ts'), path.join(made, 'dom.ts'));
    const files = resolution === 'node10' ? ['use.ts'] : ['use.ts', 'use.mts'];
    const compile = (lib, ...files) =>
      run(
        made,
        require.resolve('typescript/bin/tsc'),
        ...['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--skipLibCheck', 'false', '--typeRoots', 'none'],
        ...['--target', 'es2020', '--lib', lib, '--module', module, '--moduleResolution', resolution],
        ...files,
      );
    compile('es2020', ...files);
    compile('es2020,dom', 'dom.ts');
    // Whose library has the names behind `using` itself.
    compile('esnext', ...files);
  });
}

test('publint and attw have nothing to say', () => {
  const bin = (name) => path.join(root, 'js-tests/tests/node_modules', name);
  run(root, bin('publint/src/cli.js'), '--strict', 'pkg');
  run(root, bin('@arethetypeswrong/cli/dist/index.js'), process.env.TARBALL);
});

test('the licences of all that is compiled in are there', () => {
  const notice = fs.readFileSync(path.join(installed, 'THIRD-PARTY.md'), 'utf8');
  const headings = notice.split('\n').filter((line) => line.startsWith('## ')).join('\n');
  const modules = ['core', 'extras'].map((name) => fs.readFileSync(path.join(root, `pkg-template/src/generated/${name}.wasm`)));
  // Panic messages name the crates that they are of.
  const crates = new Set(modules.flatMap((bytes) => bytes.toString('latin1').match(/(?<=crates\/[^/]+\/)[\w.+-]+-\d[\w.+-]*(?=\/)/g)));
  assert.ok(crates.size > 20);
  for (const crate of crates) assert.ok(headings.includes(` ${crate.replace(/-(?=\d+\.\d+\.\d)/, ' ')} (`), crate);
  const ofRust = modules.flatMap((bytes) => bytes.toString('latin1').match(/(?<=rust\/deps\/)[a-z_]+(?=-\d)/g));
  assert.ok(ofRust.length > 0);
  for (const other of ['commander', 'fflate', 'Rust’s standard library', ...ofRust]) assert.ok(headings.includes(other), other);
  // No folder of the machine that built them.
  for (const bytes of modules) assert.ok(!bytes.includes(root) && !bytes.includes('.cargo/registry'));
});

test('an environment that plays a browser and lacks what every browser has', (t) => {
  const made = project(t);
  const script = "delete globalThis.TextDecoder; delete globalThis.TextEncoder; require('wechat-realname').createClient({ accessToken: 'a' })";
  assert.equal(run(made, '--eval', script), '');
});

test('a module that was compiled in another realm, as some edge runtimes do, and what is none', async () => {
  const { withCore } = await import(path.join(installed, 'dist/edge.mjs'));
  const bytes = fs.readFileSync(path.join(installed, 'dist/core.wasm'));
  const start = (core) => withCore(core).betaVerification(91021).state;
  assert.throws(() => start('/assets/core.wasm'), { code: 'CONFIGURATION', message: /core\.wasm must give .* and gave \[object String\]$/ });
  const module = vm.runInNewContext('new WebAssembly.Module(bytes)', { bytes });
  assert.ok(!(module instanceof WebAssembly.Module));
  assert.equal(start(module), 'not_a_trial');
});

test('the exports are these', () => {
  const cjs = require('wechat-realname');
  const names = [
    'RealNameError',
    'betaVerification',
    'checkCreditCode',
    'checkIdCard',
    'createClient',
    'createPlatform',
    'createPushHandler',
    'explain',
    'openMerchant',
    'openPushChannel',
    'operations',
    'replayIn',
    'returnCodes',
    'version',
  ];
  assert.deepEqual(Object.keys(cjs).sort(), names);
  assert.deepEqual(Object.keys(esm).sort(), names);
  assert.equal(cjs.version, require('wechat-realname/package.json').version);
  assert.deepEqual(Object.keys(require('wechat-realname/sandbox')), ['startSandbox']);
  assert.throws(() => require('wechat-realname/dist/index.cjs'), { code: 'ERR_PACKAGE_PATH_NOT_EXPORTED' });
  assert.equal(cjs.RealNameError.prototype.name, 'RealNameError');
});

test('names are camelCase on this side, WeChat’s on the other', () => {
  const declared = fs.readFileSync(path.join(installed, 'dist/types/generated/core_types.d.ts'), 'utf8');
  for (const [, name] of declared.matchAll(/^\s*(\w+)\??:/gm)) assert.doesNotMatch(name, /_/);
  assert.match(declared, /verifyOpenid: /);
});

test('the tarball holds these files and nothing else', () => {
  const files = (folder) =>
    fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const inside = path.join(folder, entry.name);
      return entry.isDirectory() ? files(inside) : [path.relative(installed, inside).split(path.sep).join('/')];
    });
  assert.deepEqual(files(installed).sort(), [
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'README.zh-CN.md',
    'SECURITY.md',
    'THIRD-PARTY.md',
    'dist/browser.mjs',
    'dist/browser_main.mjs',
    'dist/browser_main.mjs.map',
    'dist/cli.cjs',
    'dist/core.wasm',
    'dist/core.wasm.d.ts',
    'dist/credit_code.mjs',
    'dist/credit_code.mjs.map',
    'dist/edge-light.mjs',
    'dist/edge.mjs',
    'dist/edge.mjs.map',
    'dist/error.cjs',
    'dist/error.cjs.map',
    'dist/error.mjs',
    'dist/error.mjs.map',
    'dist/explain.mjs',
    'dist/explain.mjs.map',
    'dist/extras.cjs',
    'dist/extras.cjs.map',
    'dist/id_card.mjs',
    'dist/id_card.mjs.map',
    'dist/index.cjs',
    'dist/index.cjs.map',
    'dist/index.d.cts',
    'dist/index.d.mts',
    'dist/index.mjs',
    'dist/playground/dom.mjs',
    'dist/playground/errors.mjs',
    'dist/playground/file_field.mjs',
    'dist/playground/format.mjs',
    'dist/playground/generate.mjs',
    'dist/playground/icons.mjs',
    'dist/playground/index.html',
    'dist/playground/language.mjs',
    'dist/playground/main.mjs',
    'dist/playground/merchant_line.mjs',
    'dist/playground/panel_codes.mjs',
    'dist/playground/panel_face.mjs',
    'dist/playground/panel_medical.mjs',
    'dist/playground/panel_merchant.mjs',
    'dist/playground/panel_miniprogram.mjs',
    'dist/playground/panel_numbers.mjs',
    'dist/playground/panel_push.mjs',
    'dist/playground/panel_reply.mjs',
    'dist/playground/panel_sign.mjs',
    'dist/playground/panel_timeline.mjs',
    'dist/playground/pasted.mjs',
    'dist/playground/playground.css',
    'dist/playground/reasons_zh.mjs',
    'dist/playground/reveal.mjs',
    'dist/playground/samples.mjs',
    'dist/playground/shared.mjs',
    'dist/playground/start.js',
    'dist/playground/steps.mjs',
    'dist/playground/tabs.mjs',
    'dist/playground/texts_en.mjs',
    'dist/playground/texts_other_ways_en.mjs',
    'dist/playground/texts_other_ways_zh.mjs',
    'dist/playground/texts_zh.mjs',
    'dist/return_codes.cjs',
    'dist/sandbox.cjs',
    'dist/sandbox.cjs.map',
    'dist/sandbox.d.cts',
    'dist/sandbox.d.mts',
    'dist/sandbox.mjs',
    'dist/types/beta_verification.d.ts',
    'dist/types/client.d.ts',
    'dist/types/credit_code.d.ts',
    'dist/types/error.d.ts',
    'dist/types/exchange.d.ts',
    'dist/types/explain.d.ts',
    'dist/types/foreign.d.ts',
    'dist/types/generated/core_types.d.ts',
    'dist/types/generated/sandbox_types.d.ts',
    'dist/types/generated/version.d.ts',
    'dist/types/id_card.d.ts',
    'dist/types/index_common.d.ts',
    'dist/types/index_node.d.ts',
    'dist/types/index_server.d.ts',
    'dist/types/limit.d.ts',
    'dist/types/merchant.d.ts',
    'dist/types/operations.d.ts',
    'dist/types/platform.d.ts',
    'dist/types/push.d.ts',
    'dist/types/push_handler.d.ts',
    'dist/types/push_http.d.ts',
    'dist/types/sandbox.d.ts',
    'dist/types/sandbox_post.d.ts',
    'dist/types/sandbox_shape.d.ts',
    'dist/types/send.d.ts',
    'dist/types/store.d.ts',
    'dist/workerd.mjs',
    'miniprogram_dist/id_card.d.ts',
    'miniprogram_dist/index.d.ts',
    'miniprogram_dist/index.js',
    'miniprogram_dist/miniprogram.d.ts',
    'miniprogram_dist/miniprogram.js',
    'miniprogram_dist/miniprogram/ask.d.ts',
    'miniprogram_dist/miniprogram/button.d.ts',
    'miniprogram_dist/miniprogram/face.d.ts',
    'miniprogram_dist/miniprogram/medical.d.ts',
    'miniprogram_dist/miniprogram/refusal.d.ts',
    'miniprogram_dist/miniprogram/wx.d.ts',
    'package.json',
    'src/beta_verification.ts',
    'src/body.ts',
    'src/client.ts',
    'src/client_stub.ts',
    'src/clock.ts',
    'src/core.ts',
    'src/credit_code.ts',
    'src/crossing.ts',
    'src/error.ts',
    'src/exchange.ts',
    'src/explain.ts',
    'src/extras.ts',
    'src/foreign.ts',
    'src/generated/areas.ts',
    'src/generated/operation_list.ts',
    'src/generated/version.ts',
    'src/host_browser.ts',
    'src/host_edge.ts',
    'src/host_node.ts',
    'src/host_web.ts',
    'src/id_card.ts',
    'src/index_common.ts',
    'src/index_edge.ts',
    'src/index_node.ts',
    'src/index_server.ts',
    'src/instance.ts',
    'src/kept.ts',
    'src/limit.ts',
    'src/masked.ts',
    'src/merchant.ts',
    'src/mistake.ts',
    'src/operations.ts',
    'src/platform.ts',
    'src/push.ts',
    'src/push_handler.ts',
    'src/push_http.ts',
    'src/sandbox.ts',
    'src/sandbox_control.ts',
    'src/sandbox_post.ts',
    'src/sandbox_server.ts',
    'src/send.ts',
    'src/send_node.ts',
    'src/store.ts',
    'src/text_coding.ts',
    'src/tokens.ts',
    'src/under_way.ts',
  ]);
  const manifest = require('wechat-realname/package.json');
  for (const absent of ['dependencies', 'peerDependencies', 'optionalDependencies', 'scripts']) {
    assert.equal(manifest[absent], undefined);
  }
  // No folder of the machine that built it.
  for (const file of files(installed)) {
    const text = fs.readFileSync(path.join(installed, file), 'latin1');
    assert.ok(!text.includes(path.join(root, 'src')) && !text.includes('.cargo/registry'), file);
  }
});
