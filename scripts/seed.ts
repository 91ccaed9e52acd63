import { connectTo, connectToTarget } from '../src/story/org/connect.ts';
import {
  checkAgainstOrg,
  describeDoubts,
  describeRejection,
  prepareInput,
  seedRows,
} from '../src/story/seeding/seed.ts';
import { readArgs, runCommand, unusable } from 'kernel/command-line.ts';
import { findRunning } from '../src/story/running.ts';

const USAGE = `npm run seed -- --input FILE.csv --map FILE.json [--target-org USER]

  Creates a record in the org for each row of the file (default: the local org that npm start keeps running).
  exit 0: every row went in · 1: some were rejected · 2: unusable input`;

const main = async (): Promise<number> => {
  const { values } = readArgs(
    {
      options: {
        input: { type: 'string' },
        map: { type: 'string' },
        'target-org': { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    },
    USAGE,
  );
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  if (!values.input || !values.map) throw unusable('--input and --map are needed', USAGE);
  const input = await prepareInput(values.input, values.map);
  const connection = values['target-org']
    ? await connectToTarget(values['target-org'])
    : await connectTo(await findRunning());
  await checkAgainstOrg(connection, input.mapping);
  const { seeded, rejected } = await seedRows(connection, input, (done) =>
    process.stderr.isTTY ? process.stderr.write(`\r${done} of ${input.rows.length} rows sent`) : undefined,
  );
  if (process.stderr.isTTY) process.stderr.write('\n');
  const all = [...input.rejected, ...rejected].sort((a, b) => a.row - b.row);
  for (const doubt of describeDoubts(input.rows)) process.stderr.write(`${doubt}\n`);
  for (const rejection of all) process.stderr.write(`${describeRejection(rejection)}\n`);
  process.stdout.write(`${seeded.length} ${input.mapping.object} records created, ${all.length} rows rejected\n`);
  return all.length === 0 ? 0 : 1;
};

await runCommand(main);
