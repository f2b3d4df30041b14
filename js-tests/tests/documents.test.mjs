// What README, the guides and the other documents say: the same in both languages, with links that lead somewhere.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { transform } from 'esbuild';
import { pages } from '../../benches/page.mjs';
import { anchorsOf, codeBlocks, documents, headingsOf, linksOf, programs, union } from './documents.mjs';
import { root } from './support.mjs';

const NAMES = fs.readdirSync(path.join(root, 'docs/en')).sort();
/** Made with the site: no files of the checkout. */
const REFERENCES = ['docs/api', 'docs/rust'];

const withoutComments = async ({ language, code }) =>
  language === 'js' ? (await transform(code, { minifyWhitespace: true, legalComments: 'none' })).code : code;

test('both languages have the same guides, with the same headings and the same code', async () => {
  assert.deepEqual(fs.readdirSync(path.join(root, 'docs/zh')).sort(), NAMES);
  assert.ok(NAMES.length > 8);
  for (const name of NAMES) {
    const [en, zh] = ['en', 'zh'].map((language) => `docs/${language}/${name}`);
    assert.deepEqual(headingsOf(zh).map(({ level }) => level), headingsOf(en).map(({ level }) => level), name);
    const [ours, theirs] = await Promise.all([en, zh].map((file) => Promise.all(codeBlocks(file).map(withoutComments))));
    assert.deepEqual(theirs, ours, name);
    assert.deepEqual(Object.keys(programs(zh)), Object.keys(programs(en)), name);
  }
});

test('every link leads to a file, and to a heading of it', () => {
  let followed = 0;
  for (const file of documents()) {
    for (const link of linksOf(file)) {
      const [to, anchor] = link.split('#', 2);
      const target = path.posix.join(path.posix.dirname(file), decodeURI(to) || path.posix.basename(file)).replace(/\/$/, '');
      if (REFERENCES.includes(target)) continue;
      assert.ok(fs.existsSync(path.join(root, target)), `${file}: ${link}`);
      if (anchor !== undefined) assert.ok(anchorsOf(target).includes(decodeURI(anchor)), `${file}: ${link}`);
      followed += 1;
    }
  }
  assert.ok(followed > 100);
});

test('the pages of speed and their plots are what the saved run measured', () => {
  const written = pages();
  assert.deepEqual(Object.keys(written).sort(), ['../README.md', '../README.zh-CN.md', 'en/speed.md', 'speed.svg', 'speed.zh.svg', 'zh/speed.md']);
  for (const [name, text] of Object.entries(written)) {
    const kept = fs.readFileSync(path.join(root, 'docs', name), 'utf8').replaceAll('\r\n', '\n');
    assert.ok(kept === text, `docs/${name} is not what docs/speed.json says: \`cargo xtask docs\` writes it`);
  }
});

test('every code, action and state is explained', () => {
  for (const language of ['en', 'zh']) {
    const listed = (name) => {
      const text = fs.readFileSync(path.join(root, `docs/${language}/${name}`), 'utf8');
      return [...text.matchAll(/^\| `(\w+)` \|/gm)].map(([, word]) => word);
    };
    const errors = listed('errors.md');
    for (const word of [...union('ErrorCode'), ...union('Action')]) assert.ok(errors.includes(word), `${language}: ${word}`);
    const states = listed('trial-verification.md');
    assert.deepEqual([...states].sort(), union('BetaVerificationState').sort(), language);
    const verdicts = listed('check-a-real-name.md');
    assert.deepEqual([...verdicts].sort(), union('Verdict').sort(), language);
    const faces = listed('verify-a-face.md');
    assert.deepEqual([...faces].sort(), union('FaceVerdict').sort(), language);
  }
});
