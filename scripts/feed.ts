/** Brings Salesforce to agree with the views of a company's database: see FEED_USAGE. */
import { runCommand } from 'kernel/command-line.ts';
import { feedCommand } from './feeding/command.ts';

await runCommand(() =>
  feedCommand(process.argv.slice(2), { variables: process.env, output: process.stdout, errors: process.stderr }),
);
