// How the hash of other people's code came out another: the usual mistakes are made on purpose, until that hash comes of them.
import { createHash } from 'node:crypto';

import type { Text } from './world';

/** A mistake in making a `cert_hash`: its name for programs, and what it is. */
export interface Mistake {
  readonly id: string;
  readonly text: Text;
}

/** The string that is hashed, as WeChat wants it, and what it is made of. The hash of it is the core's. */
export function stringOf(name: string, number: string): Record<'certType' | 'certName' | 'certNo' | 'string', string> {
  const certType = base64(Buffer.from(TYPE));
  const certName = base64(Buffer.from(name));
  const certNo = base64(Buffer.from(number));
  return { certType, certName, certNo, string: `cert_type=${certType}&cert_name=${certName}&cert_no=${certNo}` };
}

/** The mistakes that together give `expected`, 64 hex digits in lower case; undefined where these give none. */
export function mistakesIn(expected: string, name: string, number: string): readonly Mistake[] | undefined {
  const bytesOf = (text: string): Buffer => Buffer.from(text);
  const right: Recipe = { type: TYPE, name, number, bytesOf, form: base64, order: [0, 1, 2], end: '', mistakes: [] };
  const steps = [types(), names(name), numbers(number), encodings(), forms(), orders(), ends()];
  const made = (one: Recipe, way: Way): Recipe => ({ ...one, ...way, mistakes: [...one.mistakes, ...way.mistakes] });
  // What is right comes before what is not: a mistake that changes nothing is none.
  const recipes = steps.reduce<readonly Recipe[]>(
    (all, ways) => all.flatMap((one) => [one, ...ways.map((way) => made(one, way))]),
    [right],
  );
  return recipes.find((recipe) => hashOf(recipe) === expected)?.mistakes;
}

/** How a hash is made. Bytes are characters of latin1 until they are hashed, so that base64 and none are both texts. */
interface Recipe {
  readonly type: string;
  readonly name: string;
  readonly number: string;
  readonly bytesOf: (name: string) => Buffer | undefined;
  readonly form: (bytes: Buffer) => string;
  /** Of type, name and number. */
  readonly order: readonly number[];
  readonly end: string;
  readonly mistakes: readonly Mistake[];
}

/** What one mistake does differently. */
type Way = Partial<Recipe> & Pick<Recipe, 'mistakes'>;

const way = (id: string, zh: string, en: string, ...changed: readonly Partial<Recipe>[]): Way[] =>
  changed.map((one) => ({ ...one, mistakes: [{ id, text: { zh, en } }] }));

function hashOf({ type, name, number, bytesOf, form, order, end }: Recipe): string | undefined {
  const bytes = bytesOf(name);
  if (bytes === undefined) return undefined;
  const parts = [
    `cert_type=${form(Buffer.from(type))}`,
    `cert_name=${form(bytes)}`,
    `cert_no=${form(Buffer.from(number))}`,
  ];
  const string = order.map((at) => parts[at]).join('&') + end;
  return createHash('sha256').update(string, 'latin1').digest('hex');
}

const TYPE = 'IDENTITY_CARD';

const types = (): Way[] =>
  way('cert_type', 'cert_type 用了 1；应为 IDENTITY_CARD', 'its cert_type is 1; WeChat wants IDENTITY_CARD', { type: '1' });

/** With white space where nobody sees it. */
const spaced = (text: string): readonly string[] => [`${text}\n`, `${text}\r\n`, `${text} `, ` ${text}`];

const DOTS = ['·', '•', '．', '・', '‧', '.'];
const inHex = (dot: string): string => `${dot} (U+${dot.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')})`;

function names(name: string): Way[] {
  const characters = [...name];
  const apart = characters.length === 2 ? [characters.join(' '), characters.join('\u3000')] : [];
  const own = DOTS.find((dot) => name.includes(dot));
  const others = own === undefined ? [] : DOTS.filter((dot) => dot !== own);
  return [
    ...way(
      'name_white_space',
      '它的姓名多了或少了空白（空格、换行）；须与 getVerifyId 时一字不差',
      'its name has white space more or less (a space, a line end); it must be getVerifyId’s to the character',
      ...[...spaced(name), ...apart, name.replace(/\s/g, '')].map((other) => ({ name: other })),
    ),
    ...others.flatMap((dot) =>
      way(
        'name_dot',
        `它的姓名里间隔点是 ${inHex(dot)}，这里是 ${inHex(own ?? '')}`,
        `the dot in its name is ${inHex(dot)}, and the one here ${inHex(own ?? '')}`,
        { name: name.split(own ?? '').join(dot) },
      ),
    ),
  ];
}

function numbers(number: string): Way[] {
  const small = number.endsWith('x');
  return [
    ...way(
      'number_white_space',
      '它的身份证号前后有空白（空格、换行）',
      'there is white space around its ID number (a space, a line end)',
      ...spaced(number).map((other) => ({ number: other })),
    ),
    ...(small
      ? way('number_x', '它的身份证号末位是大写 X，这里是小写', 'its ID number ends in a capital X, and the one here in a small one', {
          number: number.toUpperCase(),
        })
      : way('number_x', '它的身份证号末位是小写 x，这里是大写', 'its ID number ends in a small x, and the one here in a capital', {
          number: number.toLowerCase(),
        })),
  ];
}

const encodings = (): Way[] =>
  way('gbk', '它的姓名是 GBK 编码；应为 UTF-8', 'its name is in GBK; WeChat wants UTF-8', { bytesOf: gbk });

const base64 = (bytes: Buffer): string => bytes.toString('base64');
const urlSafe = (bytes: Buffer): string => base64(bytes).replace(/\+/g, '-').replace(/\//g, '_');
const unpadded = (text: string): string => text.replace(/=/g, '');

const forms = (): Way[] => [
  ...way('unpadded', '它的 base64 去掉了末尾的 =', 'its base64 lacks the = at the end', {
    form: (bytes) => unpadded(base64(bytes)),
  }),
  ...way(
    'url_safe',
    '它的 base64 是 URL 安全的写法（- 和 _）；应为标准写法（+、/ 和 =）',
    'its base64 is the URL-safe one, with - and _; WeChat wants the standard one, with +, / and =',
    { form: urlSafe },
    { form: (bytes) => unpadded(urlSafe(bytes)) },
  ),
  ...way('no_base64', '它的三个值没有做 base64', 'its three values are not in base64', {
    form: (bytes) => bytes.toString('latin1'),
  }),
  ...way('percent_encoded', '它的 base64 又做了百分号编码（= 成了 %3D）', 'its base64 is percent-encoded (= became %3D)', {
    form: (bytes) => encodeURIComponent(base64(bytes)),
  }),
];

const orders = (): Way[] =>
  way(
    'order',
    '它的字段次序不同；应为 cert_type、cert_name、cert_no，不按字母排序',
    'its fields are in another order; WeChat wants cert_type, cert_name, cert_no, and not the alphabet’s',
    ...[[1, 2, 0], [1, 0, 2], [0, 2, 1], [2, 0, 1], [2, 1, 0]].map((order) => ({ order })),
  );

const ends = (): Way[] =>
  way('line_end', '它在整个字符串末尾多了换行（echo 会加）', 'its string has a line end behind it (echo adds one)', { end: '\n' });

let table: ReadonlyMap<string, number> | undefined;

/** Undefined where the name is not in GBK. */
function gbk(text: string): Buffer | undefined {
  table ??= gbkTable();
  const codes = [...text].map((character) => (character < '\x80' ? character.charCodeAt(0) : table?.get(character)));
  if (codes.includes(undefined)) return undefined;
  return Buffer.from(codes.flatMap((code = 0) => (code < 0x80 ? [code] : [code >> 8, code & 0xff])));
}

/** Node has a decoder alone: it is asked for every pair of bytes. */
function gbkTable(): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const decoder = new TextDecoder('gbk');
  for (let code = 0x8140; code <= 0xfefe; code++) {
    const character = decoder.decode(Uint8Array.of(code >> 8, code & 0xff));
    if (character.length === 1 && !found.has(character)) found.set(character, code);
  }
  return found;
}
