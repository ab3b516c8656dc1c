// Reads TypeScript source well enough to check its shape: comments blanked, strings blanked on request, imports listed.

// After one of these a slash begins a regular expression, after anything else it divides.
const BEFORE_REGEXP = /(?:^|[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of|do|else|void|throw))\s*$/;

/** What stands at `start`: how long it is, and whether it is a comment, a string or a regular expression. */
function literalAt(source: string, start: number, before: string): { readonly end: number; readonly kind: 'comment' | 'text' } | null {
  const two = source.slice(start, start + 2);
  const upTo = (end: number): number => (end === -1 ? source.length : end);
  if (two === '//') return { end: upTo(source.indexOf('\n', start)), kind: 'comment' };
  if (two === '/*') return { end: upTo(source.indexOf('*/', start + 2)) + 2, kind: 'comment' };
  const pattern =
    source[start] === "'" || source[start] === '"'
      ? /(['"])(?:\\.|(?!\1)[^\\\n])*\1?/sy
      : source[start] === '/' && BEFORE_REGEXP.test(before.slice(-40))
        ? /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/sy
        : null;
  if (pattern === null) return null;
  pattern.lastIndex = start;
  return pattern.exec(source) === null ? null : { end: pattern.lastIndex, kind: 'text' };
}

/**
 * The source with comments as spaces; with `strings`, the content of strings, templates and regular expressions as well.
 * Code inside `${}` stays. Line breaks and offsets stay.
 */
export function blank(source: string, options: { readonly strings: boolean }): string {
  let out = '';
  // Depths of braces at which a template goes on behind its `${}`.
  const templates: number[] = [];
  let depth = 0;
  let inTemplate = false;
  for (let at = 0; at < source.length;) {
    const character = source[at] ?? '';
    if (inTemplate) {
      const opens = source.startsWith('${', at);
      const length = opens || character === '\\' ? 2 : 1;
      if (opens) templates.push(depth++);
      if (opens || character === '`') inTemplate = false;
      const keeps = opens || character === '`' || !options.strings;
      out += keeps ? source.slice(at, at + length) : source.slice(at, at + length).replace(/[^\n]/g, ' ');
      at += length;
      continue;
    }
    const literal = literalAt(source, at, out);
    if (literal !== null) {
      const text = source.slice(at, literal.end);
      const hides = literal.kind === 'comment' || options.strings;
      // The quotes stay, so that what is before and behind does not run together.
      out += hides ? text.replace(literal.kind === 'comment' ? /[^\n]/g : /(?<!^)[^\n](?!$)/g, ' ') : text;
      at = literal.end;
      continue;
    }
    if (character === '`') inTemplate = true;
    if (character === '{') depth++;
    if (character === '}' && --depth === templates.at(-1)) {
      templates.pop();
      inTemplate = true;
    }
    out += character;
    at++;
  }
  return out;
}

/** Every module that a file imports, statically, as a re-export or by `import()`; a computed `import()` is `*`. Types count. */
export function importsOf(source: string): string[] {
  const code = blank(source, { strings: false });
  const bare = blank(source, { strings: true });
  const specifiers: string[] = [];
  const add = (pattern: RegExp): void => {
    // Found where strings are blank, so that text which looks like code is not taken for it; read where they are not.
    for (const match of bare.matchAll(pattern)) {
      const start = match.index + match[0].length;
      const literal = /^(['"])(.*?)\1/.exec(code.slice(start));
      specifiers.push(literal?.[2] ?? '*');
    }
  };
  add(/(?<![.\w$])(?:import|export)\b[^'"`;()]*?\bfrom\s*(?=['"])/g);
  add(/(?<![.\w$])import\s*(?=['"])/g);
  add(/(?<![.\w$])import\s*\(\s*/g);
  add(/(?<![.\w$])require\s*\(\s*/g);
  return specifiers;
}
