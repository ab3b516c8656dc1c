// SARIF and JUnit: complete, well-formed whatever the text, and bounded.

import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { renderJunit, renderSarif } from '../../src/report/index.ts';
import { REASONS } from '../../src/verify/index.ts';
import { HOSTILE_TEXTS, makeReport, makeSink, makeVerdict, OID, UNSIGNED } from './samples.ts';

interface SarifRun {
  readonly tool: {
    readonly driver: { readonly name: string; readonly semanticVersion?: string; readonly rules: readonly { readonly id: string }[] };
  };
  readonly results: readonly {
    readonly ruleId: string;
    readonly ruleIndex: number;
    readonly level: string;
    readonly message: { readonly text: string };
    readonly locations: readonly unknown[];
    readonly partialFingerprints: Record<string, string>;
    readonly properties: Record<string, unknown>;
  }[];
  readonly properties: Record<string, unknown>;
}

async function sarifOf(...parameters: Parameters<typeof makeReport>): Promise<SarifRun> {
  const sink = makeSink();
  await renderSarif(makeReport(...parameters), sink.write, '0.1.0');
  const { version, runs } = JSON.parse(sink.text()) as { version: string; runs: SarifRun[] };
  assert.equal(version, '2.1.0');
  assert.equal(runs.length, 1);
  return runs[0] as SarifRun;
}

test('SARIF: a rule for each reason, a result for each rejected object', async () => {
  const other = 'f'.repeat(40);
  const run = await sarifOf([
    makeVerdict(),
    makeVerdict(UNSIGNED),
    makeVerdict({ ...UNSIGNED, oid: other, type: null, reasons: ['OBJECT_MISSING'] }),
  ]);
  assert.deepEqual(new Set(run.tool.driver.rules.map(({ id }) => id)), new Set(Object.keys(REASONS)));
  assert.equal(run.tool.driver.semanticVersion, '0.1.0');
  assert.deepEqual(
    run.results.map(({ ruleId, level, message }) => [ruleId, level, message.text]),
    [
      ['UNSIGNED', 'error', 'Commit 0123456789ab. Unsigned.'],
      ['OBJECT_MISSING', 'error', 'Object ffffffffffff. Object not in the repository.'],
    ],
  );
  for (const { ruleId, ruleIndex, locations } of run.results) {
    assert.equal(run.tool.driver.rules[ruleIndex]?.id, ruleId);
    assert.deepEqual(locations, [
      { physicalLocation: { artifactLocation: { uri: 'no file associated with this alert' }, region: { startLine: 1 } } },
    ]);
  }
  const prints = run.results.map(({ partialFingerprints }) => partialFingerprints['primaryLocationLineHash']);
  assert.deepEqual(prints, [`${OID}:1`, `${other}:1`], 'alerts at one place are told apart');
  assert.deepEqual(run.properties['range'], ['main..topic']);
});

test('SARIF: without findings it is still a run with rules', async () => {
  const run = await sarifOf([makeVerdict()]);
  assert.deepEqual(run.results, []);
  assert.ok(run.tool.driver.rules.length > 50);
});

test('attack: nothing from the repository stands in a SARIF message', async () => {
  for (const committer of HOSTILE_TEXTS) {
    const run = await sarifOf([makeVerdict({ ...UNSIGNED, committer, signer: { key: 'k', principal: committer } })]);
    assert.equal(run.results[0]?.message.text, 'Commit 0123456789ab. Unsigned.');
    assert.equal(run.results[0]?.properties['committer'], committer);
  }
});

/** A strict reader of the XML we write: elements, attributes, text; throws on anything that is not well-formed. */
function parseXml(xml: string): { names: string[]; texts: string[] } {
  // XML 1.0 §2.2
  assert.match(xml, /^[\u0009\u000a\u000d\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u);
  const names: string[] = [];
  const texts: string[] = [];
  const open: string[] = [];
  const token = /<\?xml [^?]*\?>|<(\/?)([a-z]+)((?: [a-z]+="[^"<]*")*)(\/?)>|([^<]+)/gy;
  while (token.lastIndex < xml.length) {
    const at = token.lastIndex;
    const match = token.exec(xml);
    assert.ok(match, `not well-formed at ${at}: ${xml.slice(at, at + 60)}`);
    const [, closing, name, attributes, empty, text] = match;
    for (const part of [attributes, text]) assert.doesNotMatch(part ?? '', /&(?!(?:amp|lt|gt|quot|apos|#35);)/);
    if (text !== undefined) texts.push(text);
    if (name === undefined) continue;
    if (closing === '/') assert.equal(open.pop(), name);
    else {
      names.push(name);
      if (empty !== '/') open.push(name);
    }
  }
  assert.deepEqual(open, []);
  return { names, texts };
}

async function junitOf(...parameters: Parameters<typeof makeReport>): Promise<string> {
  const sink = makeSink();
  await renderJunit(makeReport(...parameters), sink.write);
  return sink.text();
}

test('JUnit: a case for each object, a failure for each rejected one', async () => {
  const xml = await junitOf([makeVerdict(), makeVerdict({ ...UNSIGNED, type: 'tag' })]);
  assert.deepEqual(parseXml(xml).names, ['testsuites', 'testsuite', 'testcase', 'testcase', 'failure']);
  assert.match(xml, /<testsuite name="countersign main\.\.topic" tests="2" failures="1" errors="0" skipped="0"/);
  assert.match(xml, new RegExp(`<testcase classname="countersign.commit" name="${OID}" time="0"/>`));
  assert.match(xml, /<failure type="UNSIGNED" message="tag 0123456789ab: unsigned">UNSIGNED: unsigned\n/);
});

test('JUnit: suites of a thousand, each with true counts; one empty suite for nothing', async () => {
  const verdicts = Array.from({ length: 2500 }, (_, index) => makeVerdict(index % 100 === 0 ? UNSIGNED : {}));
  const counts = [...(await junitOf(verdicts)).matchAll(/tests="(\d+)" failures="(\d+)"/g)].map(([, tests, failures]) => [tests, failures]);
  assert.deepEqual(counts, [
    ['1000', '10'],
    ['1000', '10'],
    ['500', '5'],
  ]);
  assert.match(await junitOf([]), /tests="0" failures="0"/);
});

test('attack: no text breaks out of the XML', async () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...HOSTILE_TEXTS));
  await fc.assert(
    fc.asyncProperty(text, text, async (one, other) => {
      const verdict = makeVerdict({ ...UNSIGNED, committer: one, signer: { key: 'k', principal: other } });
      const { names } = parseXml(await junitOf([verdict], { range: [one, other] }));
      assert.deepEqual(names, ['testsuites', 'testsuite', 'testcase', 'failure']);
      const sink = makeSink();
      await renderSarif(makeReport([verdict], { range: [one, other] }), sink.write);
      await renderJunit(makeReport([verdict], { range: [one, other] }), sink.write);
      assert.doesNotMatch(sink.text(), /##[a-z]*\[/i, 'a command to a CI system');
    }),
    { numRuns: 500 },
  );
});
