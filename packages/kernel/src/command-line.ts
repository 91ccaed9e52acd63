/** Input that cannot be used at all: a command ends with exit code 2 and changes nothing. */
export class UnusableInput extends Error {
  override name = 'UnusableInput';
}

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
