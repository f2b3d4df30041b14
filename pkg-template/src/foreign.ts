/** What is kept of an error that came from elsewhere: its text and its other properties may hold an access token. */
export interface ForeignError {
  /** The class, such as `TypeError`. */
  readonly name: string;
  /** Such as `ECONNRESET`. */
  readonly code?: string;
  /** Such as `connect`. */
  readonly syscall?: string;
}

/** @internal The harmless part of whatever was thrown. */
export function foreign(thrown: unknown): ForeignError {
  try {
    // fetch wraps the socket's error, which is the one that says what happened.
    const inner = (thrown as { cause?: unknown } | undefined)?.cause ?? thrown;
    const { name, code, syscall } = (inner ?? {}) as Record<string, unknown>;
    return {
      name: isWord(name) ? name : 'Error',
      ...(isWord(code) && { code }),
      ...(isWord(syscall) && { syscall }),
    };
  } catch {
    // Something whose own properties throw.
    return { name: 'Error' };
  }
}

/** A constant like ECONNREFUSED, as against a text that may quote something. */
function isWord(value: unknown): value is string {
  return typeof value === 'string' && /^\w{1,64}$/.test(value);
}
