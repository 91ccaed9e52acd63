/** `npm run scratch`: makes and deletes scratch orgs with all of Concord in them. See USAGE. */
import { readArguments, USAGE } from './scratch/arguments.ts';
import { create } from './scratch/create.ts';
import { deleteScratchOrg } from './scratch/delete.ts';
import { UnusableInput } from './seeding/types.ts';
import { Progress } from './story/progress.ts';

const main = async (): Promise<number> => {
  const args = readArguments(process.argv.slice(2));
  if (args === 'help') {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const progress = new Progress();
  return args.command === 'create' ? create(args, progress) : deleteScratchOrg(args, progress);
};

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof UnusableInput ? 2 : 1;
}
process.exit();
