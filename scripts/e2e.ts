import { checkedFlows } from '../src/flows/index.ts';
import { readArguments, USAGE } from './e2e/arguments.ts';
import { localWorlds } from './e2e/local-worlds.ts';
import { renderResult, runChecks } from './e2e/run.ts';
import { targetWorlds } from './e2e/target-worlds.ts';
import { runCommand } from 'kernel/command-line.ts';

const main = async (): Promise<number> => {
  const args = readArguments(process.argv.slice(2));
  if (args === 'help') {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const checked = await checkedFlows();
  const worlds = await (args.targetOrg === null ? localWorlds(checked, args.timeoutMs) : targetWorlds(checked, args));
  try {
    const results = await runChecks(checked, worlds, (result) => process.stdout.write(renderResult(result)));
    const failed = results.filter(({ passed }) => !passed).length;
    process.stdout.write(`${results.length - failed} checks passed, ${failed} failed\n`);
    return failed === 0 ? 0 : 1;
  } finally {
    await worlds.stop();
  }
};

await runCommand(main);
