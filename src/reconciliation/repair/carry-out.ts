import type { ComparedObject, RepairPorts } from '../compared-object.ts';
import type { ReportedDiscrepancy } from '../types.ts';

/** Carries out each planned repair and notes what became of it; one that fails delays no other. Whether it arrives is another question. */
export const repairAll = async (
  compared: Pick<ComparedObject, 'carryOut'>,
  found: ReportedDiscrepancy[],
  ports: RepairPorts,
): Promise<void> => {
  const planned = found.filter(({ repair }) => repair !== null);
  const problems = await compared.carryOut(
    planned.map(({ repair }) => repair!),
    ports,
  );
  for (const discrepancy of planned) {
    const problem = problems.get(discrepancy.key);
    discrepancy.outcome = problem === undefined ? 'sent, not confirmed' : `failed: ${problem}`;
  }
};
