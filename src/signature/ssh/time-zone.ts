// Local time as the C library sees it, from the zone's IANA name: offsets, daylight saving, and mktime with tm_isdst = 0.

import { ToolError } from '../../errors.ts';

/** A stretch of time with one offset, within one year; `start` inclusive, `end` exclusive, seconds since 1970. */
interface Segment extends LocalTime {
  readonly start: number;
  readonly end: number;
}

/** How local time stands at one instant. */
interface LocalTime {
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

type Look = (instant: number) => LocalTime;
type Find = (instant: number) => Segment;

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
    if (negative !== undefined && instant >= negative.since) return { offset, isDst: offset === negative.offset };
    const name = nameTime(instant);
    return { offset, isDst: /^GMT[+-]/.test(name) ? standsOut(offsetAt, instant) : /Daylight|Summer/.test(name) };
  };
}

function isSame(a: LocalTime, b: LocalTime): boolean {
  return a.offset === b.offset && a.isDst === b.isDst;
}

// The segments of one UTC year, found by weekly samples and bisection.
function findSegments(look: Look, year: number): Segment[] {
  const yearEnd = Date.UTC(year + 1, 0, 1) / 1000;
  let start = Date.UTC(year, 0, 1) / 1000;
  let current = look(start);
  const segments: Segment[] = [];
  for (let at = start; at < yearEnd; at += SAMPLE) {
    let after = Math.min(at + SAMPLE, yearEnd - 1);
    const sample = look(after);
    if (isSame(sample, current)) continue;
    let before = at;
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (isSame(look(middle), current)) before = middle;
      else after = middle;
    }
    segments.push({ ...current, start, end: after });
    start = after;
    current = sample;
  }
  segments.push({ ...current, start, end: yearEnd });
  return segments;
}

function makeFind(look: Look): Find {
  const years = new Map<number, readonly Segment[]>();
  return (instant) => {
    const year = new Date(instant * 1000).getUTCFullYear();
    let segments = years.get(year);
    if (segments === undefined) {
      segments = findSegments(look, year);
      years.set(year, segments);
    }
    for (const segment of segments) if (instant < segment.end) return segment;
    return { ...look(instant), start: instant, end: instant };
  };
}

// glibc's mktime.c: when the time found is daylight saving and standard time was asked for, it looks for standard time in steps of
// 601200 seconds to either side, earlier first, for about seven years, and takes that offset.
const STRIDE = 601_200;
const STRIDES = 378;

function standardOffset(find: Find, instant: number): number {
  for (let i = 1; i <= STRIDES; i++) {
    for (const side of [-1, 1]) {
      const segment = find(instant + side * i * STRIDE);
      if (!segment.isDst) return segment.offset;
    }
  }
  return find(instant).offset;
}

function fromLocal(find: Find, local: number): number {
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

function gitLocal(find: Find, instant: number): number {
  const { offset } = find(instant);
  return instant + offset >= GIT_LAST_LOCAL ? instant : instant + Math.trunc(offset / 60) * 60;
}

// By how much mktime moves what localtime gave for any instant of the segment; null where that depends on the instant.
function findShift(find: Find, { start, end, offset, isDst }: Segment): number | null {
  if (offset % 60 !== 0 || end + offset > GIT_LAST_LOCAL) return null;
  if (!isDst) return 0;
  const standard = standardOffset(find, start);
  return standardOffset(find, end - 1) === standard ? offset - standard : null;
}

function makeTimeZone(find: Find): TimeZone {
  const shifts = new WeakMap<Segment, number | null>();
  return {
    fromLocal: (local) => fromLocal(find, local),
    shiftVerifyTime: (instant) => {
      const segment = find(instant);
      let shift = shifts.get(segment);
      if (shift === undefined) {
        shift = findShift(find, segment);
        shifts.set(segment, shift);
      }
      return shift === null ? fromLocal(find, gitLocal(find, instant)) : instant + shift;
    },
  };
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
    throw new ToolError('TIME_ZONE_UNKNOWN', `time zone: ${name}: not known`, 'give an IANA name such as Europe/Berlin, or UTC', {
      cause: error,
    });
  }
  const zone = makeTimeZone(makeFind(look));
  zones.set(name, zone);
  return zone;
}
