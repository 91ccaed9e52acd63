/** DmlException's rows (EmailException has the same): getNumDml() and its like. */
import type { NativeFunction } from '../../types.ts';
import type { PlatformRuntime } from '../../services.ts';
import { ApexList, apexException, type ApexException, type ExceptionRow } from '../../values/index.ts';
import { enumConstant } from './enum.ts';

const rowOf = (self: ApexException, index: number): ExceptionRow => {
  const row = self.rows[index];
  if (!row) throw apexException('ListException', `List index out of bounds: ${index}`);
  return row;
};

export const dmlRowMethods = ($: PlatformRuntime): Record<string, NativeFunction> => ({
  getnumdml: (self: ApexException) => self.rows.length,
  getdmlmessage: (self: ApexException, i: number) => rowOf(self, i).message,
  getdmlid: (self: ApexException, i: number) => rowOf(self, i).id,
  getdmlindex: (self: ApexException, i: number) => rowOf(self, i).index,
  getdmlfieldnames: (self: ApexException, i: number) => new ApexList('String', [...rowOf(self, i).fields]),
  getdmlfields: (self: ApexException, i: number) => {
    const { fields, object } = rowOf(self, i);
    return new ApexList(
      'Schema.SObjectField',
      object === undefined ? [] : fields.map((field) => $.sobjectField(object, field)),
    );
  },
  getdmlstatuscode: (self: ApexException, i: number) => rowOf(self, i).code,
  getdmltype: (self: ApexException, i: number) => enumConstant($.std, 'StatusCode', rowOf(self, i).code),
});
