// What the tests of the command line share: it as a process of its own, as people start it.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

import { startSandbox } from 'wechat-realname/sandbox';
import { folder, installed } from './support.mjs';

/** What `bin` of the package's manifest names. */
export const binary = path.join(installed, 'dist/cli.cjs');

const { PATH, SystemRoot } = process.env;
/** Nothing of the machine that it runs on: English, and no colours asked for. */
const CLEAN = { PATH, ...(SystemRoot && { SystemRoot }), LANG: 'C.UTF-8' };

/** Runs it to its end: exit code, and what it said. */
export function cli(words, { input = '', env = {}, cwd, program = [process.execPath, binary] } = {}) {
  const [file, ...before] = program;
  const { status, signal, stdout, stderr, error } = spawnSync(file, [...before, ...words], {
    cwd,
    input,
    // What hangs is told by its test.
    timeout: 60_000,
    env: { ...CLEAN, ...env },
    encoding: 'utf8',
  });
  if (error) throw error;
  return { status: status ?? signal, stdout, stderr };
}

/** What it prints with `--json`, which must be one document and all of it. */
export function json(words, options) {
  const { status, stdout, stderr } = cli([...words, '--json'], options);
  return { status, stderr, ...{ value: JSON.parse(stdout) } };
}

/** A folder with the files of the sandbox's merchant, by the names that WeChat Pay gives them. */
export async function merchantFolder(t) {
  const sandbox = await startSandbox();
  t.after(() => sandbox.close());
  const made = folder(t);
  const { mchId, privateKey, certificate } = sandbox.merchant;
  fs.writeFileSync(path.join(made, 'apiclient_key.pem'), privateKey);
  fs.writeFileSync(path.join(made, 'apiclient_cert.pem'), certificate);
  return { sandbox, made, mchId };
}

/** Why a test that needs these programs cannot run here; `false` where it can. */
export function lacking(...programs) {
  for (const program of programs) {
    try {
      // Each of them says its version so.
      execFileSync(program, [program === 'openssl' ? 'version' : '--version'], { stdio: 'ignore' });
    } catch {
      return `no ${program}`;
    }
  }
  return false;
}
