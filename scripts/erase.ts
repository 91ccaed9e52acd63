/** Erases the copies of a deleted record's values in every store, and proves it. */
import { runCommand } from 'kernel/command-line.ts';
import { flows } from '../src/flows/index.ts';
import { ERASE_USAGE, readEraseArguments } from './erasing/arguments.ts';
import { erase, isClean, renderErasure } from './erasing/erase.ts';
import { storesOf } from './erasing/stores.ts';

await runCommand(async () => {
  const erasable = flows.filter(({ erased }) => erased);
  const args = readEraseArguments(
    process.argv.slice(2),
    erasable.map(({ name }) => name),
  );
  if (args === 'help') {
    process.stdout.write(`${ERASE_USAGE}\n`);
    return 0;
  }
  const records = await erasable.find(({ name }) => name === args.flow)!.erased!();
  const report = await erase(records, args, await storesOf(args));
  process.stdout.write(renderErasure(report));
  return isClean(report) || report.dryRun ? 0 : 1;
});
