// The machine-readable formats: what is written is what the schema says, parses back to the verdicts, and holds nothing unsafe.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import fc from 'fast-check';
import { encodeVerdict, renderJson, renderNdjson, type Summary } from '../../src/report/index.ts';
import { STATUS_WORDS } from '../../src/report/words.ts';
import type { Verdict } from '../../src/verify/index.ts';
import { HOSTILE_TEXTS, makeReport, makeSink, makeVerdict, UNSIGNED } from './samples.ts';
import { schemaErrors, type Schema } from './schema-check.ts';

const SCHEMA = JSON.parse(readFileSync(new URL('../../schema/result.schema.json', import.meta.url), 'utf8')) as Schema;
// Everything beyond printable ASCII that must not come out raw; a sample of each class, written here a second time on purpose.
const UNSAFE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]|\p{Surrogate}/u;

function parseLines(text: string): Record<string, unknown>[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

const FULL = makeVerdict({
  format: 'openpgp',
  status: 'revoked-key',
  decision: 'rejected',
  gitLetter: 'R',
  reasons: ['OPENPGP_KEY_REVOKED', 'HEADER_NUL'],
  notes: ['SIGNATURE_OTHER_HASH'],
  signer: {
    key: 'ab'.repeat(20),
    keyType: 'rsa',
    userId: 'Ada <ada@example.org>',
    primaryKey: 'cd'.repeat(20),
    certificateAuthority: 'SHA256:x',
  },
  details: {
    signedAt: 1,
    expiredAt: 2,
    validAfter: 3,
    validBefore: 1e15,
    revoked: { at: 0, reason: null, text: 'lost', hard: true },
    fido: { flags: 5, counter: 7, userPresent: true, userVerified: true, origin: 'https://example.org' },
  },
});
const MISSING = makeVerdict({
  ...UNSIGNED,
  type: null,
  status: 'missing',
  reasons: ['OBJECT_MISSING'],
  committer: null,
  claimedAt: null,
  gitLetter: null,
});

test('ndjson: one line a verdict, then the summary, all as the schema says', async () => {
  const sink = makeSink();
  const summary = await renderNdjson(makeReport([makeVerdict(), makeVerdict(UNSIGNED), FULL, MISSING]), sink.write);
  const lines = parseLines(sink.text());
  assert.equal(lines.length, 5);
  for (const line of lines) assert.deepEqual(schemaErrors(SCHEMA, line), []);
  assert.deepEqual(lines[4], { summary, trust: ['allowed signers: team.signers (given)'], range: ['main..topic'] });
  assert.deepEqual(summary satisfies Summary, {
    total: 4,
    accepted: 1,
    rejected: 3,
    byStatus: { good: 1, unsigned: 1, 'revoked-key': 1, missing: 1 },
    byReason: { UNSIGNED: 1, OPENPGP_KEY_REVOKED: 1, HEADER_NUL: 1, OBJECT_MISSING: 1 },
  });
});

test('a verdict has exactly these fields, times as RFC 3339 in UTC', () => {
  const plain = JSON.parse(encodeVerdict(makeVerdict())) as Record<string, unknown>;
  assert.deepEqual(Object.keys(plain), [
    'oid',
    'type',
    'format',
    'status',
    'gitLetter',
    'signer',
    'committer',
    'claimedAt',
    'decision',
    'reasons',
  ]);
  assert.equal(plain['claimedAt'], '2026-01-31T09:15:00Z');
  const full = JSON.parse(encodeVerdict(FULL)) as { details: Record<string, unknown> };
  assert.equal(full.details['signedAt'], '1970-01-01T00:00:01Z');
  assert.equal(full.details['validBefore'], null, 'a time that RFC 3339 cannot express');
  for (const seconds of [-1, 253_402_300_800, Number.MAX_SAFE_INTEGER, Number.NaN, 0.5]) {
    assert.equal((JSON.parse(encodeVerdict(makeVerdict({ claimedAt: seconds }))) as Verdict).claimedAt, null);
  }
});

test('the schema knows every status, and refuses what it does not know', () => {
  const { status } = SCHEMA['$defs'] as Record<string, { enum: string[] }>;
  assert.deepEqual(status?.enum, Object.keys(STATUS_WORDS));
  const good = JSON.parse(encodeVerdict(makeVerdict())) as object;
  assert.deepEqual(schemaErrors(SCHEMA, good), []);
  for (const change of [
    { decision: 'maybe' },
    { oid: 'abc' },
    { extra: 1 },
    { claimedAt: 'yesterday' },
    { signer: {} },
    { reasons: ['x'] },
  ]) {
    assert.notDeepEqual(schemaErrors(SCHEMA, { ...good, ...change }), [], JSON.stringify(change));
  }
});

test('json: one document with the same verdicts', async () => {
  for (const verdicts of [[], [makeVerdict()], [makeVerdict(), FULL]]) {
    const sink = makeSink();
    const summary = await renderJson(makeReport(verdicts), sink.write);
    const document = JSON.parse(sink.text()) as Record<string, unknown>;
    assert.deepEqual(document, {
      repository: '/repo',
      trust: ['allowed signers: team.signers (given)'],
      range: ['main..topic'],
      verdicts: verdicts.map((verdict) => JSON.parse(encodeVerdict(verdict)) as unknown),
      summary,
    });
  }
});

test('hostile text comes back as it was, and nothing unsafe is written', async () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...HOSTILE_TEXTS));
  await fc.assert(
    fc.asyncProperty(text, text, text, async (committer, principal, range) => {
      const verdict = makeVerdict({ committer, signer: { key: 'k', principal } });
      for (const render of [renderNdjson, renderJson]) {
        const sink = makeSink();
        await render(makeReport([verdict], { range: [range], trust: [committer], repository: principal }), sink.write);
        assert.doesNotMatch(sink.text(), UNSAFE);
        assert.doesNotMatch(sink.text(), /##[a-z]*\[/i, 'a command to a CI system');
      }
      const line = encodeVerdict(verdict);
      assert.doesNotMatch(line, /\n/);
      const back = JSON.parse(line) as Verdict;
      assert.equal(back.committer, committer);
      assert.equal(back.signer?.principal, principal);
    }),
    { numRuns: 500 },
  );
});

test('output comes in large chunks, and a slow reader is waited for', async () => {
  const verdicts = Array.from({ length: 2000 }, (_, index) => makeVerdict({ oid: index.toString(16).padStart(40, '0') }));
  const sizes: number[] = [];
  let pending = 0;
  let most = 0;
  await renderNdjson(makeReport(verdicts), async (chunk) => {
    sizes.push(chunk.length);
    most = Math.max(most, ++pending);
    await new Promise((resolve) => setImmediate(resolve));
    pending--;
  });
  assert.equal(most, 1, 'never a second write before the first is done');
  assert.ok(Math.max(...sizes) < 70_000, 'bounded');
  assert.ok(sizes.length < 50, 'not one write a line');
});

test('a verdict is written before the next one is waited for: the answer to one question may be needed for the next', async () => {
  const sink = makeSink();
  async function* asked(): AsyncGenerator<readonly Verdict[]> {
    for (let count = 1; count <= 3; count++) {
      yield [makeVerdict()];
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal(sink.text().split('\n').length - 1, count);
    }
  }
  async function* nested(): AsyncGenerator<readonly Verdict[]> {
    yield* asked();
  }
  await renderNdjson({ ...makeReport([]), verdicts: nested() }, sink.write);
  assert.equal(parseLines(sink.text()).length, 4);
});

test('when the sink fails, the source is told to stop', async () => {
  let stopped = false;
  async function* endless(): AsyncGenerator<readonly Verdict[]> {
    try {
      for (;;) yield [makeVerdict()];
    } finally {
      stopped = true;
    }
  }
  const broken = (): never => {
    throw new Error('EPIPE');
  };
  await assert.rejects(renderNdjson({ ...makeReport([]), verdicts: endless() }, broken), /EPIPE/);
  assert.ok(stopped);
});

test('an error of the verdicts or of the sink comes through', async () => {
  async function* broken(): AsyncGenerator<readonly Verdict[]> {
    yield [makeVerdict()];
    throw new Error('git went away');
  }
  const report = { ...makeReport([]), verdicts: broken() };
  const sink = makeSink();
  await assert.rejects(renderNdjson(report, sink.write), /git went away/);
  assert.doesNotMatch(sink.text(), /summary/, 'no summary on a stream that was cut off');
  await assert.rejects(
    renderNdjson(makeReport([]), () => Promise.reject(new Error('EPIPE'))),
    /EPIPE/,
  );
});
