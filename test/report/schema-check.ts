// A small JSON Schema checker for the tests: the keywords that schema/result.schema.json uses, and an error on any other.

export type Schema = { readonly [keyword: string]: unknown };

const ANNOTATIONS = new Set(['$schema', '$defs', 'title', 'description']);

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

/** What is wrong with a value, as `path: message`; empty when it fits. */
export function schemaErrors(root: Schema, value: unknown, schema: Schema = root, path = '$'): string[] {
  const errors: string[] = [];
  const check = (holds: boolean, message: string): void => void (holds || errors.push(`${path}: ${message}`));
  const descend = (schemaBelow: unknown, below: unknown, at: string): void =>
    void errors.push(...schemaErrors(root, below, schemaBelow as Schema, at));
  const fields = typeOf(value) === 'object' ? (value as Record<string, unknown>) : {};
  const items = Array.isArray(value) ? (value as unknown[]) : [];
  const known = (schema['properties'] ?? {}) as Record<string, Schema>;

  const keywords: Record<string, (argument: never) => void> = {
    $ref: (ref: string) => descend((root['$defs'] as Record<string, Schema>)[ref.replace('#/$defs/', '')], value, path),
    oneOf: (choices: Schema[]) => {
      const found = choices.map((choice) => schemaErrors(root, value, choice, path));
      check(
        found.filter((each) => each.length === 0).length === 1,
        `fits not exactly one of ${choices.length}: ${found.flat().join('; ')}`,
      );
    },
    type: (types: string | string[]) => check([types].flat().includes(typeOf(value)), `is ${typeOf(value)}, not ${String(types)}`),
    enum: (values: unknown[]) => check(values.includes(value), `${JSON.stringify(value)} is none of ${JSON.stringify(values)}`),
    pattern: (pattern: string) =>
      check(typeof value !== 'string' || new RegExp(pattern, 'u').test(value), `${JSON.stringify(value)} does not match ${pattern}`),
    minimum: (minimum: number) => check(typeof value !== 'number' || value >= minimum, `is below ${minimum}`),
    uniqueItems: () => check(new Set(items).size === items.length, 'has an item twice'),
    items: (each: Schema) => items.forEach((item, index) => descend(each, item, `${path}[${index}]`)),
    required: (names: string[]) => names.forEach((name) => check(name in fields, `lacks ${name}`)),
    properties: () => Object.keys(fields).forEach((name) => known[name] && descend(known[name], fields[name], `${path}.${name}`)),
    propertyNames: (each: Schema) => Object.keys(fields).forEach((name) => descend(each, name, `${path}.${name}`)),
    additionalProperties: (each: Schema | false) => {
      for (const name of Object.keys(fields).filter((field) => !(field in known))) {
        if (each === false) check(false, `has an unknown ${name}`);
        else descend(each, fields[name], `${path}.${name}`);
      }
    },
  };
  for (const [keyword, argument] of Object.entries(schema)) {
    const apply = keywords[keyword];
    if (apply !== undefined) apply(argument as never);
    else if (!ANNOTATIONS.has(keyword)) throw new Error(`${path}: the checker does not know the keyword ${keyword}`);
  }
  return errors;
}
