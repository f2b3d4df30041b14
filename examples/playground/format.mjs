// Times, masks, and texts for a shell.
import { h } from './dom.mjs';

export const now = () => Math.floor(Date.now() / 1000);

const two = (number) => String(number).padStart(2, '0');

/** Seconds as the reader's clock shows them, with its offset. */
export function timeText(seconds) {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return String(seconds);
  const minutes = -date.getTimezoneOffset();
  const whole = Math.trunc(Math.abs(minutes) / 60);
  const rest = Math.abs(minutes) % 60;
  const offset = minutes === 0 ? 'UTC' : `UTC${minutes < 0 ? '-' : '+'}${whole}${rest ? `:${two(rest)}` : ''}`;
  return `${dateTime(date)} ${offset}`;
}

function dateTime(date, between = ' ') {
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day}${between}${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`;
}

export function time(seconds) {
  const date = new Date(seconds * 1000);
  return h('time', Number.isNaN(date.getTime()) ? {} : { datetime: date.toISOString() }, timeText(seconds));
}

/** For an input of the type datetime-local, and back. */
export const toInput = (seconds) => dateTime(new Date(seconds * 1000), 'T');
export function fromInput(value) {
  const at = new Date(value).getTime();
  return Number.isNaN(at) ? undefined : Math.floor(at / 1000);
}

/** The last character stays, of what is no longer than an ID number or a company's name; of the rest nothing, not its length. */
export function masked(value) {
  const characters = [...String(value)];
  if (characters.length > 40) return '*'.repeat(8);
  const kept = characters.length > 1 ? 1 : 0;
  return '*'.repeat(characters.length - kept) + characters.slice(characters.length - kept).join('');
}

/** One word of a POSIX shell, whatever is in it. */
export const quoted = (word) => `'${String(word).replaceAll("'", "'\\''")}'`;
