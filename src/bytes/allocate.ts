// Hands out small arrays from node's pool.

/**
 * An array of the given length whose content is not cleared: the caller writes all of it before anybody reads any of it.
 * Small arrays share memory; one of their own each would cost more to make and to collect than most of them are used for.
 */
export function allocateUncleared(length: number): Uint8Array {
  const pooled = Buffer.allocUnsafe(length);
  return new Uint8Array(pooled.buffer, pooled.byteOffset, length);
}
