// What may cross into the core. Its reader describes whatever has the wrong type, however deep or circular that is, and
// a stack that overflows inside WebAssembly takes every open merchant with it. A value that a client sent in must not be
// able to do that, so only texts of bounded length, numbers, booleans and copied bytes get through.
import { invalid } from './mistake';

/** Longer than any parameter and any file; a reply has its own limit. */
const LONGEST_TEXT = 64 * 1024;

/** In the place of what must not cross: the core refuses it wherever it stands, naming the field. */
const REFUSED = Symbol('refused');

/** The caller's fields, as they are now: no getter of theirs runs later, and an explicit `undefined` means absent. */
export function plain(field: string, given: unknown, longest = LONGEST_TEXT): Record<string, unknown> {
  const entries = Object.entries(object(field, given)).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([name, value]) => [name, crossing(value, longest)]));
}

/** `given`, if it is an object at all. */
export function object(field: string, given: unknown): object {
  if (typeof given === 'object' && given !== null) return given;
  throw invalid(field, 'must be an object');
}

/** What the core gets in the place of a value. */
export function crossing(value: unknown, longest = LONGEST_TEXT): unknown {
  switch (typeof value) {
    case 'string':
      return value.length <= longest ? value : REFUSED;
    case 'object':
      return value === null ? null : (copied(value, longest) ?? REFUSED);
    case 'function':
      return REFUSED;
    default:
      return value;
  }
}

/** The bytes of a view, if it is one: not a detached one, and nothing that only looks like it. */
export function copied(value: unknown, longest = LONGEST_TEXT): Uint8Array | undefined {
  if (!ArrayBuffer.isView(value) || value.byteLength > longest) return undefined;
  try {
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice();
  } catch {
    // Its buffer was transferred elsewhere.
    return undefined;
  }
}
