// The report for people: grouped by reason, bounded, honest about nothing, and safe to print.

import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { exitCodeOf, renderText, showText, type Style } from '../../src/report/index.ts';
import { countsLine, encodeCount } from '../../src/report/words.ts';
import { REASONS } from '../../src/verify/index.ts';
import { HOSTILE_TEXTS, makeReport, makeSink, makeVerdict, UNSIGNED } from './samples.ts';

async function textOf(...parameters: Parameters<typeof makeReport>): Promise<string> {
  const sink = makeSink();
  await renderText(makeReport(...parameters), sink.write);
  return sink.text();
}

test('all accepted: the trust and one line of counts', async () => {
  assert.equal(
    await textOf([makeVerdict(), makeVerdict()]),
    'trusted: allowed signers: team.signers (given)\n2 verified: 2 accepted, 0 rejected\n',
  );
});

test('rejected: title, count, objects, fix, where to read more', async () => {
  const bad = makeVerdict({ status: 'bad', reasons: ['SSH_SIGNATURE_BAD', 'HEADER_NUL'], decision: 'rejected' });
  const text = await textOf([makeVerdict(), makeVerdict(UNSIGNED), bad, makeVerdict({ ...UNSIGNED, committer: null, claimedAt: null })]);
  assert.equal(
    text,
    [
      'unsigned: 2',
      '  0123456789ab  2026-01-31 09:15  Ada <ada@example.org>',
      '  0123456789ab  no usable date    nobody named',
      `  fix: ${REASONS.UNSIGNED.fix}`,
      ...(REASONS.UNSIGNED.commands ?? []).map((command) => `       ${command}`),
      '  more: countersign explain UNSIGNED',
      '',
      'bad SSH signature: 1',
      '  0123456789ab  2026-01-31 09:15  Ada <ada@example.org>, signed by ada@example.org (also HEADER_NUL)',
      `  fix: ${REASONS.SSH_SIGNATURE_BAD.fix}`,
      ...(REASONS.SSH_SIGNATURE_BAD.commands ?? []).map((command) => `       ${command}`),
      '  more: countersign explain SSH_SIGNATURE_BAD',
      '',
      'trusted: allowed signers: team.signers (given)',
      '4 verified: 1 accepted, 3 rejected (1 bad signature, 2 unsigned)',
      '',
    ].join('\n'),
  );
});

test('ten objects of a reason are shown, the others counted', async () => {
  const text = await textOf(Array.from({ length: 1234 }, () => makeVerdict(UNSIGNED)));
  assert.equal(text.match(/0123456789ab/g)?.length, 10);
  assert.match(text, /\n {2}and 1,224 more\n/);
  assert.match(text, /\n1,234 verified: 0 accepted, 1,234 rejected \(1,234 unsigned\)\n$/);
});

test('a note on an accepted object is told', async () => {
  const text = await textOf([makeVerdict({ notes: ['SIGNATURE_OTHER_HASH'] })]);
  assert.match(text, /signature for the other object format: 1\n/);
  assert.match(text, /\n1 verified: 1 accepted, 0 rejected\n$/);
});

test('verbose: a line for each object', async () => {
  const sink = makeSink();
  await renderText(makeReport([makeVerdict(), makeVerdict({ ...UNSIGNED, gitLetter: null })]), sink.write, { verbose: true });
  const lines = sink.text().split('\n');
  assert.equal(lines[0], 'accepted G 0123456789ab  2026-01-31 09:15  Ada <ada@example.org>, signed by ada@example.org');
  assert.equal(lines[1], 'rejected - 0123456789ab  2026-01-31 09:15  Ada <ada@example.org>  UNSIGNED');
});

test('nothing verified is said plainly', async () => {
  assert.match(await textOf([], { range: ['A..A'], trust: [] }), /^trusted: nothing\nnothing to verify: no commit and no tag in A\.\.A\n$/);
});

test('style changes no text and carries no fact alone', async () => {
  const mark = (text: string): string => `\u001b[1m${text}\u001b[0m`;
  const style: Style = { good: mark, bad: mark, strong: mark, faint: mark };
  for (const verbose of [false, true]) {
    const verdicts = [makeVerdict(), makeVerdict(UNSIGNED)];
    const [plain, styled] = [makeSink(), makeSink()];
    await renderText(makeReport(verdicts), plain.write, { verbose });
    await renderText(makeReport(verdicts), styled.write, { verbose, style });
    assert.equal(styled.text().replaceAll(/\u001b\[[01]m/g, ''), plain.text());
  }
});

test('counts: the exit code is 0 only when nothing was rejected', async () => {
  const summaryOf = (...verdicts: ReturnType<typeof makeVerdict>[]) => renderText(makeReport(verdicts), () => undefined);
  assert.equal(exitCodeOf(await summaryOf()), 0);
  assert.equal(exitCodeOf(await summaryOf(makeVerdict())), 0);
  assert.equal(exitCodeOf(await summaryOf(makeVerdict(), makeVerdict(UNSIGNED))), 1);
  // A good signature on a crafted object is rejected, and counted as what it is.
  const crafted = await summaryOf(makeVerdict(), makeVerdict({ decision: 'rejected', reasons: ['HEADER_NUL'] }));
  assert.equal(exitCodeOf(crafted), 1);
  assert.equal(countsLine(crafted), '2 verified: 1 accepted, 1 rejected (1 good signature not accepted)');
});

test('a rejection without a reason, which would be our bug, is still shown and counted', async () => {
  const text = await textOf([makeVerdict({ decision: 'rejected' })]);
  assert.match(text, /internal error of countersign: 1/);
  assert.match(text, /1 rejected/);
});

test('numbers are grouped by thousands', () => {
  assert.deepEqual([0, 999, 1000, 12_000, 1_234_567].map(encodeCount), ['0', '999', '1,000', '12,000', '1,234,567']);
});

test('attack: text that commands a terminal or a CI system does nothing', async () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...HOSTILE_TEXTS));
  await fc.assert(
    fc.asyncProperty(text, text, async (one, other) => {
      const verdict = makeVerdict({ ...UNSIGNED, committer: one, signer: { key: 'k', userId: other } });
      const sink = makeSink();
      await renderText(makeReport([verdict], { trust: [one], range: [other] }), sink.write, { verbose: true });
      await renderText(makeReport([], { trust: [other], range: [one] }), sink.write);
      for (const line of sink.text().split('\n')) {
        assert.doesNotMatch(line, /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/);
        assert.doesNotMatch(line, /^\s*::/, 'GitHub reads a command');
        assert.doesNotMatch(line, /##[a-z]*\[/i, 'Azure, GitHub or TeamCity read a command');
        assert.match(line, /^($|accepted|rejected|trusted: |nothing to verify: |\d| {2}|[a-zA-Z])/);
      }
    }),
    { numRuns: 500 },
  );
  assert.equal(showText('##vso[x] ###[y] # [z] ## [w]'), String.raw`\u0023#vso[x] #\u0023#[y] # [z] ## [w]`);
});
