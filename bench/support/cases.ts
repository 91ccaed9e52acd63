import { fileURLToPath } from 'node:url';
import { prepareInput } from '../../src/story/seeding/seed.ts';
import type { Values } from '../../src/shared/case-messages.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Field values of Cases: the real service requests of data/, over and over, each with a subject of its own. */
export const caseValues = async (count: number): Promise<Values[]> => {
  const { rows } = await prepareInput(`${ROOT}data/nyc311-100.csv`, `${ROOT}config/nyc311.json`);
  return Array.from({ length: count }, (_, i) => {
    const { fields } = rows[i % rows.length]!;
    return { ...fields, Subject: `${String(fields.Subject)} (${i})` };
  });
};
