// Makes text from repositories, keys and servers safe to show: no control, bidi or invisible character survives.

// C0 and C1 controls, DEL, soft hyphen, Arabic letter mark, Mongolian vowel separator, zero-width and bidi marks, line and paragraph
// separators, bidi embeddings and isolates, invisible operators, variation selectors' kin, BOM, interlinear marks, tags, lone surrogates.
const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;
const ANY_UNSAFE = new RegExp(UNSAFE.source, 'u');

function escapeOne(character: string): string {
  const codePoint = character.codePointAt(0) ?? 0;
  return codePoint > 0xffff ? `\\u{${codePoint.toString(16)}}` : `\\u${codePoint.toString(16).padStart(4, '0')}`;
}

/** The text with every unsafe character shown as `\u001b`, for terminals, CI logs and reports. A backslash itself stays as it is. */
export function escapeText(text: string): string {
  return ANY_UNSAFE.test(text) ? text.replace(UNSAFE, escapeOne) : text;
}

/** JSON of a value that stays the same value when parsed, with every unsafe character in it written as a `\u` escape. */
export function escapeJson(json: string): string {
  if (!ANY_UNSAFE.test(json)) return json;
  return json.replace(UNSAFE, (character) => {
    let escaped = '';
    for (let i = 0; i < character.length; i++) escaped += `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`;
    return escaped;
  });
}
