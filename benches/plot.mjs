// The plot of the docs: three panels of horizontal bars, ours in colour. It brings its own background, because what surrounds
// it may be light or dark whatever the reader's machine prefers.
import { find, time, times } from './tables.mjs';
import { HEADS, STATUS, TITLES, nameOf } from './words.mjs';

const WIDTH = 860;
const NAMES_END = 310;
const BARS = 310;
const ROW = 25;
const PANEL_HEAD = 58;

const TEXTS = {
  lower: { en: 'shorter is faster', zh: '越短越快' },
  logarithmic: { en: 'logarithmic scale', zh: '对数坐标' },
  on: { en: (machine) => `Node ${machine.node}, ${machine.cpu}`, zh: (machine) => `Node ${machine.node}，${machine.cpu}` },
  bits: HEADS.bits,
};

/** What the panels show: whoever has a right answer by its time, and then the others. */
function panels({ rows }, lang) {
  const panel = (title, row, { value = (one) => one.median, ratio = (one) => one.ratio, log = false }) => {
    const contestants = find(rows, row).contestants.filter((one) => one.status || value(one) !== undefined);
    const right = contestants.filter((one) => !one.status).sort((one, other) => value(one) - value(other));
    const bars = right.map((one) => ({
      name: nameOf(one, lang, row),
      ours: one.id.startsWith('ours'),
      value: value(one),
      ratio: ratio(one).median,
    }));
    const failed = contestants.filter(({ status }) => status);
    bars.push(...failed.map((one) => ({ name: nameOf(one, lang, row), failed: STATUS[one.status][lang] })));
    return { title, log, bars };
  };
  return [
    panel(`${TITLES.whole[lang]} · ${TEXTS.bits[lang](2048)}`, 'whole-2048', { log: true }),
    panel(`${TITLES.cold[lang]} · ${HEADS.rest[lang].replaceAll('`', '')}`, 'cold-start', {
      value: ({ over }) => over?.median,
      ratio: ({ over }) => over.ratio,
    }),
    panel(TITLES.push[lang], 'push', {}),
  ].map(({ bars, ...panel }) => ({ ...panel, bars: bars.map((bar) => ({ ...bar, name: bar.name.replaceAll('`', '') })) }));
}

/** What the plot says, in one paragraph. */
export function alternative(results, lang) {
  const said = panels(results, lang).map(({ title, bars }) => {
    const each = bars.map(({ name, value, ratio, failed }) => `${name} ${failed ?? `${time(value)} (${times(ratio)})`}`);
    return lang === 'zh' ? `${title}：${each.join('；')}。` : `${title}: ${each.join('; ')}.`;
  });
  return said.join(lang === 'zh' ? '' : ' ');
}

export function plot(results, lang) {
  let top = 20;
  const drawn = panels(results, lang).map((panel) => {
    const svg = drawPanel(panel, top, lang);
    top += PANEL_HEAD + panel.bars.length * ROW + 14;
    return svg;
  });
  const height = top + 22;
  const label = alternative(results, lang);
  const language = lang === 'zh' ? 'zh-CN' : 'en';
  const about = `wechat-realname ${results.version} · ${TEXTS.on[lang](results.machine)} · ${results.date}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}"
  role="img" aria-labelledby="title desc" lang="${language}">
<title id="title">wechat-realname</title>
<desc id="desc">${escaped(label)}</desc>
<style>
  text { fill: #1d2421; font-size: 13px; }
  text { font-family: system-ui, -apple-system, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif; }
  .paper { fill: #ffffff; stroke: #d9dfdc; }
  .title { font-size: 15px; font-weight: 600; }
  .quiet { font-size: 12px; fill: #56625d; }
  .bar { fill: #a9b4af; }
  .ours { fill: #0a7d48; }
  text.own { font-weight: 600; fill: #0a6e3f; }
  .grid { stroke: #d9dfdc; }
  .value { paint-order: stroke; stroke: #ffffff; stroke-width: 4px; stroke-linejoin: round; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e2e8e5; }
    .paper { fill: #141816; stroke: #343d39; }
    .quiet { fill: #a0aca6; }
    .bar { fill: #5d6964; }
    .ours { fill: #3fb27b; }
    text.own { fill: #5cc98f; }
    .grid { stroke: #343d39; }
    .value { stroke: #141816; }
  }
</style>
<rect class="paper" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="8"/>
${drawn.join('\n')}
<text class="quiet" x="20" y="${height - 16}">${escaped(about)}</text>
</svg>
`;
}

function drawPanel({ title, log, bars }, top, lang) {
  const values = bars.map(({ value }) => value).filter((value) => value !== undefined);
  const end = log ? 10 ** Math.ceil(Math.log10(Math.max(...values))) : Math.max(...values);
  // Where it begins is anybody's choice: far enough below for the shortest to be a bar.
  const start = log ? 10 ** Math.floor(Math.log10(Math.min(...values) / 2)) : 0;
  // A bar of no length would be none: the smallest value has a little.
  const place = (value) => (log ? (Math.log10(value / start) / Math.log10(end / start)) * BARS : (value / end) * BARS);
  const first = top + PANEL_HEAD;
  const bottom = first + bars.length * ROW;
  const lines = [`<text class="title" x="20" y="${top + 18}">${escaped(title)}</text>`];
  const note = log ? `${TEXTS.lower[lang]} · ${TEXTS.logarithmic[lang]}` : TEXTS.lower[lang];
  lines.push(`<text class="quiet" x="20" y="${top + 38}">${escaped(note)}</text>`);
  for (let mark = start; log && mark <= end * 1.001; mark *= 10) {
    const x = round(NAMES_END + 12 + place(mark));
    lines.push(`<line class="grid" x1="${x}" y1="${first - 6}" x2="${x}" y2="${bottom}"/>`);
    lines.push(`<text class="quiet" x="${x}" y="${first - 11}" text-anchor="middle">${time(mark)}</text>`);
  }
  bars.forEach(({ name, ours, value, ratio, failed }, index) => {
    const y = first + index * ROW;
    const own = ours ? ' own' : '';
    lines.push(`<text class="name${own}" x="${NAMES_END}" y="${y + 15}" text-anchor="end">${escaped(name)}</text>`);
    if (failed) {
      lines.push(`<text class="quiet" x="${NAMES_END + 18}" y="${y + 15}">${escaped(failed)}</text>`);
      return;
    }
    const width = round(Math.max(2, place(value)));
    const bar = `x="${NAMES_END + 12}" y="${y + 3}" width="${width}" height="${ROW - 8}" rx="2"`;
    lines.push(`<rect class="${ours ? 'ours' : 'bar'}" ${bar}/>`);
    const label = `${time(value)} · ${times(ratio)}`;
    lines.push(`<text class="value${own}" x="${round(NAMES_END + 12 + width + 8)}" y="${y + 15}">${label}</text>`);
  });
  return `<g>\n${lines.join('\n')}\n</g>`;
}

const round = (value) => Math.round(value * 10) / 10;
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
