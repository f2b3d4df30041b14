// What people paste, as they meant it: full-width digits, a log's line, a shell's quotes, wrapped lines, HTTP's head.

/** Full-width letters and digits as plain ones. */
export const plain = (text) => text.normalize('NFKC').trim();

/** A number that people group with spaces. */
export const compact = (text) => plain(text).replace(/\s/g, '');

/** The one whole number in a text, `status=89252` for one; two of them, as in `1e3`, are none. */
export function wholeNumber(text) {
  const found = compact(text).match(/-?\d+/g);
  return found?.length === 1 ? Number(found[0]) : undefined;
}

/** A serial number without what openssl puts in front of it. */
export const serialNumber = (text) => compact(text).replace(/^serial(number)?[=:]/i, '');

const PARAMETERS = { msg_signature: '[0-9a-f]{40}', timestamp: '\\d+', nonce: '[^&\\s"\'\\\\<>,;}]+' };

/** The three parameters that a push's signature needs, from an address, a line of a log, or JSON. */
export function pushParameters(pasted) {
  const text = pasted.replace(/&amp;|\\u0026/gi, '&');
  // A line that goes on in the midst of the query was wrapped by whoever showed it.
  const joined = text.replace(/\s*\n\s*(?=[\w%.-]*(?:&|$))/g, '');
  const tries = [found(joined), found(text.replace(/\s*\n\s*/g, ''))];
  return tries.find((one) => Object.keys(one).length === 3) ?? { ...found(joined, true) };
}

/** `loose` takes a value of any shape, for the core to say what is wrong with it. */
function found(text, loose = false) {
  const given = {};
  for (const [name, shape] of Object.entries(PARAMETERS)) {
    const value = loose ? PARAMETERS.nonce : shape;
    const match = text.match(new RegExp(`(?<!\\w)${name}[\\\\"']*\\s*[=:]\\s*[\\\\"']*(${value})`, 'i'));
    if (match) given[name] = decoded(match[1]);
  }
  return given;
}

function decoded(value) {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** The XML of a push, out of what a log made of it. Its base64 has no white space, whatever a terminal put there. */
export function pushBody(pasted) {
  const text = unescaped(pasted);
  const inJson = text.match(/["']Encrypt["']\s*:\s*\[?\s*["']([\w+/=\s]+)["']/);
  if (inJson) return encrypted(inJson[1]);
  if (/^[\w+/=\s]{64,}$/.test(text)) return encrypted(text);
  const from = text.search(/<xml\b/i);
  const to = text.lastIndexOf('</xml>');
  const xml = from >= 0 && to > from ? text.slice(from, to + 6) : text;
  return xml
    .replace(/\s*\n\s*/g, '')
    .replace(/(<Encrypt>)([^]*?)(<\/Encrypt>)/, (_, start, content, end) => start + content.replace(/\s/g, '') + end);
}

const encrypted = (base64) => `<xml><Encrypt>${base64.replace(/\s/g, '')}</Encrypt></xml>`;

/** Without the escapes of JSON or HTML, where nothing but them is there. */
function unescaped(pasted) {
  let text = pasted.replace(/^\ufeff/, '').trim();
  if (/\\["nr/]|\\u003c/i.test(text)) {
    const signs = { n: '\n', r: '', t: ' ' };
    text = text
      .replace(/\\u([0-9a-f]{4})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)))
      .replace(/\\([nrt"'/\\])/g, (_, sign) => signs[sign] ?? sign);
  }
  if (!/<xml/i.test(text) && /&lt;xml/i.test(text)) {
    const signs = { lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' };
    text = text.replace(/&(lt|gt|quot|#39|amp);/g, (_, sign) => signs[sign]);
  }
  return text;
}

/** The JSON of a reply, out of a log's line, an HTTP message, a string of JSON, or a dictionary as Python prints it. */
export function replyBody(pasted) {
  const text = pasted.replace(/^\ufeff/, '').trim();
  if (isObject(text)) return text;
  const end = text.lastIndexOf('}') + 1;
  for (let from = text.indexOf('{'), tries = 0; from >= 0 && tries < 20; from = text.indexOf('{', from + 1), tries++) {
    const lines = text.slice(from, end).replace(/\s*\n\s*/g, '');
    for (const one of [lines, lines.replace(/\\(["\\/])/g, '$1'), lines.replaceAll("'", '"')]) if (isObject(one)) return one;
  }
  return text;
}

const isObject = (text) => objectIn(text) !== undefined;

/** The fields of a reply; none where it is no object. */
export const replyFields = (text) => objectIn(text) ?? {};

function objectIn(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
