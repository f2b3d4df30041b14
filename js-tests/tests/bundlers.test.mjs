// Bundles for Node, as people make them of their cloud functions; and how little is left of the package where little is used.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { bundlers } from './bundlers.mjs';
import { ALL_OPENED, fixtures, folder, keyFiles, row } from './support.mjs';

for (const [name, bundle] of Object.entries(bundlers)) {
  /** Makes one file of a fixture, in a folder with nothing else, and gives what it says. */
  const said = async (t, fixture, format, ...words) => {
    const made = folder(t);
    const outfile = path.join(made, format === 'cjs' ? 'bundle.cjs' : 'bundle.mjs');
    await bundle({ entry: path.join(fixtures, fixture), outfile, platform: 'node', format });
    assert.deepEqual(fs.readdirSync(made), [path.basename(outfile)]);
    // The package once, not as CommonJS and again as an ES module.
    assert.ok(fs.statSync(outfile).size < 1_200_000);
    return execFileSync(process.execPath, [outfile, ...words], { cwd: made, encoding: 'utf8' });
  };

  for (const [format, fixture, kind] of [['cjs', 'roundtrip.cjs', 'CommonJS'], ['esm', 'roundtrip.mjs', 'an ES module']]) {
    test(`${name} makes ${kind} for Node, with everything in it`, async (t) => {
      row(t, name, `Node, as ${kind}`);
      assert.equal(await said(t, fixture, format), 'round trip done\n');
      assert.equal(await said(t, 'key_files.cjs', format, keyFiles), ALL_OPENED);
    });
  }

  test(`${name} leaves out the core where nothing needs it`, async (t) => {
    row(t, name, 'checkIdCard alone, under 4 KB');
    const outfile = path.join(folder(t), 'bundle.mjs');
    await bundle({ entry: path.join(fixtures, 'id_card.mjs'), outfile, platform: 'browser', format: 'esm' });
    const text = fs.readFileSync(outfile, 'utf8');
    assert.ok(text.length < 4096, `${text.length} characters`);
    assert.doesNotMatch(text, /[A-Za-z0-9+/]{200}/);
    assert.equal(execFileSync(process.execPath, [outfile], { encoding: 'utf8' }), 'true\n');
  });
}
