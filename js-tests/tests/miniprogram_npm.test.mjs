// WeChat's own npm build (工具 › 构建 npm of its DevTools, here without them) makes of the installed tarball what a mini program
// runs. Needs js-tests/runtimes.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import test from 'node:test';

import { scenarios } from './fixtures/phone_scenarios.mjs';
import { installed, project, root, row } from './support.mjs';

const ci = createRequire(path.join(root, 'js-tests/runtimes/'))('miniprogram-ci');

const contents = (folder) =>
  fs
    .readdirSync(folder, { recursive: true })
    .filter((name) => fs.statSync(path.join(folder, name)).isFile())
    .map((name) => [name, fs.readFileSync(path.join(folder, name), 'base64')])
    .sort();

test('the packed package', async (t) => {
  const tried = (t) => row(t, 'mini program', 'as WeChat’s npm build packs it');
  const made = project(t);
  const { miniProgramPackNum, otherNpmPackNum, warnList } = await ci.packNpmManually({
    packageJsonPath: path.join(made, 'package.json'),
    miniprogramNpmDistDir: made,
  });
  const packed = path.join(made, 'miniprogram_npm/wechat-realname');

  await t.test('is the folder of the package and nothing else, byte for byte', (t) => {
    tried(t);
    assert.deepEqual([miniProgramPackNum, otherNpmPackNum, warnList], [1, 0, []]);
    assert.deepEqual(fs.readdirSync(path.dirname(packed)), ['wechat-realname']);
    assert.deepEqual(contents(packed), contents(path.join(installed, 'miniprogram_dist')));
  });
  for (const [name, play] of Object.entries(scenarios)) {
    await t.test(name, (t) => {
      tried(t);
      return play(packed);
    });
  }
});
