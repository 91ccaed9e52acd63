import type { System } from '../../../src/flows/cases/told/system.ts';
import { SAMPLE } from '../../../src/shared/sample.ts';
import { prepareInput, seedRows } from '../../../src/story/seeding/seed.ts';

/** Agents save rows of the sample as Cases: those from `from` (inclusive) to `to` (exclusive). */
export const seedSample = async ({ admin }: Pick<System, 'admin'>, from: number, to: number): Promise<void> => {
  const input = await prepareInput(SAMPLE.rows, SAMPLE.mapping);
  await seedRows(admin, { ...input, rows: input.rows.slice(from, to) });
};

/** Somebody changes a Case in Salesforce. */
export const changeCase = async (
  { admin }: Pick<System, 'admin'>,
  id: string,
  values: Record<string, string>,
): Promise<void> => {
  await admin.sobject('Case').update({ Id: id, ...values });
};
