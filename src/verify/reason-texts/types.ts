// The shape of a row in the REASONS table.

/** What one reason code means, in words for a person who wants to get on with their day. Plain text; code stands in backticks. */
export interface ReasonText {
  /** A short noun phrase, lower case, no full stop: it stands before a count. */
  readonly title: string;
  /** `error`: the object is refused for it. `warning`: worth knowing, refused only where something else is wrong too. */
  readonly severity: 'error' | 'warning';
  /** What was found, and why it matters. */
  readonly explain: string;
  /** What to do about it. */
  readonly fix: string;
  /** Commands that do it; words in capitals are to be filled in. */
  readonly commands?: readonly string[];
}
