// Colour comes from outside: a pure floor does not know whether it writes to a terminal.

/** Wraps already safe text in what makes it stand out; must not change the text itself. State is never shown by style alone. */
export interface Style {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
}

const same = (text: string): string => text;

/** No styling at all. */
export const PLAIN_STYLE: Style = { good: same, bad: same, strong: same, faint: same };
