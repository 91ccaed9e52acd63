/** SObject.clone with what only the schema knows. */
import type { PlatformRuntime } from '../../services.ts';
import type { Runtime } from '../../types.ts';
import type { SObject } from '../../values/index.ts';

const autoNumbers = ($: PlatformRuntime, object: string): ReadonlySet<string> => {
  const fields =
    $.services.schema().objects.get(object.toLowerCase())?.fields ?? new Map<string, { autoNumber?: unknown }>();
  return new Set([...fields].filter(([, field]) => field.autoNumber !== undefined).map(([key]) => key));
};

/** `options`: preserve the id, the audit fields, the auto-numbers; all false by default. */
export const cloneRecord = (
  $: Runtime,
  record: SObject,
  deep: boolean,
  options: readonly (boolean | undefined)[],
): SObject => {
  const [id = false, audit = false, autoNumber = false] = options;
  return record.clone(id, deep, audit, autoNumber, autoNumbers($ as PlatformRuntime, record.type));
};
