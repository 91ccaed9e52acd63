import { parseArgs, type ParseArgsConfig } from 'node:util';

/** Input that cannot be used at all: a command ends with exit code 2 and changes nothing. */
export class UnusableInput extends Error {
  override name = 'UnusableInput';
}

/** A problem with what a command was called with, and how it is called. */
export const unusable = (problem: string, usage: string): UnusableInput => new UnusableInput(`${problem}\n\n${usage}`);

/**
 * The whole number that an option was given, within bounds: digits alone, since an empty text, 1e3 and 0x10 are no
 * numbers that people mean. Throws UnusableInput naming the option.
 */
export const wholeNumber = (
  option: string,
  text: string,
  { from = 0, to = Number.MAX_SAFE_INTEGER }: { from?: number; to?: number } = {},
): number => {
  const number = /^\d+$/.test(text) ? Number(text) : NaN;
  if (number >= from && number <= to) return number;
  const bounds = to === Number.MAX_SAFE_INTEGER ? `from ${from}` : `from ${from} to ${to}`;
  throw new UnusableInput(`${option} must be a whole number ${bounds}, not ${text === '' ? 'empty' : text}`);
};

/** What a command was called with, by `parseArgs` of Node. Throws UnusableInput with the usage when it cannot be. */
export const readArgs = <const T extends ParseArgsConfig>(
  config: T,
  usage: string,
): ReturnType<typeof parseArgs<T>> => {
  try {
    return parseArgs(config);
  } catch (error) {
    throw unusable((error as Error).message, usage);
  }
};

/**
 * The same for a script that runs from top to bottom: `--help` prints the usage and ends the process with 0, what the
 * command does not know ends it with 2, before anything else was done.
 */
export const readArgsOrExit = <const T extends ParseArgsConfig>(
  config: T,
  usage: string,
): ReturnType<typeof parseArgs<T>> => {
  if ((config.args ?? process.argv.slice(2)).includes('--help')) {
    process.stdout.write(`${usage}\n`);
    process.exit(0);
  }
  try {
    return readArgs(config, usage);
  } catch (error) {
    return exitUnusable((error as Error).message);
  }
};

/** Ends the process with 2, and says why. */
export const exitUnusable = (message: string): never => {
  process.stderr.write(`${message}\n`);
  process.exit(2);
};

/**
 * Runs a command to its end and exits with the code that it answers. An error is told by its message on
 * the error stream: exit 2 for `UnusableInput`, else 1. Exits even when something still holds the process.
 */
export const runCommand = async (main: () => Promise<number>): Promise<never> => {
  let code: number;
  try {
    code = await main();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    code = error instanceof UnusableInput ? 2 : 1;
  }
  // what was written to a pipe is still on its way
  await Promise.all(
    [process.stdout, process.stderr].map((stream) => new Promise<void>((done) => stream.write('', () => done()))),
  );
  process.exit(code);
};
