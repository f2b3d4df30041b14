// The goals, each held against what was measured.
import { IN_JAVASCRIPT } from './peers.mjs';

const KB = 1000;

/** Gives `{ id, limit, better: 'less' | 'more', measured, met }`; what could not be measured is `undefined` in both. */
export function goalsOf(rows) {
  const row = (id) => rows.find((one) => one.id === id);
  const of = (id, contestant) => row(id)?.contestants.find((one) => one.id === contestant && !one.status);
  const fastest = (id, names) => {
    const right = names.map((name) => of(id, name)).filter(Boolean);
    return right.sort((one, other) => one.ratio.median - other.ratio.median)[0];
  };
  /** How many times as long `one` takes as `other`, in the same rounds. */
  const times = (one, other, pick = (contestant) => contestant.ratio) => one && other && pick(one).median / pick(other).median;

  const auto = of('whole-2048', 'ours-auto');
  const wasm = of('whole-2048', 'ours-wasm');
  const inJavaScript = fastest('whole-2048', IN_JAVASCRIPT);
  const noBigInt = fastest('whole-2048', IN_JAVASCRIPT.filter((name) => name !== 'node-rsa-bigint'));
  const cold = row('cold-start')?.contestants.find(({ id }) => id === 'ours-auto-cjs');
  const over = ({ over: { ratio } }) => ratio;
  // Fewer calls, as `--quick` makes them, say nothing.
  const growth = row('growth');
  const grown = growth?.calls >= 100_000 && growth.contestants.map(({ samples: [, first, last] }) => last.pages - first.pages);
  const peers = row('push')?.contestants.map(({ id }) => id).filter((id) => id !== 'ours');
  const peer = fastest('push', peers ?? []);
  const goals = [
    ['crypto-openssl', 'less', 2.5, times(auto, of('whole-2048', 'node:crypto'))],
    ['crypto-forge', 'more', 25, times(of('whole-2048', 'node-forge'), auto)],
    ['crypto-rsa', 'more', 25, times(of('whole-2048', 'node-rsa-js'), auto)],
    ['wasm-javascript', 'more', 4, times(inJavaScript, wasm), inJavaScript?.id],
    ['wasm-no-bigint', 'more', 4, times(noBigInt, wasm), noBigInt?.id],
    ['cold-forge', 'less', 1 / 4, times(cold, of('cold-start', 'node-forge'), over)],
    ['cold-sdk', 'less', 1 / 20, times(cold, of('cold-start', 'wx-server-sdk'), over)],
    ['push', 'more', 3, times(peer, of('push', 'ours')), peer?.id],
    ['pages', 'less', 0, grown ? Math.max(...grown) : undefined],
    ['loaded', 'less', 450 * KB, of('loaded', 'ours')?.median],
    ['packed', 'less', 1500 * KB, of('tarball', 'packed')?.median],
  ];
  return goals.map(([id, better, limit, measured, against]) => ({
    id,
    better,
    limit,
    ...(against && { against }),
    ...(measured !== undefined && { measured, met: better === 'less' ? measured <= limit : measured >= limit }),
  }));
}
