import type { System } from '../../src/flows/cases/told/system.ts';
import type { Admin } from './admin.ts';

const LOOK_MS = 250;
/** More than any bench should take, so that one which hangs ends. */
const PATIENCE_MS = 600_000;

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, LOOK_MS));

/** Waits until every Case is `Success`; returns when that was seen, on performance's clock. */
export const allSynced = async (admin: Admin): Promise<number> => {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const left = await admin.unsynced();
    if (left === 0) return performance.now();
    if (performance.now() > until)
      throw new Error(`${left} Cases have not reached Success in ${PATIENCE_MS / 60_000} minutes`);
    await pause();
  }
};

/** Waits until the middle layer has nothing left to carry: acknowledgements go out after the last `Success`. */
export const allCarried = async ({ middleLayer }: System): Promise<void> => {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const { open } = await middleLayer.control.get<{ open: number }>('/control/idle');
    if (open === 0) return;
    if (performance.now() > until) throw new Error(`the middle layer still carries ${open} messages`);
    await pause();
  }
};
