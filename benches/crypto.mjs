// The crypto of `getRealNameInfo`: signing, decrypting, and the whole of one call (one signature, two decryptions, the name
// from GBK), with keys of three sizes.
import fs from 'node:fs';

import { openMerchant } from 'wechat-realname';
import { inTurn, sideBySide } from './measure.mjs';
import { PEERS } from './peers.mjs';

/** What openssl and iconv made. */
export const vectors = JSON.parse(fs.readFileSync(new URL('../tests/vectors/openssl.json', import.meta.url), 'utf8'));

/** Ours, by engine; `note` is who computes. */
export function engines() {
  const [{ pkcs8: privateKey, certificate }] = vectors;
  return ['auto', 'wasm'].map((engine) => {
    const merchant = openMerchant({ mchId: '1900006511', privateKey, certificate, engine });
    const note = merchant.engine;
    merchant.close();
    return { id: `ours-${engine}`, engine, note };
  });
}

const ours = (engine) => (vector) => {
  const { pkcs8: privateKey, certificate, timestamp } = vector;
  const merchant = openMerchant({ mchId: '1900006511', privateKey, certificate, engine });
  return {
    computedBy: () => merchant.engine,
    sign: () => merchant.sign(timestamp),
    open: ({ encryted_real_name: realName, encryted_credential_id: credentialId }) => merchant.open({ realName, credentialId }),
  };
};

/** What is wrong with a contestant's answers, or nothing. */
function fault({ sign, open }, { sign: expected, people }) {
  try {
    if (sign() !== expected) return 'wrong answer';
    const right = people.every((person) => {
      const { realName, credentialId } = open(person);
      return realName === person.name && credentialId === person.number;
    });
    return right ? undefined : 'wrong answer';
  } catch (error) {
    return /PADDING is no longer supported/i.test(error.message) ? 'refuses' : 'fails';
  }
}

/**
 * Rows `whole-2048`, `sign-2048` and `decrypt-2048`, or those of another size. Each size in a process of its own: what the
 * compiler makes of a peer's arithmetic depends on the numbers that it saw before.
 */
export function cryptoRows({ rounds, warmUpMs, bits }) {
  const vector = vectors.find((one) => one.bits === bits);
  const { people } = vector;
  const contestants = engines().map(({ id, engine, note }) => ({ id, note, make: ours(engine) }));
  contestants.push(...Object.entries(PEERS).map(([id, make]) => ({ id, make })));
  const right = [];
  const failed = [];
  for (const { id, note, make } of contestants) {
    try {
      const made = make(vector);
      const status = fault(made, vector);
      if (status) failed.push({ id, status });
      else right.push({ id, note, ...made });
    } catch {
      failed.push({ id, status: 'does not load' });
    }
  }
  if (failed.some(({ id }) => id.startsWith('ours'))) throw new Error(`the package’s own answers are wrong at ${bits} bits`);
  const kinds = {
    whole: ({ sign, open }, person) => {
      sign();
      return open(person);
    },
    sign: ({ sign }) => sign(),
    decrypt: ({ open }, person) => open(person),
  };
  const rows = [];
  for (const [kind, work] of Object.entries(kinds)) {
    const measured = sideBySide(
      right.map((one) => {
        const next = inTurn(people);
        return { id: one.id, note: one.note, work: () => work(one, next()) };
      }),
      { rounds, warmUpMs: kind === 'whole' ? warmUpMs : warmUpMs / 4 },
    );
    for (const { id, note, computedBy } of right) {
      // Where the machine fails once, the module takes over for good.
      if (computedBy && computedBy() !== note) throw new Error(`${id} did not stay with ${note}`);
    }
    rows.push({ id: `${kind}-${bits}`, section: 'crypto', contestants: [...measured, ...failed] });
  }
  return rows;
}
