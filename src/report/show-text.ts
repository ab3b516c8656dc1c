// Makes text from repositories and keys safe to print where a terminal or a CI system reads it.

import { escapeJson, escapeText } from '../bytes/index.ts';

// `##[…]` (GitHub, Azure) and `##vso[…]`, `##teamcity[…]` are commands to a CI system, in some anywhere in a line.
// `::…::` counts at the start of a line only, and no line of ours starts with text from outside.
const CI_COMMAND = /#(?=#[a-z]*\[)/gi;

/** One line of text in which nothing can act on the terminal or on a CI log. */
export function showText(text: string): string {
  return escapeText(text).replace(CI_COMMAND, String.raw`\u0023`);
}

/** JSON of the same value that can do nothing to a terminal or a CI log either; `#` stands in JSON only within strings. */
export function showJson(json: string): string {
  const safe = escapeJson(json);
  return safe.includes('##') ? safe.replace(CI_COMMAND, String.raw`\u0023`) : safe;
}

/** The same for text that is XML, escaped already. */
export function showXml(xml: string): string {
  return xml.replace(CI_COMMAND, '&#35;');
}
