import { smallerInteger, type SmallerLimit } from '../../../shared/hosted-project.ts';

const CLASSES = 'force-app/cases/main/default/classes';
const integer = (path: string, name: string, limit: number, smaller: number): SmallerLimit =>
  smallerInteger(`${CLASSES}/${path}.cls`, name, limit, smaller);

/** What takes millions of Cases in an org, among a dozen: the job goes span by span, a walk waits, samples are all there is. */
export const SMALLER_LIMITS: readonly SmallerLimit[] = [
  integer('reconciliation/PendingCases', 'share', 1_000, 1),
  integer('reconciliation/PendingCases', 'few', 100_000, 0),
  integer('reconciliation/KeySpans', 'casesASpan', 100_000, 4),
  integer('reconciliation/OverdueSpans', 'casesARun', 50_000, 3),
  integer('reconciliation/ReconciliationFindings', 'mostOpen', 50_000, 4),
  integer('cases/CaseWalk', 'mostWaiting', 20_000, 4),
  integer('cases/CaseWalk', 'chunksADay', 50_000, 2),
];
