/** JSON files that people write: read strictly, and told as words that name the file and the place. */
import { readFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import { UnusableInput } from 'kernel/command-line.ts';
import { repeatedKey } from './repeated-key.ts';

/** UTF-8, with or without its mark. */
const textIn = (file: string, bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UnusableInput(`${file} is not UTF-8; save it as UTF-8`);
  }
};

/**
 * The JSON of a file. `what`: how people call it (`mapping`); `remedy`: what to do when it cannot be read. Throws
 * UnusableInput, also when an object names a key twice.
 */
export const readJsonFile = async (what: string, path: string, remedy: string): Promise<unknown> => {
  const file = `${what} ${path}`;
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new UnusableInput(`${file} cannot be read (${error.code}); ${remedy}`);
  });
  const text = textIn(file, bytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UnusableInput(`${file} is not JSON: ${(error as Error).message}`);
  }
  const repeated = repeatedKey(text);
  if (repeated !== null)
    throw new UnusableInput(`${file} says ${JSON.stringify(repeated)} twice in one place; take one of them out`);
  return value;
};

/** Holds a value against a JSON schema, whose defaults it gets. Throws UnusableInput that names each wrong place. */
export const checkSchema = async (file: string, value: unknown, schema: URL): Promise<void> => {
  const validate = new Ajv({ allErrors: true, allowUnionTypes: true, strict: false, useDefaults: true }).compile(
    JSON.parse(await readFile(schema, 'utf8')) as object,
  );
  if (validate(value)) return;
  const problems = new Set(
    validate
      .errors!.filter(({ keyword }) => keyword !== 'oneOf')
      .map(({ instancePath, message, params }) => {
        const extra = (params as { additionalProperty?: string }).additionalProperty;
        return `  at ${instancePath || '/'}: ${message}${extra ? ` (${extra})` : ''}`;
      }),
  );
  const name = schema.pathname.split('/').slice(-2).join('/');
  throw new UnusableInput(`${file} does not fit ${name}:\n${[...problems].join('\n')}`);
};
