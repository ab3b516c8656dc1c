// Changes behind git's back: objects with foreign bytes, a commit-graph that lies.

import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';
import type { ObjectType } from './build-object.ts';

/** Where a loose object lies under an object directory. */
export function loosePath(objects: string, oid: string): string {
  return join(objects, oid.slice(0, 2), oid.slice(2));
}

/** Writes a loose object under an id that is not that of its bytes. */
export function forgeObject(objects: string, oid: string, type: ObjectType, bytes: Uint8Array): void {
  const path = loosePath(objects, oid);
  mkdirSync(dirname(path), { recursive: true });
  if (existsSync(path)) chmodSync(path, 0o644);
  writeFileSync(path, deflateSync(Buffer.concat([Buffer.from(`${type} ${bytes.length}\0`), bytes])));
}

/** Makes every commit of a commit-graph file parentless (gitformat-commit-graph, chunk CDAT). The file's checksum is left wrong: git does not look. */
export function cutCommitGraph(path: string): void {
  const bytes = readFileSync(path);
  const chunks = bytes[6] ?? 0;
  for (let i = 0; i < chunks; i++) {
    const row = 8 + i * 12;
    if (bytes.toString('latin1', row, row + 4) !== 'CDAT') continue;
    const start = Number(bytes.readBigUInt64BE(row + 4));
    const end = Number(bytes.readBigUInt64BE(row + 16));
    // A row: the tree's id, two places of parents (0x70000000: none), generation and date.
    for (let at = start; at < end; at += 36) {
      bytes.writeUInt32BE(0x70000000, at + 20);
      bytes.writeUInt32BE(0x70000000, at + 24);
    }
  }
  chmodSync(path, 0o644);
  writeFileSync(path, bytes);
}
