import { readFile } from 'node:fs/promises';
import { UnusableInput } from 'kernel/command-line.ts';

/** Checks that the definition is there and is a JSON object. Throws UnusableInput. */
export const checkDefinition = async (path: string): Promise<void> => {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UnusableInput(
      `the scratch org definition ${path} cannot be read (${error.code}); check the path after --definition`,
    );
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UnusableInput(`the scratch org definition ${path} is not JSON: ${(error as Error).message}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UnusableInput(`the scratch org definition ${path} must be a JSON object`);
  }
};
