/** Approval processes, and what is asked of them. */
import type { Criteria, FieldUpdateSchema } from '../automation/types.ts';
import type { Access, SaveError, TriggerHost } from '../types.ts';

/** What metadata says of a process (Metadata API Developer Guide, "ApprovalProcess"). */
export interface ApprovalProcessSchema {
  name: string;
  label: string;
  description: string | null;
  active: boolean;
  criteria: Criteria;
  submitters: Person[];
  /** Whether who has to approve may edit the locked record, besides administrators. */
  approverEdits: boolean;
  allowRecall: boolean;
  steps: ApprovalStepSchema[];
  onSubmission: FieldUpdateSchema[];
  onApproval: FieldUpdateSchema[];
  onRejection: FieldUpdateSchema[];
  onRecall: FieldUpdateSchema[];
  /** Whether the record stays locked when all is decided. */
  locksApproved: boolean;
  locksRejected: boolean;
}

export interface ApprovalStepSchema {
  name: string;
  criteria: Criteria;
  /** What follows when the record does not meet the criteria. */
  otherwise: 'approve' | 'reject' | 'next';
  approvers: Person[];
  /** Whether all approvers have to agree; else the first decides. */
  unanimous: boolean;
  /** Whether a rejection leads to the step before; else it is final. */
  goesBack: boolean;
  onApproval: FieldUpdateSchema[];
  onRejection: FieldUpdateSchema[];
}

/** Somebody by name, or by what the record or the submitter says. */
export type Person =
  | { kind: 'user' | 'queue' | 'group'; name: string }
  /** A field of the record that names a user. */
  | { kind: 'field'; field: string }
  /** A field of the submitter that names a user: `Manager`. */
  | { kind: 'hierarchy'; field: string }
  /** Whom the submitter or the approver before chooses. */
  | { kind: 'chosen' }
  | { kind: 'everybody' };

export interface SubmitRequest {
  kind: 'submit';
  recordId: string;
  /** Default: who asks. */
  submitterId: string | null;
  /** Default: the first active process whose criteria the record meets. */
  process: string | null;
  skipCriteria: boolean;
  comments: string | null;
  nextApproverIds: string[];
}

export interface WorkitemRequest {
  kind: 'workitem';
  workitemId: string;
  action: 'Approve' | 'Reject' | 'Removed';
  comments: string | null;
  nextApproverIds: string[];
}

export type ApprovalRequest = SubmitRequest | WorkitemRequest;

/** Who asks, and the triggers that field updates run. */
export interface ApprovalCaller {
  access: Access;
  triggers: TriggerHost;
}

export interface ApprovalOutcome {
  success: boolean;
  errors: SaveError[];
  entityId: string | null;
  instanceId: string | null;
  /** Status of the instance: `Pending`, `Approved`, `Rejected`, `Removed`. */
  status: string | null;
  newWorkitemIds: string[];
  /** Who has to decide now. */
  actorIds: string[];
}

/** What became of the lock of one record. */
export interface LockOutcome {
  id: string;
  errors: SaveError[];
}
