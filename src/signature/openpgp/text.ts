// Brings a payload into the form that a text signature (type 0x01) hashes.

const LF = 10;
const CR = 13;
// gpg (textfilter.c, MAX_LINELEN) cuts text lines at 19,995 characters and hashes the rest of them not at all.
const LONGEST_LINE = 19_000;

export interface CanonicalText {
  readonly bytes: Uint8Array;
  /** False when other payloads have the same canonical form in gpg (carriage returns, cut lines): the signature does not fix the bytes. */
  readonly exact: boolean;
}

/** Every line ends in CR LF (RFC 9580 §5.2.1.2); carriage returns before a line's end are dropped, as gpg's text filter does. */
export function canonicalizeText(payload: Uint8Array): CanonicalText {
  let lines = 0;
  for (let i = payload.indexOf(LF); i !== -1; i = payload.indexOf(LF, i + 1)) lines++;
  const bytes = new Uint8Array(payload.length + lines);
  let exact = !payload.includes(CR);
  let length = 0;
  for (let start = 0; start < payload.length;) {
    const found = payload.indexOf(LF, start);
    const next = found === -1 ? payload.length : found + 1;
    let end = found === -1 ? payload.length : found;
    if (end - start > LONGEST_LINE) exact = false;
    while (end > start && payload[end - 1] === CR) end--;
    bytes.set(payload.subarray(start, end), length);
    length += end - start;
    if (found !== -1) {
      bytes[length++] = CR;
      bytes[length++] = LF;
    }
    start = next;
  }
  return { bytes: bytes.subarray(0, length), exact };
}
