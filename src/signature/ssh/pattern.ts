// OpenSSH's patterns (ssh_config(5), PATTERNS) over byte strings, in time bounded by the product of the two lengths.

// match_pattern_list copies each part into char[1024] and gives up on the whole list when one does not fit.
const PART_BYTES = 1023;

/** Whether `*` (any run) and `?` (any one byte) in the pattern make it match the whole text (match_pattern). */
export function matchesPattern(text: string, pattern: string): boolean {
  let t = 0;
  let p = 0;
  // Where to go on after the last `*`: it is enough to try again from there, since an earlier `*` can gain nothing.
  let starPattern = -1;
  let starText = 0;
  while (t < text.length) {
    const symbol = pattern[p];
    if (symbol === '*') {
      starPattern = ++p;
      starText = t;
    } else if (symbol !== undefined && (symbol === '?' || symbol === text[t])) {
      p++;
      t++;
    } else if (starPattern !== -1) {
      p = starPattern;
      t = ++starText;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

/** What a pattern list says of a text: a `!pattern` that matches wins over all others (match_pattern_list). */
export type PatternListMatch = 'match' | 'none' | 'negated';

/** Matches the text against a comma-separated list of patterns. A part of 1023 bytes or more makes the list match nothing. */
export function matchPatternList(text: string, list: string): PatternListMatch {
  let result: PatternListMatch = 'none';
  for (let start = 0; start < list.length;) {
    const comma = list.indexOf(',', start);
    const end = comma === -1 ? list.length : comma;
    const isNegated = list[start] === '!';
    const part = list.slice(isNegated ? start + 1 : start, end);
    if (part.length >= PART_BYTES) return 'none';
    if (matchesPattern(text, part)) {
      if (isNegated) return 'negated';
      result = 'match';
    }
    start = end + 1;
  }
  return result;
}
