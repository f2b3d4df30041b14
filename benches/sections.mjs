// What a run consists of. Each section has a process of its own, started by run.mjs, which this file then is: nothing that one
// section has compiled, allocated or loaded is there in the next.
import { cryptoRows } from './crypto.mjs';
import { coldStartRows } from './cold_start.mjs';
import { dataRows } from './data.mjs';
import { memoryRows, sizeRows } from './memory.mjs';
import { pushRows } from './pushes.mjs';
import { throughputRows } from './throughput.mjs';

const crypto = (bits, rounds) => (quick) =>
  cryptoRows(quick ? { bits, rounds: 3, warmUpMs: 400 } : { bits, rounds, warmUpMs: 1600 });
const fast = (quick) => (quick ? { rounds: 3, warmUpMs: 100 } : { rounds: 15, warmUpMs: 500 });

/** Section → `(quick, tarball) => rows`. The larger the key, the fewer rounds: a round of 4096 bits takes seconds. */
export const SECTIONS = {
  'crypto, 2048 bits': crypto(2048, 15),
  'crypto, 3072 bits': crypto(3072, 9),
  'crypto, 4096 bits': crypto(4096, 7),
  'cold start': (quick) => coldStartRows({ rounds: quick ? 3 : 21 }),
  pushes: (quick) => pushRows(fast(quick)),
  'requests and replies': (quick) => dataRows(fast(quick)),
  'calls to the sandbox': (quick) => throughputRows(quick ? { rounds: 1, roundMs: 200 } : { rounds: 5, roundMs: 700 }),
  memory: (quick) => memoryRows(quick ? { processes: 1, calls: 1000 } : { processes: 5, calls: 100_000 }),
  sizes: (quick, tarball) => sizeRows({ tarball }),
};

if (process.send) {
  const [name, quick, tarball] = process.argv.slice(2);
  // An uncaught error would be shown with its line of the code, which is all of a bundle.
  try {
    process.send({ rows: await SECTIONS[name](quick === 'true', tarball) }, () => process.disconnect());
  } catch (error) {
    process.send({ failed: error.stack }, () => process.disconnect());
  }
}
