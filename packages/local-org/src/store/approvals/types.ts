/** Approval processes, as their metadata describes them. */
import type { Criteria, FieldUpdateSchema } from '../automation/types.ts';

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
