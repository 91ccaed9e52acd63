import { prepareInput } from '../../src/story/seeding/seed.ts';
import type { Values } from '../../src/shared/case-messages.ts';
import { SAMPLE } from '../../src/shared/sample.ts';

/** Field values of Cases: the real service requests of the sample, over and over, each with a subject of its own. */
export const caseValues = async (count: number): Promise<Values[]> => {
  const { rows } = await prepareInput(SAMPLE.rows, SAMPLE.mapping);
  return Array.from({ length: count }, (_, i) => {
    const { fields } = rows[i % rows.length]!;
    return { ...fields, Subject: `${String(fields.Subject)} (${i})` };
  });
};
