import { smallerInteger, type SmallerLimit } from '../../../shared/hosted-project.ts';

const CLASSES = 'force-app/usage/main/default/classes/usage';

/** What takes tens of thousands of usage entries, among a handful: a contract of two entries is sealed in steps. */
export const SMALLER_LIMITS: readonly SmallerLimit[] = [
  smallerInteger(`${CLASSES}/ContractSealing.cls`, 'maxEntries', 40_000, 1),
  smallerInteger(`${CLASSES}/SealStep.cls`, 'slice', 10_000, 1),
];
