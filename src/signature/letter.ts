// Git's one-letter verdicts (`%G?`).

/** `G` good, `U` good with unknown validity, `X` expired signature, `Y` expired key, `R` revoked key, `B` bad, `E` cannot be checked, `N` none. */
export type GitLetter = 'G' | 'U' | 'X' | 'Y' | 'R' | 'B' | 'E' | 'N';
