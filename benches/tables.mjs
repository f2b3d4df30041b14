// From results to tables, once for the terminal and for the pages. The first column says who or what, the next one how many
// times as long as ours.
import { GOALS, HEADS, MET, STATUS, TITLES, WHAT, nameOf } from './words.mjs';

const NONE = '–';

/** Three digits that count. */
const digits = (value) => value.toLocaleString('en-US', { maximumSignificantDigits: 3 });

/** Milliseconds, in the unit that suits them. */
export function time(ms) {
  if (ms >= 1000) return `${digits(ms / 1000)} s`;
  if (ms >= 1) return `${digits(ms)} ms`;
  return ms >= 0.001 ? `${digits(ms * 1000)} µs` : `${digits(ms * 1e6)} ns`;
}

export const times = (ratio) => `${digits(ratio)} ×`;
const kb = (bytes) => (bytes >= 1e6 ? `${digits(bytes / 1e6)} MB` : bytes >= 1000 ? `${digits(bytes / 1000)} KB` : `${bytes} B`);
const mb = (value) => `${digits(value)} MB`;
const whole = (value) => Math.round(value).toLocaleString('en-US');

/** Table → `(results, lang)` → `{ head, rows }`, in cells of Markdown. */
export const TABLES = {
  goals: ({ goals }, lang) => ({
    head: [HEADS.goal[lang], HEADS.measured[lang], HEADS.met[lang]],
    rows: goals.map((goal) => [GOALS[goal.id][lang], measured(goal, lang), MET[goal.met][lang]]),
  }),
  /** The README's: one line for each thing that is waited for. */
  readme: ({ rows }, lang) => {
    const line = (title, id, names, { shown = time, value = (one) => one.median, ratio = (one) => one.ratio.median } = {}) => {
      const right = find(rows, id).contestants.filter((one) => !one.status);
      const ours = right.filter((one) => one.id.startsWith('ours')).find((one) => !/wasm|esm/.test(one.id));
      const others = right.filter((one) => names.includes(one.id)).sort((one, other) => ratio(one) - ratio(other));
      const each = others.map((one) => `${nameOf(one, lang, id).replace('wechat-realname, ', '')} ${times(ratio(one))}`);
      return [title, shown(value(ours)), each.join(lang === 'zh' ? '；' : '; ')];
    };
    const over = { value: (one) => one.over.median, ratio: (one) => one.over.ratio.median };
    const [{ median: read }] = find(rows, 'loaded').contestants;
    return {
      head: ['', 'wechat-realname', HEADS.others[lang]],
      rows: [
        line(`${TITLES.whole[lang]} (RSA-2048)`, 'whole-2048', ['ours-wasm', 'node:crypto', 'node-rsa-bigint', 'node-rsa-js', 'node-forge']),
        line([TITLES.cold[lang], HEADS.rest[lang]].join(lang === 'zh' ? '，' : ', '), 'cold-start', ['node:crypto', 'node-forge', 'co-wechat-api', 'wx-server-sdk'], over),
        line(TITLES.push[lang], 'push', ['wechat-crypto', 'node-easywechat']),
        line(TITLES.loaded[lang], 'loaded', ['node-forge', 'co-wechat-api', 'wx-server-sdk'], {
          shown: kb,
          ratio: (one) => one.median / read,
        }),
      ],
    };
  },
  whole: byBits('whole'),
  sign: byBits('sign'),
  decrypt: byBits('decrypt'),
  cold: ({ rows }, lang) => {
    const { contestants } = find(rows, 'cold-start');
    return {
      head: [HEADS.who[lang], HEADS.ratio[lang], HEADS.rest[lang], HEADS.whole[lang], HEADS.quartiles[lang]],
      rows: contestants.map((one) => {
        const name = nameOf(one, lang, 'cold-start');
        if (one.status) return [name, STATUS[one.status][lang], NONE, NONE, NONE];
        const rest = one.over ? [times(one.over.ratio.median), time(one.over.median)] : [NONE, NONE];
        return [name, ...rest, time(one.median), within(one)];
      }),
    };
  },
  pushes: ({ rows }, lang) => ({
    head: [HEADS.who[lang], HEADS.ratio[lang], HEADS.time[lang], HEADS.quartiles[lang], HEADS.perSecond[lang]],
    rows: find(rows, 'push').contestants.map((one) =>
      one.status
        ? [nameOf(one, lang, 'push'), STATUS[one.status][lang], NONE, NONE, NONE]
        : [nameOf(one, lang, 'push'), times(one.ratio.median), time(one.median), within(one), whole(1000 / one.median)],
    ),
  }),
  data: ({ rows }, lang) => ({
    head: [HEADS.what[lang], HEADS.ratio[lang], HEADS.time[lang], HEADS.quartiles[lang], HEADS.perSecond[lang]],
    rows: ['request', 'reply', 'boundary'].flatMap((id) =>
      find(rows, id).contestants.map((one) => [
        one.id === 'ours' ? WHAT[id][lang] : nameOf(one, lang, id),
        times(one.ratio.median),
        time(one.median),
        within(one),
        whole(1000 / one.median),
      ]),
    ),
  }),
  growth: ({ rows }, lang) => ({
    head: [
      HEADS.records[lang],
      HEADS.bytes[lang],
      HEADS.interpreted[lang],
      HEADS.perRecord[lang],
      HEADS.parsed[lang],
      HEADS.batch[lang],
      HEADS.perRecord[lang],
    ],
    rows: rows
      .filter(({ id }) => id.startsWith('body-'))
      .map(({ records, bytes, contestants: [ours, parse] }) => {
        const [batch] = find(rows, `batch-${records}`).contestants;
        const each = ({ median }) => time(median / records);
        return [whole(records), whole(bytes), time(ours.median), each(ours), time(parse.median), time(batch.median), each(batch)];
      }),
  }),
  throughput: ({ rows }, lang) => ({
    head: [
      HEADS.call[lang],
      HEADS.atOnce[lang],
      HEADS.who[lang],
      HEADS.ratio[lang],
      HEADS.calls[lang],
      HEADS.median[lang],
      HEADS.slowest[lang],
    ],
    rows: rows
      .filter(({ section }) => section === 'throughput')
      .flatMap(({ id, atOnce, contestants }) =>
        contestants.map((one) => [
          id.startsWith('check') ? '`checkRealNameInfo`' : '`getRealNameInfo`',
          String(atOnce),
          nameOf(one, lang),
          times(one.ratio.median),
          whole(one.median),
          time(one.p50),
          time(one.p99),
        ]),
      ),
  }),
  memory: ({ rows }, lang) => {
    const { calls, contestants: grown } = find(rows, 'growth');
    const after = (one, at) => {
      const sample = grown.find(({ id }) => id === one.id)?.samples[at];
      return sample ? `${mb(sample.rss)}, ${whole(sample.pages)} ${HEADS.pages[lang]}` : NONE;
    };
    return {
      head: [HEADS.who[lang], HEADS.rss[lang], HEADS.after[lang]('100'), HEADS.after[lang](whole(calls))],
      rows: find(rows, 'rss').contestants.map((one) => [
        nameOf(one, lang, 'rss'),
        one.status ? STATUS[one.status][lang] : mb(one.median),
        after(one, 1),
        after(one, 2),
      ]),
    };
  },
  loaded: ({ rows }, lang) => {
    const { contestants } = find(rows, 'loaded');
    return {
      head: [HEADS.who[lang], HEADS.ratio[lang], HEADS.bytes[lang], HEADS.files[lang]],
      rows: contestants.map((one) =>
        one.status
          ? [nameOf(one, lang, 'loaded'), STATUS[one.status][lang], NONE, NONE]
          : [nameOf(one, lang, 'loaded'), times(one.median / contestants[0].median), kb(one.median), String(one.files)],
      ),
    };
  },
  files: ({ rows }, lang) => ({
    head: [HEADS.what[lang], HEADS.bytes[lang], HEADS.brotli[lang]],
    rows: [...find(rows, 'tarball').contestants, ...find(rows, 'files').contestants].map((one) => [
      one.brotli ? `\`${one.id}\`` : nameOf(one, lang),
      kb(one.median),
      one.brotli ? kb(one.brotli) : NONE,
    ]),
  }),
  native: ({ native }, lang) => ({
    head: [HEADS.what[lang], HEADS.time[lang], HEADS.interval[lang]],
    rows: native.map(({ id, median, low, high }) => [`\`${id}\``, time(median), `${time(low)} – ${time(high)}`]),
  }),
};

function byBits(kind) {
  return ({ rows }, lang) => {
    const sizes = rows.filter(({ id }) => id.startsWith(`${kind}-`));
    const [first] = sizes;
    return {
      head: [HEADS.who[lang], ...sizes.map(({ id }) => HEADS.bits[lang](id.split('-')[1]))],
      rows: first.contestants.map((one) => [
        nameOf(one, lang),
        ...sizes.map(({ contestants }) => {
          const { status, ratio, median } = contestants.find(({ id }) => id === one.id);
          return status ? STATUS[status][lang] : `${times(ratio.median)} (${time(median)})`;
        }),
      ]),
    };
  };
}

export function find(rows, id) {
  const found = rows.find((row) => row.id === id);
  if (!found) throw new Error(`there are no results of ${id}`);
  return found;
}

const within = ({ q1, q3 }) => `${time(q1)} – ${time(q3)}`;

function measured({ id, measured: value, against }, lang) {
  if (value === undefined) return NONE;
  if (id === 'pages') return `+${value} ${HEADS.pages[lang]}`;
  if (id === 'loaded' || id === 'packed') return kb(value);
  return against ? `${times(value)} (${nameOf({ id: against }, lang, id)})` : times(value);
}

/** For pages; without alignment, which the site's policy against styles would take away again. */
export function markdown({ head, rows }) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** For terminals. */
export function text({ head, rows }) {
  const plain = [head, ...rows].map((cells) => cells.map((cell) => cell.replaceAll('`', '')));
  const widths = head.map((_, column) => Math.max(...plain.map((cells) => cells[column].length)));
  const padded = (cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]));
  return plain.map((cells) => `  ${cells.map(padded).join('  ')}`.trimEnd()).join('\n');
}
