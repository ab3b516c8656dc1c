// Dates in reports: seconds since 1970 as RFC 3339 in UTC.

/** The last second of the year 9999: RFC 3339 has no way to write later ones. */
const LAST = 253_402_300_799;

/** `2026-01-31T09:15:00Z`, or null for what RFC 3339 cannot express (an object may claim any date). */
export function encodeTime(seconds: number): string | null {
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > LAST) return null;
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}
