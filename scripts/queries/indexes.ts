import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { packageDirectories } from '../metadata/package-directories.ts';

/**
 * Fields that Salesforce indexes on every object (Salesforce Help, "Indexes": the id, the name, owner, times of creation
 * and change, the record type; "Query & Search Optimization Cheat Sheet": who created and changed it) and the look-ups of a Case.
 */
const STANDARD = [
  ...['Id', 'Name', 'OwnerId', 'RecordTypeId', 'CreatedDate', 'LastModifiedDate', 'SystemModstamp'],
  ...['CreatedById', 'LastModifiedById'],
];
const STANDARD_OF: Record<string, readonly string[]> = { Case: ['AccountId', 'ContactId', 'ParentId'] };

/** Metadata of a custom field that gives it an index. */
const INDEXED = /<externalId>true<|<unique>true<|<type>(?:Lookup|MasterDetail)</;

/** Lower-cased names of the indexed fields of an object, by the project's own metadata. */
export const indexedFields = (root: string, object: string): Set<string> => {
  const files = packageDirectories(root).flatMap((directory) =>
    globSync(`${directory}/**/objects/${object}/fields/*.field-meta.xml`, { cwd: root }),
  );
  const custom = files
    .filter((path) => INDEXED.test(readFileSync(join(root, path), 'utf8')))
    .map((path) => basename(path, '.field-meta.xml'));
  return new Set([...STANDARD, ...(STANDARD_OF[object] ?? []), ...custom].map((name) => name.toLowerCase()));
};
