// Names in SSH files are bytes, not text: keeps them apart without loss and shows them as UTF-8 where they are.

import { isUtf8 } from 'node:buffer';

// Bytes that are no UTF-8 become lone surrogates U+DC80..U+DCFF (Python's "surrogateescape", PEP 383), so that two different byte
// strings never become one text, in facts that travel as JSON too.
const ESCAPE_BASE = 0xdc00;

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Bytes as a string with one character (U+0000..U+00FF) for each byte: the form in which names are matched. */
export function byteStringOf(bytes: Uint8Array): string {
  return bufferOf(bytes).toString('latin1');
}

/** Bytes as text: UTF-8, or, where they are not, ASCII with every other byte as a lone surrogate. Reversed by `byteStringOfText`. */
export function textOf(bytes: Uint8Array): string {
  const buffer = bufferOf(bytes);
  if (isUtf8(buffer)) return buffer.toString('utf8');
  let text = '';
  for (const byte of buffer) text += String.fromCharCode(byte < 0x80 ? byte : ESCAPE_BASE + byte);
  return text;
}

/** The text of a byte string. */
export function textOfByteString(byteString: string): string {
  return textOf(Buffer.from(byteString, 'latin1'));
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) >= 0x80) return false;
  return true;
}

/** The byte string from which `textOf` made this text. */
export function byteStringOfText(text: string): string {
  if (isAscii(text)) return text;
  let bytes = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const isEscaped = code >= ESCAPE_BASE + 0x80 && code <= ESCAPE_BASE + 0xff;
    bytes += isEscaped ? String.fromCharCode(code - ESCAPE_BASE) : Buffer.from(character, 'utf8').toString('latin1');
  }
  return bytes;
}
