// Local time as the C library sees it, from the zone's IANA name: offsets, daylight saving, and mktime with tm_isdst = 0.

import { ToolError } from '../../errors.ts';

/** A stretch of time with one offset; `start` inclusive, seconds since 1970. */
interface Segment {
  readonly start: number;
  /** Seconds east of UTC. */
  readonly offset: number;
  /** What the C library's tm_isdst says. */
  readonly isDst: boolean;
}

/** A time zone that can be asked what ssh-keygen makes of local times. */
export interface TimeZone {
  /** The instant that mktime gives for a broken-down local time (as seconds, read as if it were UTC) with tm_isdst = 0. */
  readonly fromLocal: (local: number) => number;
  /** The instant at which ssh-keygen judges when git gives it this instant as a verify-time. */
  readonly shiftVerifyTime: (instant: number) => number;
}

const DAY = 86_400;
const SAMPLE = 7 * DAY;
// These zones call their winter (or Ramadan) time the saving one: tm_isdst is set where Intl speaks of standard time.
const NEGATIVE_SAVING: ReadonlyMap<string, { readonly offset: number; readonly since: number }> = new Map([
  ['Europe/Dublin', { offset: 0, since: 0 }],
  ['Eire', { offset: 0, since: 0 }],
  ['Africa/Windhoek', { offset: 3600, since: 0 }],
  ['Africa/Casablanca', { offset: 0, since: 1_540_692_000 }],
  ['Africa/El_Aaiun', { offset: 0, since: 1_540_692_000 }],
]);

function parseOffset(name: string): number {
  const match = /^GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(name);
  if (match === null) return 0;
  const seconds = Number(match[2] ?? 0) * 3600 + Number(match[3] ?? 0) * 60 + Number(match[4] ?? 0);
  return match[1] === '-' ? -seconds : seconds;
}

type Look = (instant: number) => Segment;

function makeNamer(zone: string, timeZoneName: 'longOffset' | 'long'): (instant: number) => string {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName, year: 'numeric' });
  return (instant) => format.formatToParts(instant * 1000).find((part) => part.type === 'timeZoneName')?.value ?? '';
}

// Zones for which Intl has no name but the offset: saving time is what stands above the offsets of the seasons before and after.
function standsOut(offsetAt: (instant: number) => number, instant: number): boolean {
  const offset = offsetAt(instant);
  const isLower = (weeks: number): boolean => offsetAt(instant + weeks * SAMPLE) < offset;
  return [13, 26, 39].some(isLower) && [-13, -26, -39].some(isLower);
}

function makeLook(zone: string): Look {
  const nameOffset = makeNamer(zone, 'longOffset');
  const nameTime = makeNamer(zone, 'long');
  const offsetAt = (instant: number): number => parseOffset(nameOffset(instant));
  const negative = NEGATIVE_SAVING.get(zone);
  return (instant) => {
    const offset = offsetAt(instant);
    if (negative !== undefined && instant >= negative.since) return { start: instant, offset, isDst: offset === negative.offset };
    const name = nameTime(instant);
    return { start: instant, offset, isDst: /^GMT[+-]/.test(name) ? standsOut(offsetAt, instant) : /Daylight|Summer/.test(name) };
  };
}

function isSame(a: Segment, b: Segment): boolean {
  return a.offset === b.offset && a.isDst === b.isDst;
}

// The segments of one UTC year, found by weekly samples and bisection.
function findSegments(look: Look, year: number): Segment[] {
  const start = Date.UTC(year, 0, 1) / 1000;
  const end = Date.UTC(year + 1, 0, 1) / 1000;
  let current = look(start);
  const segments = [current];
  for (let at = start; at < end; at += SAMPLE) {
    const sample = look(Math.min(at + SAMPLE, end - 1));
    if (isSame(sample, current)) continue;
    let before = at;
    let after = sample.start;
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (isSame(look(middle), current)) before = middle;
      else after = middle;
    }
    current = { ...sample, start: after };
    segments.push(current);
  }
  return segments;
}

function makeFinder(look: Look): Look {
  const years = new Map<number, readonly Segment[]>();
  return (instant) => {
    const year = new Date(instant * 1000).getUTCFullYear();
    let segments = years.get(year);
    if (segments === undefined) {
      segments = findSegments(look, year);
      years.set(year, segments);
    }
    let found = segments[0];
    for (const segment of segments) if (segment.start <= instant) found = segment;
    return found ?? { start: instant, offset: 0, isDst: false };
  };
}

// glibc's mktime.c: when the time found is daylight saving and standard time was asked for, it looks for standard time in steps of
// 601200 seconds to either side, earlier first, for about seven years, and takes that offset.
const STRIDE = 601_200;
const STRIDES = 378;

function standardOffset(find: Look, instant: number): number {
  for (let i = 1; i <= STRIDES; i++) {
    for (const side of [-1, 1]) {
      const segment = find(instant + side * i * STRIDE);
      if (!segment.isDst) return segment.offset;
    }
  }
  return find(instant).offset;
}

function fromLocal(find: Look, local: number): number {
  let saving: number | undefined;
  for (const offset of new Set([find(local - DAY).offset, find(local).offset, find(local + DAY).offset])) {
    const segment = find(local - offset);
    if (segment.offset !== offset) continue;
    if (!segment.isDst) return local - offset;
    saving = local - offset;
  }
  if (saving !== undefined) return local - standardOffset(find, saving);
  // Within the gap of a clock set forward.
  const before = find(local - DAY);
  return local - (before.isDst ? standardOffset(find, local) : before.offset);
}

// git's date.c: tm_to_time_t knows no years above 2099, and then the offset counts as 0; offsets are cut to whole minutes.
const GIT_LAST_LOCAL = Date.UTC(2100, 0, 1) / 1000;

function gitLocal(find: Look, instant: number): number {
  const { offset } = find(instant);
  return instant + offset >= GIT_LAST_LOCAL ? instant : instant + Math.trunc(offset / 60) * 60;
}

const UTC: TimeZone = { fromLocal: (local) => local, shiftVerifyTime: (instant) => instant };
const zones = new Map<string, TimeZone>([['UTC', UTC]]);

/** The zone of that IANA name. Throws ToolError `TIME_ZONE_UNKNOWN`. */
export function findTimeZone(name: string): TimeZone {
  const known = zones.get(name);
  if (known !== undefined) return known;
  let look: Look;
  try {
    look = makeLook(name);
  } catch (error) {
    throw new ToolError('TIME_ZONE_UNKNOWN', `time zone: ${name}: not known`, 'give an IANA name such as Europe/Berlin, or UTC', { cause: error });
  }
  const find = makeFinder(look);
  const zone: TimeZone = {
    fromLocal: (local) => fromLocal(find, local),
    shiftVerifyTime: (instant) => {
      const { isDst, offset } = find(instant);
      const isPlain = !isDst && offset % 60 === 0 && instant + offset < GIT_LAST_LOCAL;
      return isPlain ? instant : fromLocal(find, gitLocal(find, instant));
    },
  };
  zones.set(name, zone);
  return zone;
}
