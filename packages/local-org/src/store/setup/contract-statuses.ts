import type { PlatformRows } from '../records/platform-rows.ts';
import type { Schema } from '../types.ts';

/** A row for each value of Contract.Status with its category (Object Reference, "ContractStatus"). */
export function writeContractStatuses(rows: PlatformRows, schema: Schema): void {
  const values = schema.objects.get('contract')?.fields.get('status')?.picklist ?? [];
  const ids = values.map(({ value, label, default: isDefault = false, category = null }, index) =>
    rows.ensure(
      'ContractStatus',
      { ApiName: value },
      { MasterLabel: label, SortOrder: index + 1, IsDefault: isDefault, StatusCode: category },
    ),
  );
  rows.keepOnly('ContractStatus', ids);
}
