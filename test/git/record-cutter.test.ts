// Cutting git's answers into batches: however the stream is chopped, the same records come out.

import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { limits } from '../../src/bytes/index.ts';
import { RecordCutter } from '../../src/git/index.ts';

const OID = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const record = fc.oneof(
  fc
    .uint8Array({ maxLength: 300 })
    .map((content) => Buffer.concat([Buffer.from(`${OID} commit ${content.length}\n`), content, Buffer.from('\n')])),
  fc.constantFrom(Buffer.from(`${OID} missing\n`), Buffer.from(`${OID} ambiguous\n`)),
);

function cut(stream: Buffer, sizes: readonly number[], target: number): { bytes: Buffer; count: number } {
  const cutter = new RecordCutter(target);
  const parts: Buffer[] = [];
  let count = 0;
  const take = (batch: { bytes: Uint8Array; count: number } | null): void => {
    if (batch === null) return;
    parts.push(Buffer.from(batch.bytes));
    count += batch.count;
  };
  for (let at = 0, i = 0; at < stream.length; i++) {
    const size = Math.max(1, sizes[i % Math.max(1, sizes.length)] ?? 1);
    cutter.push(stream.subarray(at, at + size)).forEach(take);
    at += size;
  }
  take(cutter.flush());
  assert.equal(cutter.hasPartialRecord, false);
  return { bytes: Buffer.concat(parts), count };
}

test('property: any chopping of the stream gives all records, whole and in order', () => {
  fc.assert(
    fc.property(
      fc.array(record, { maxLength: 30 }),
      fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1 }),
      fc.integer({ min: 1, max: 2000 }),
      (records, sizes, target) => {
        const stream = Buffer.concat(records);
        const result = cut(stream, sizes, target);
        assert.equal(result.count, records.length);
        assert.deepEqual(result.bytes, stream);
      },
    ),
    { numRuns: 1000 },
  );
});

test('an object above the limit is crossed out and its content never kept', () => {
  const size = limits.objectBytes + 1;
  const before = Buffer.from(`${OID} commit 3\nabc\n`);
  const large = Buffer.concat([Buffer.from(`${OID} commit ${size}\n`), Buffer.alloc(size, 'x'), Buffer.from('\n')]);
  for (const chunk of [1 << 16, 1 << 20, large.length]) {
    const { bytes, count } = cut(Buffer.concat([before, large, before]), [chunk], 1 << 17);
    assert.equal(count, 3);
    assert.equal(bytes.toString('latin1'), `${before.toString()}${OID} commit ${'x'.repeat(String(size).length)}\n${before.toString()}`);
  }
});

test('a line that is no header is refused, not waited for', () => {
  assert.throws(() => new RecordCutter(1000).push(Buffer.alloc(300, 'a')), { code: 'GIT_FAILED' });
});
