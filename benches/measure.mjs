// How everything is measured: side by side, in rounds, each of which runs every contestant once. A shared machine is now
// fast and now slow, and so are all contestants of a round: what counts is their ratio within it.

/** The clock, in nanoseconds. */
const now = () => Number(process.hrtime.bigint());

const at = (sorted, part) => {
  const place = (sorted.length - 1) * part;
  const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return below + (above - below) * (place - Math.floor(place));
};

/** Median and quartiles. */
export function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return { median: at(sorted, 0.5), q1: at(sorted, 0.25), q3: at(sorted, 0.75) };
}

/**
 * Runs contestants side by side. `work` of each is one operation and must be synchronous, or `measured` gives what one round
 * of it takes, in milliseconds.
 *
 * Gives, in the order of the contestants, `{ id, median, q1, q3, ratio: { median, q1, q3 } }`: milliseconds of one operation,
 * and how many times as long as the first one took in the same round.
 */
export function sideBySide(contestants, { rounds, batchMs = 20, warmUpMs = 1000, unit = 'ms' }) {
  const runners = contestants.map((one) => {
    const count = one.measured ? 1 : warmedUp(one.work, { batchMs, warmUpMs });
    return { ...one, times: [], count };
  });
  for (let round = 0; round < rounds; round++) {
    // Nobody pays for what another one left behind.
    globalThis.gc?.();
    for (let place = 0; place < runners.length; place++) {
      // Nobody is always the first.
      const runner = runners[(round + place) % runners.length];
      runner.times.push(runner.measured ? runner.measured() : batch(runner.work, runner.count));
    }
  }
  return compared(runners, unit);
}

/** Times of the same rounds, compared with those of the first contestant. */
export function compared(runners, unit = 'ms') {
  const [reference] = runners;
  return runners.map(({ id, note, times }) => ({
    id,
    ...(note && { note }),
    unit,
    ...spread(times),
    ratio: spread(times.map((time, round) => time / reference.times[round])),
  }));
}

/** Milliseconds of one of `count` operations. */
function batch(work, count) {
  const began = now();
  for (let done = 0; done < count; done++) work();
  return (now() - began) / count / 1e6;
}

/** Runs it until the compilers have done what they can, and gives how many operations fill a batch. */
function warmedUp(work, { batchMs, warmUpMs }) {
  const end = now() + warmUpMs * 1e6;
  let done = 0;
  let last;
  while (done < 3 || now() < end) {
    const began = now();
    work();
    last = (now() - began) / 1e6;
    done += 1;
  }
  if (last > batchMs) return 1;
  const few = batch(work, Math.max(1, Math.ceil(batchMs / 4 / Math.max(last, 1e-4))));
  return Math.max(1, Math.ceil(batchMs / few));
}

/** Goes through a list again and again. */
export function inTurn(list) {
  let next = 0;
  return () => list[next++ % list.length];
}
