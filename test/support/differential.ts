// Puts the same objects before git and before countersign, with the same keys, and tells every answer on which they part.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { loadTrust, openRepository, verifyObjects } from '../../src/index.ts';
import type { GitLetter, ReasonCode, Repository, TrustFiles, TrustStore, Verdict } from '../../src/index.ts';
import { objectId } from './build-object.ts';
import { environmentOf, gitAccepts, readGitLetters, readTagLetter } from './differential-git.ts';
import type { Kind, Surroundings } from './differential-git.ts';
import { PackWriter } from './pack.ts';
import type { TestRepository } from './repository.ts';

/** With which keys, where and when both are asked. */
export interface Scene extends Surroundings {
  /** Trust given to countersign as files; default none, what git is configured with. */
  readonly files?: TrustFiles;
}

/** What is known to come of an object. */
export type Row = readonly [
  bytes: Uint8Array,
  /** Git's letter, null where git dies. It is asked of git as well: a test says it so that one can read it. */
  letter: GitLetter | null,
  /** Where git's exit code is 0 and countersign refuses: all of countersign's reasons. docs/differences.md has them too. */
  refused?: readonly ReasonCode[],
];

/** What an object came to. */
export interface Answer {
  readonly letter: GitLetter | null;
  readonly verdict: Verdict;
}

const DIFFERENCES = readFileSync(new URL('../../docs/differences.md', import.meta.url), 'utf8');

/** Writes objects in one pack; whatever they hold, git does not look at it. Returns their ids in order. */
export function writeObjects(repository: TestRepository, type: Kind, objects: readonly Uint8Array[]): string[] {
  const oids = objects.map((bytes) => objectId(type, bytes, repository.objectFormat));
  const unique = new Map(oids.map((oid, index) => [oid, objects[index] ?? Buffer.alloc(0)]));
  const pack = new PackWriter(repository.packDirectory(), repository.objectFormat, unique.size);
  for (const bytes of unique.values()) pack.add(type, bytes);
  repository.indexPack(pack.finish());
  return oids;
}

/** Opens the repository and loads the trust in the environment that git has. */
async function inScene<T>(
  repository: TestRepository,
  scene: Scene,
  judge: (opened: Repository, trust: TrustStore) => Promise<T>,
): Promise<T> {
  const { HOME, GNUPGHOME, TZ } = environmentOf(repository, scene);
  const before = { HOME: process.env['HOME'], GNUPGHOME: process.env['GNUPGHOME'], TZ: process.env['TZ'] };
  Object.assign(process.env, { HOME, GNUPGHOME, TZ });
  try {
    const opened = await openRepository(repository.path);
    return await judge(opened, await loadTrust(opened, scene.files ?? {}, Math.floor(Date.now() / 1000)));
  } finally {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

async function* only(oids: readonly string[]): AsyncGenerator<readonly string[]> {
  yield oids;
}

/** The verdicts of a run, by id. */
export async function readVerdicts(
  repository: TestRepository,
  scene: Scene,
  run: (opened: Repository, trust: TrustStore) => AsyncIterable<Verdict>,
): Promise<Map<string, Verdict>> {
  return inScene(repository, scene, async (opened, trust) => {
    const found = new Map<string, Verdict>();
    for await (const verdict of run(opened, trust)) found.set(verdict.oid, verdict);
    return found;
  });
}

/** Our verdicts on objects. */
export function judgeObjects(repository: TestRepository, oids: readonly string[], scene: Scene = {}): Promise<Map<string, Verdict>> {
  return readVerdicts(repository, scene, async function* run(opened, trust) {
    for await (const verdicts of verifyObjects(opened, only([...new Set(oids)]), { trust })) yield* verdicts;
  });
}

/** Both answers to each object. */
async function askBoth(repository: TestRepository, type: Kind, oids: readonly string[], scene: Scene): Promise<Map<string, Answer>> {
  const verdicts = await judgeObjects(repository, oids, scene);
  const letters =
    type === 'commit' ? readGitLetters(repository, oids, scene) : new Map(oids.map((oid) => [oid, readTagLetter(repository, oid, scene)]));
  return new Map(
    oids.map((oid) => {
      const verdict = verdicts.get(oid);
      const letter = letters.get(oid);
      if (verdict === undefined || letter === undefined) throw new Error(`no answer for ${oid}`);
      return [oid, { letter, verdict }];
    }),
  );
}

/** What holds for every object: the letters are one, and nothing is accepted that git refuses. */
function findFaults(name: string, { letter, verdict }: Answer, accepts: () => boolean): string[] {
  const { gitLetter, decision, reasons } = verdict;
  const faults: string[] = [];
  if (gitLetter !== letter) faults.push(`${name}: git says ${letter}, our letter is ${gitLetter} (${reasons.join(' ')})`);
  if (decision === 'accepted' && (letter !== 'G' || !accepts())) faults.push(`${name}: accepted, and git refuses it`);
  return faults;
}

/** Whether countersign refuses what git accepts exactly where the row says so, and for the reasons that it gives. */
function findUnforeseen(name: string, [, told, refused = []]: Row, { letter, verdict }: Answer, accepts: () => boolean): string[] {
  const faults: string[] = [];
  if (told !== letter) faults.push(`${name}: the test says ${told}, git says ${letter}`);
  const mayAccept = letter === 'G' || letter === 'U' || letter === 'Y';
  const found = verdict.decision === 'rejected' && mayAccept && accepts() ? verdict.reasons : [];
  if (found.join(' ') !== refused.join(' ')) {
    faults.push(`${name}: git accepts, refused for [${found.join(' ')}], expected [${refused.join(' ')}]`);
  }
  for (const code of refused) if (!DIFFERENCES.includes(`\`${code}\``)) faults.push(`${name}: docs/differences.md does not have ${code}`);
  return faults;
}

type Judge = (name: string, answer: Answer, accepts: () => boolean) => string[];

async function collectFaults(
  repository: TestRepository,
  type: Kind,
  objects: ReadonlyMap<string, Uint8Array>,
  scene: Scene,
  judge: Judge,
): Promise<string[]> {
  const oids = writeObjects(repository, type, [...objects.values()]);
  const answers = await askBoth(repository, type, oids, scene);
  const accepted = [...answers].filter(([, { verdict }]) => verdict.decision === 'accepted').map(([oid]) => oid);
  // One process for all that is accepted: only when it fails, each is asked for by itself.
  const allGood = gitAccepts(repository, type, accepted, scene);
  return [...objects.keys()].flatMap((name, index) => {
    const oid = oids[index] ?? '';
    const answer = answers.get(oid);
    if (answer === undefined) return [`${name}: not answered`];
    const accepts = (): boolean => (allGood && answer.verdict.decision === 'accepted') || gitAccepts(repository, type, [oid], scene);
    return findFaults(name, answer, accepts).concat(judge(name, answer, accepts));
  });
}

/**
 * Fails where git and countersign part: on a letter, on anything that countersign accepts and git refuses, and on anything that git accepts
 * and countersign refuses without the row saying so.
 */
export async function assertAgreement(
  repository: TestRepository,
  type: Kind,
  rows: Readonly<Record<string, Row>>,
  scene: Scene = {},
): Promise<void> {
  const objects = new Map(Object.entries(rows).map(([name, [bytes]]) => [name, bytes]));
  const faults = await collectFaults(repository, type, objects, scene, (name, answer, accepts) => {
    const row = rows[name];
    return row === undefined ? [] : findUnforeseen(name, row, answer, accepts);
  });
  assert.deepEqual(faults, []);
}

/** The same for objects of which nothing is known before: with the letter G, each may be refused for one of these reasons only. */
export async function assertAgreementOf(
  repository: TestRepository,
  type: Kind,
  objects: readonly Uint8Array[],
  mayRefuse: ReadonlySet<ReasonCode>,
  scene: Scene = {},
): Promise<void> {
  for (const code of mayRefuse) assert.ok(DIFFERENCES.includes(`\`${code}\``), `docs/differences.md does not have ${code}`);
  const named = new Map(objects.map((bytes) => [Buffer.from(bytes).toString('latin1'), bytes]));
  const faults = await collectFaults(repository, type, named, scene, (name, { letter, verdict }) => {
    const isForeseen = verdict.decision === 'accepted' || letter !== 'G' || verdict.reasons.some((code) => mayRefuse.has(code));
    return isForeseen ? [] : [`${name}: git says G, refused for ${verdict.reasons.join(' ')}`];
  });
  assert.deepEqual(faults, []);
}
