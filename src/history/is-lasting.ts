// Tells whether facts will hold for ever, so that the cache may keep them.

import type { ObjectFacts } from '../verify/index.ts';

/**
 * Whether the facts are about the bytes that the object's id names. What is missing may be fetched, what is damaged may be repaired, and a fault
 * of ours may be mended: none of these may be remembered.
 */
export function isLasting({ format, problems }: ObjectFacts): boolean {
  if (format === 'missing' || format === 'other' || format === 'internal') return false;
  return problems === undefined || !problems.includes('OBJECT_ID_MISMATCH');
}
