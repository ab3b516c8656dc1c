// The version of the program, from its own package.json.

import { readFileSync } from 'node:fs';

/** `0.1.0`. The file lies one directory above the bundle, two above this source. */
export function readVersion(): string {
  const url = new URL(import.meta.url.endsWith('.ts') ? '../../package.json' : '../package.json', import.meta.url);
  const { version } = JSON.parse(readFileSync(url, 'utf8')) as { readonly version: string };
  return version;
}
