import type { FromExternal } from '../../../shared/case-messages.ts';
import type { Draft } from '../../../middle-layer/types.ts';

/** What a delivery taught about a Case. */
export interface Learned {
  key: string;
  caseId?: string | null;
  externalId?: string | null;
  /** The version whose write-back the target asked for. */
  writeBackVersion?: number;
  /** The request that follows, as if a sweep had found it. */
  request?: { version: number; attempt: number; requestedAt: string | null };
}

/** What a target said beyond how sending went. */
export interface CaseNews {
  /** What the external system answered in the receipt: taken in as if it had sent it. */
  answers?: FromExternal[];
  /** Follows at once. */
  follow?: Draft[];
  /** Follows unless a write-back of `learned.writeBackVersion` was queued before: a repeat does not write back twice. */
  followOnce?: Draft[];
  /** Follows in the place of `followOnce` when that was queued before. */
  followElse?: Draft[];
  /** Follows when this was the last attempt. */
  onDeath?: Draft[];
  learned?: Learned;
}
