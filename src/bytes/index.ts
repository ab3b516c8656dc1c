// The face of bytes/: encodings, bounds and escaping that know no domain word.

export { allocateUncleared } from './allocate.ts';
export { encodeBase64 } from './base64.ts';
export { concat } from './concat.ts';
export { escapeJson, escapeText } from './escape.ts';
export { encodeHex, parseHex } from './hex.ts';
export { limits } from './limits.ts';
export { ByteReader } from './reader.ts';
