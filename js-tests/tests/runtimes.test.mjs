// The Nodes that CloudBase offers, each with the whole round trip from the tarball: installed, imported and bundled.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { ALL_OPENED, bundle, fixtures, keyFiles, project, root } from './support.mjs';

const runtimes = path.join(root, 'js-tests/runtimes');
const { dependencies } = JSON.parse(fs.readFileSync(path.join(runtimes, 'package.json'), 'utf8'));

for (const [name, specifier] of Object.entries(dependencies)) {
  test(`the round trip on ${name}`, async (t) => {
    const node = path.join(runtimes, 'node_modules', name, 'bin/node');
    assert.equal(execFileSync(node, ['--version'], { encoding: 'utf8' }).trim(), `v${specifier.split('@')[1]}`);
    const made = project(t);
    const said = (...words) => execFileSync(node, words, { cwd: made, encoding: 'utf8' });
    for (const file of ['roundtrip.cjs', 'roundtrip.mjs', 'instance.mjs', 'key_files.cjs']) {
      fs.copyFileSync(path.join(fixtures, file), path.join(made, file));
    }
    assert.equal(said('roundtrip.cjs'), 'round trip done\n');
    assert.equal(said('roundtrip.mjs'), 'round trip done\n');
    assert.equal(said('instance.mjs'), 'one instance\n');
    assert.equal(said('key_files.cjs', keyFiles), ALL_OPENED);
    assert.equal(said(await bundle('key_files.cjs', made), keyFiles), ALL_OPENED);
    for (const file of ['roundtrip.cjs', 'roundtrip.mjs']) {
      assert.equal(said(await bundle(file, made)), 'round trip done\n', `bundled ${file}`);
    }
  });
}
