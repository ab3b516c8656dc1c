// Holds the imitation of mktime with tm_isdst = 0 against the C library, by way of ssh-keygen's neighbours in coreutils.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';

import { findTimeZone } from '../../../src/signature/ssh/time-zone.ts';

const HOUR = 3600;

/** Offsets from UTC as the C library knows them, in seconds. */
function offsetsOf(zone: string, instants: readonly number[]): number[] {
  const input = instants.map((instant) => `@${instant}`).join('\n');
  const { stdout } = spawnSync('date', ['-f', '-', '+%z'], { input, env: { PATH: process.env['PATH'], TZ: zone } });
  return stdout
    .toString()
    .trim()
    .split('\n')
    .map((text) => Number(`${text[0]}1`) * (Number(text.slice(1, 3)) * HOUR + Number(text.slice(3)) * 60));
}

test('UTC and zones without daylight saving shift nothing', () => {
  for (const zone of ['UTC', 'Etc/UTC', 'Asia/Kolkata', 'Asia/Tokyo', 'America/Phoenix']) {
    for (const instant of [1, 1_000_000_000, 1_750_000_000, 4_000_000_000, 253_402_300_799]) {
      if (instant < 4_102_444_800) assert.equal(findTimeZone(zone).shiftVerifyTime(instant), instant, zone);
    }
  }
});

test('summer shifts by what the clock is ahead of standard time', () => {
  const instants = Array.from({ length: 400 }, (_, i) => 1_577_836_800 + i * 3.3 * 86_400).map(Math.floor);
  for (const [zone, standard] of [
    ['America/New_York', -5 * HOUR],
    ['Europe/Berlin', HOUR],
    ['Australia/Sydney', 10 * HOUR],
    ['Australia/Lord_Howe', 10.5 * HOUR],
    ['America/St_Johns', -3.5 * HOUR],
    ['Europe/Dublin', HOUR],
  ] as const) {
    const offsets = offsetsOf(zone, instants);
    for (const [i, instant] of instants.entries())
      assert.equal(findTimeZone(zone).shiftVerifyTime(instant) - instant, (offsets[i] ?? 0) - standard, `${zone} ${instant}`);
  }
});

test('both 01:30 of an autumn night are one instant', () => {
  const zone = findTimeZone('America/New_York');
  const first = Date.parse('2025-11-02T05:30:00Z') / 1000;
  assert.equal(zone.shiftVerifyTime(first), zone.shiftVerifyTime(first + HOUR));
});

test('an unknown zone is an error with a hint', () => {
  assert.throws(() => findTimeZone('Mars/Olympus'), { name: 'ToolError', code: 'TIME_ZONE_UNKNOWN' });
});
