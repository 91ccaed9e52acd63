/** Ids of classes and triggers. */
import type { Access } from '../../store/types.ts';
import type { ApiDeps } from '../types.ts';

/** By lower-cased name; a name that has no row is left out. */
export const codeIds = (
  { store }: Pick<ApiDeps, 'store'>,
  userId: string,
  names: readonly string[],
): Map<string, string | null> => {
  const access: Access = { userId, mode: 'system', sharing: false };
  const rows = ['ApexClass', 'ApexTrigger'].flatMap(
    (object) =>
      store.query(`SELECT Id, Name FROM ${object} WHERE Name IN :names`, { access, binds: { names: [...names] } }).rows,
  );
  return new Map(rows.map(({ id, values }) => [String(values.get('Name')).toLowerCase(), id]));
};
