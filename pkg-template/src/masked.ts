const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/**
 * The same plain object, which `console.log` shows with some fields replaced. JSON, spreading and comparing see it as
 * it is: the hook is not enumerable.
 */
export function masked<T extends object>(value: T, shown: Partial<Record<keyof T, string>>): T {
  const there = Object.fromEntries(Object.entries(shown).filter(([name]) => name in value));
  return Object.defineProperty(value, INSPECT, { value: () => ({ ...value, ...there }) });
}

/** The same for fields of which nothing is shown. */
export function hiding<T extends object>(value: T, fields: readonly string[]): T {
  const shown = Object.fromEntries(fields.map((field) => [field, '***'])) as Partial<Record<keyof T, string>>;
  return fields.length === 0 ? value : masked(value, shown);
}

/** An address without its access token. */
export function withoutToken(url: string): string {
  return url.replace(/(access_token=)[^&]*/, '$1***');
}
