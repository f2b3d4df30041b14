// How the commands speak: words in two languages, columns, colours, masks, and one JSON document for programs.
import type { Text, World } from './world';

/** A text in the user's language. */
export function say(world: World, text: Text): string {
  return text[world.language];
}

/**
 * What a command has found out: `json` for programs, `text` for people (a line end is added). `text` is only asked for where it
 * is wanted.
 */
export function answer(world: World, json: unknown, text: () => string): void {
  world.out(world.json ? `${JSON.stringify(json, null, 2)}\n` : `${text().replace(/\n+$/, '')}\n`);
}

/** A remark for people that is no part of the answer: on standard error, and not with `--json`. */
export function remark(world: World, text: Text): void {
  if (!world.json) world.err(`${paint(world, 'stderr').dim(say(world, text))}\n`);
}

/** Colours, or the same texts without. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
}

export function paint(world: World, stream: 'stdout' | 'stderr' = 'stdout'): Paint {
  const style = (on: number, off: number) => (text: string) =>
    world.colour[stream] ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  return { bold: style(1, 22), dim: style(2, 22), red: style(31, 39), green: style(32, 39), yellow: style(33, 39) };
}

/** Two columns: what it is, and its value. A value that is absent has no line. */
export function fields(world: World, rows: readonly (readonly [Text, string | number | undefined])[]): string {
  const shown = rows
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [say(world, name), String(value)] as const);
  const widest = Math.max(0, ...shown.map(([name]) => width(name)));
  const { dim } = paint(world);
  // What comes in may come from anybody: a name of a file, a text of WeChat's.
  return shown.map(([name, value]) => `${dim(padded(name, widest))}  ${printable(value)}`).join('\n');
}

/** Filled up with spaces to so many columns of a terminal. */
export function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - width(text)));
}

/** How many columns of a terminal it takes: Chinese characters take two. */
export function width(text: string): number {
  let columns = 0;
  for (const character of text)
    columns +=
      /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]/u.test(
        character,
      )
        ? 2
        : 1;
  return columns;
}

/** Without what moves a terminal's cursor, or turns the direction of a line around; line ends stay. */
export function printable(text: string): string {
  return text.replace(/[^\P{Cc}\n]|[\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu, '?');
}

/** A date as logs have it, in UTC. */
export function date(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** A person's name as WeChat Pay shows it to others: 张三 is *三. */
export function maskedName(name: string): string {
  const characters = [...name];
  return '*'.repeat(Math.max(1, characters.length - 1)) + (characters.length > 1 ? characters[characters.length - 1] : '');
}

/** A number with its first and last character alone. */
export function maskedNumber(number: string): string {
  const characters = [...number];
  if (characters.length < 6) return '*'.repeat(characters.length);
  return `${characters[0]}${'*'.repeat(characters.length - 2)}${characters[characters.length - 1]}`;
}

/** Said below what is masked. */
export const MASKED: Text = { zh: '已打码；加 --reveal 显示完整内容', en: 'masked; --reveal shows all of it' };
