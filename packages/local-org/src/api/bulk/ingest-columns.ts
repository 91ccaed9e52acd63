/** The columns of an upload: what each name of the header means for the job's object. */
import type { FieldSchema, ObjectSchema, Store } from '../../store/types.ts';
import { invalidBatch } from './ingest-upload.ts';
import type { IngestJob } from './ingest-jobs.ts';

export type IngestColumn =
  | { kind: 'id' }
  | { kind: 'field'; field: FieldSchema }
  /** `Account.Number__c`, or `Lead:Who.Email` where a lookup may name several objects: a parent by its external id. */
  | { kind: 'parent'; lookup: FieldSchema; parent: ObjectSchema; by: FieldSchema };

type Job = Pick<IngestJob, 'operation' | 'object' | 'externalIdField' | 'createdById' | 'columns'>;

const notFound = (name: string): Error => invalidBatch(`Field name not found : ${name}`);

const parentColumn = (store: Store, object: ObjectSchema, name: string): IngestColumn | null => {
  const [, type, relationship = '', by = ''] = /^(?:(\w+):)?(\w+)\.(\w+)$/.exec(name) ?? [];
  const lookup = object.fields
    .values()
    .find(({ relationshipName }) => relationshipName?.toLowerCase() === relationship.toLowerCase());
  const allowed = lookup?.referenceTo ?? [];
  const named = allowed.find((each) =>
    type === undefined ? allowed.length === 1 : each.toLowerCase() === type.toLowerCase(),
  );
  const parent = named === undefined ? undefined : store.schema.objects.get(named.toLowerCase());
  const field = parent?.fields.get(by.toLowerCase());
  return lookup && parent && field?.idLookup ? { kind: 'parent', lookup, parent, by: field } : null;
};

const columnOf = (store: Store, object: ObjectSchema, job: Job, name: string): IngestColumn => {
  if (name.toLowerCase() === 'id') return { kind: 'id' };
  const field = object.fields.get(name.toLowerCase());
  const column: IngestColumn | null = field ? { kind: 'field', field } : parentColumn(store, object, name);
  if (!column || column.kind === 'id') throw notFound(name);
  const own = column.kind === 'field' ? column.field : column.lookup;
  // a field that the user may not see does not exist for the API
  if (!store.permissions.field(job.createdById, object.name, own.name, 'read')) throw notFound(name);
  return column;
};

/** What the job cannot do without. */
const requireKey = (job: Job, columns: IngestColumn[]): void => {
  const byId = job.operation !== 'insert' && (job.operation !== 'upsert' || job.externalIdField === 'Id');
  if (byId && !columns.some(({ kind }) => kind === 'id')) throw notFound('Id');
  if (job.operation !== 'upsert' || byId) return;
  if (!columns.some((column) => column.kind === 'field' && column.field.name === job.externalIdField))
    throw notFound(job.externalIdField!);
};

/** Throws JobProblem for a header that the job cannot work with. */
export const readColumns = (store: Store, object: ObjectSchema, job: Job): IngestColumn[] => {
  const seen = new Set<string>();
  for (const name of job.columns) {
    if (seen.has(name.toLowerCase())) throw invalidBatch(`Field name is there twice : ${name}`);
    seen.add(name.toLowerCase());
  }
  const columns = job.columns.map((name) => columnOf(store, object, job, name));
  requireKey(job, columns);
  if ((job.operation === 'delete' || job.operation === 'hardDelete') && columns.length > 1)
    throw invalidBatch(`Only Id is allowed in the header of a job that deletes, found ${job.columns.join(', ')}`);
  return columns;
};
