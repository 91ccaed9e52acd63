import { readArguments, USAGE } from './e2e/arguments.ts';
import { localWorld } from './e2e/local-world.ts';
import { renderResult, runChecks } from './e2e/run.ts';
import { targetWorld } from './e2e/target-world.ts';
import { runCommand } from 'kernel/command-line.ts';

const main = async (): Promise<number> => {
  const args = readArguments(process.argv.slice(2));
  if (args === 'help') {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const world = args.targetOrg === null ? await localWorld(args.timeoutMs) : await targetWorld(args);
  try {
    const results = await runChecks(world, (result) => process.stdout.write(renderResult(result)));
    const failed = results.filter(({ passed }) => !passed).length;
    process.stdout.write(`${results.length - failed} checks passed, ${failed} failed\n`);
    return failed === 0 ? 0 : 1;
  } finally {
    await world.stop();
  }
};

await runCommand(main);
