// Parses the times of allowed_signers options as OpenSSH's parse_absolute_time does.

import type { TimeZone } from './time-zone.ts';

// strptime takes blanks in place of leading digits, and wants the full width of each field.
const FIELD = / *\d+/y;

function parseField(text: string, start: number, width: number, from: number, to: number): number | null {
  const field = text.slice(start, start + width);
  FIELD.lastIndex = 0;
  if (field.length !== width || !FIELD.test(field) || FIELD.lastIndex !== width) return null;
  const value = Number(field);
  return value >= from && value <= to ? value : null;
}

function splitSuffix(text: string): { digits: string; isUtc: boolean } {
  const upper = text.toUpperCase();
  if (text.length > 1 && upper.endsWith('Z')) return { digits: text.slice(0, -1), isUtc: true };
  if (text.length > 3 && upper.endsWith('UTC')) return { digits: text.slice(0, -3), isUtc: true };
  return { digits: text, isUtc: false };
}

/**
 * `YYYYMMDD`, `YYYYMMDDHHMM` or `YYYYMMDDHHMMSS`, with `Z` or `UTC` for UTC, otherwise in the given zone, daylight saving never
 * in force. In seconds since 1970; null where OpenSSH refuses it (1970-01-01 itself included).
 */
export function parseOpensshTime(text: string, findZone: () => TimeZone): number | null {
  const { digits, isUtc } = splitSuffix(text);
  if (digits.length !== 8 && digits.length !== 12 && digits.length !== 14) return null;
  const year = parseField(digits, 0, 4, 0, 9999);
  const month = parseField(digits, 4, 2, 1, 12);
  const day = parseField(digits, 6, 2, 1, 31);
  const hour = digits.length >= 12 ? parseField(digits, 8, 2, 0, 23) : 0;
  const minute = digits.length >= 12 ? parseField(digits, 10, 2, 0, 59) : 0;
  const second = digits.length === 14 ? parseField(digits, 12, 2, 0, 61) : 0;
  if (year === null || month === null || day === null || hour === null || minute === null || second === null) return null;
  // Date.UTC maps years 0 to 99 into the twentieth century; all years before 1970 are refused anyway. 30 February becomes 1 or 2 March.
  if (year < 1969) return null;
  const local = Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
  const instant = isUtc ? local : findZone().fromLocal(local);
  return instant > 0 ? instant : null;
}
