// The two kinds of expected failure: input that breaks its format, and a world that does not answer.

/**
 * Thrown by parsers only: the bytes do not follow their format.
 * `code` names the format that was broken (for example `SSHSIG_MALFORMED`), `offset` is where, in bytes (or lines, where the message says so).
 */
export class MalformedError extends Error {
  override readonly name = 'MalformedError';
  readonly code: string;
  readonly offset: number | undefined;

  constructor(code: string, message: string, offset?: number) {
    super(message);
    this.code = code;
    this.offset = offset;
  }
}

/** A failure that the user or the surrounding system can mend: what, where, and a hint. Exit code 2. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
  readonly code: string;
  readonly hint: string | undefined;

  constructor(code: string, message: string, hint?: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.hint = hint;
  }
}

/** Marks a branch that the compiler proves unreachable; reached at run time it is our bug. */
export function assertNever(value: never): never {
  throw new Error(`internal error: unexpected value ${JSON.stringify(value)}`);
}
