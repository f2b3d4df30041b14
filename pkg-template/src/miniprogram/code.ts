// Each code that another mini program hands over is handed on once. WeChat for Android repeats `scene` and `extraData` of an
// earlier return whenever the mini program comes to the front, and a code that is submitted twice is refused.
import { host } from './wx';

/** No code that was seen came near it. */
export const LONGEST_CODE = 1024;

const KEY = 'wechat-realname:spent-codes';

/** Only the last one is known to be repeated. */
const KEPT = 8;

/** What this process has handed out, for where the storage does not work. */
let handedOut: number[] = [];

/** The code, the first time that it is seen, in this process or any before it. */
export function once(code: string | undefined): string | undefined {
  if (code === undefined) return undefined;
  const mark = markOf(code);
  const marks = stored()
    .filter((one) => handedOut.indexOf(one) < 0)
    .concat(handedOut);
  if (marks.indexOf(mark) >= 0) return undefined;
  handedOut = marks.concat(mark).slice(-KEPT);
  try {
    host().setStorageSync?.(KEY, handedOut);
  } catch {
    // Full, or not to be had: this process remembers, and a code repeated to the next one is refused by WeChat.
  }
  return code;
}

function stored(): number[] {
  try {
    const marks = host().getStorageSync?.(KEY);
    return Array.isArray(marks) ? marks.filter((mark) => typeof mark === 'number').slice(-KEPT) : [];
  } catch {
    return [];
  }
}

/**
 * FNV-1a, 32 bits. Not cryptographic, and need not be: what it leads back to is a code that was spent. 32 bits say too
 * little to lead back to any, and take one new code in 500 million for one of the eight, whose user is then asked once more.
 */
function markOf(code: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < code.length; at++) hash = Math.imul(hash ^ code.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
