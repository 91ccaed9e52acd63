/** `npm run scratch`: makes and deletes scratch orgs with all of Concord in them. See USAGE. */
import { readArguments, USAGE } from './scratch/arguments.ts';
import { create } from './scratch/create.ts';
import { deleteScratchOrg } from './scratch/delete.ts';
import { runCommand } from 'kernel/command-line.ts';
import { Progress } from '../src/story/progress.ts';

const main = async (): Promise<number> => {
  const args = readArguments(process.argv.slice(2));
  if (args === 'help') {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const progress = new Progress();
  return args.command === 'create' ? create(args, progress) : deleteScratchOrg(args, progress);
};

await runCommand(main);
