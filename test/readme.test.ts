// The README is true: its commands print what it shows, and its examples run.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { replayReadme, runExamples } from './support/readme.ts';

const root = join(import.meta.dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

test('every command prints what the README shows (else: node scripts/readme.ts)', async () => {
  assert.equal(await replayReadme(readme, root), readme);
});

test('the examples of the library run and say what they should', async () => {
  const [range, one] = await runExamples(readme, root);
  assert.deepEqual(
    range
      ?.trimEnd()
      .split('\n')
      .map((line) => line.split(' ').slice(1).join(' ')),
    [
      'accepted bob@example.com',
      'rejected SSH_KEY_UNKNOWN',
      'rejected SSH_SIGNATURE_BAD',
      'accepted alice@example.com',
      'rejected UNSIGNED',
      'accepted alice@example.com',
      'accepted bob@example.com',
      'accepted alice@example.com',
      'accepted bob@example.com',
    ],
  );
  assert.equal(one, 'accepted sk-ssh-ed25519@openssh.com\n');
});
