/** Test.loadData: records from a static resource in CSV. */
import { parse } from 'csv-parse/sync';
import type { PlatformRuntime, TestSupport } from '../../services.ts';
import { ApexList, apexException, SObject } from '../../values/index.ts';
import { fieldFromText } from './field-text.ts';
import { objectSchema } from './sobject-type.ts';

/** Inserts the rows and answers the records. Columns are field names; empty cells are left out. */
export const loadCsv = ($: PlatformRuntime, test: TestSupport, object: string, resource: string): ApexList => {
  const content = test.staticResource(resource);
  if (content === null) throw apexException('StringException', `Static Resource not found: ${resource}`);
  const rows = parse<Record<string, string>>(Buffer.from(content), {
    bom: true,
    columns: true,
    skip_empty_lines: true,
    trim: true,
  });
  const records = rows.map((row) => {
    const record = new SObject(object);
    for (const [column, text] of Object.entries(row)) {
      const field = objectSchema($, object)?.fields.get(column.toLowerCase());
      if (!field) throw apexException('SObjectException', `Invalid field ${column} for ${object}`);
      // Ids in the file only tie its rows together; the records get their own.
      if (field.type !== 'id' && text !== '') record.put(field.name, fieldFromText(field, text));
    }
    return record;
  });
  if (records.length > 0) $.services.dml({ operation: 'insert', records, allOrNone: true });
  return new ApexList(object, records);
};
