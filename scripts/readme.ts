// Runs the commands that README.md shows and writes what they print under them, so that the README shows what is true.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { replayReadme } from '../test/support/readme.ts';

const path = join(import.meta.dirname, '../README.md');
const before = readFileSync(path, 'utf8');
writeFileSync(path, await replayReadme(before, join(import.meta.dirname, '..')));
process.stdout.write('README.md: outputs written\n');
