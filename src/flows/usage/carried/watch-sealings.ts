/** Looks at seals in progress: the org goes on with them by itself, and where it does not, people hear of it. */
import type { FlowContext } from '../../../middle-layer/types.ts';
import { isStuck } from '../../../shared/seal-progress.ts';
import type { Take } from './pending-source.ts';
import type { SealingRow } from './salesforce.ts';

/** A seal in progress as `/v1/status` shows it. */
export interface ShownSealing extends Pick<SealingRow, 'contractNumber' | 'counted' | 'expected' | 'notice'> {
  movedAt: string;
  isStuck: boolean;
}

export interface SealingsWatch {
  look: Take;
  /** As seen last by this worker; null: it has not looked yet. */
  shown(): ShownSealing[] | null;
}

export const watchSealings = ({ clock, notices }: Pick<FlowContext, 'clock' | 'notices'>): SealingsWatch => {
  let seen: SealingRow[] | null = null;
  return {
    look: async (waiting) => {
      seen = await waiting.sealings();
      for (const { contractNumber, counted, expected } of seen.filter((sealing) => isStuck(sealing, clock.now())))
        notices.note(`seal in progress of contract ${contractNumber}`, {
          what: `the seal of contract ${contractNumber} does not go on: ${counted} of ${expected} entries are counted`,
          remedy:
            'read its notice in Salesforce (Contract Sealings); then run Apex: ConcordSchedule.install(); new SealTakeUp().execute(null);',
          at: clock.now(),
        });
      return false;
    },
    shown: () =>
      seen?.map((sealing) => {
        const { contractNumber, counted, expected, notice, movedAt } = sealing;
        return {
          contractNumber,
          counted,
          expected,
          notice,
          movedAt: new Date(movedAt).toISOString(),
          isStuck: isStuck(sealing, clock.now()),
        };
      }) ?? null,
  };
};
