/** A row of EntityDefinition for each object (Tooling API, "EntityDefinition"). */
import type { PlatformRows } from '../records/platform-rows.ts';
import type { Schema } from '../types.ts';

/** `DurableId` is the object's name: where Salesforce gives a custom object an id, its name stands here, as in rows of rules. */
export function writeEntityDefinitions(rows: PlatformRows, schema: Schema): void {
  const ids = [...schema.objects.values()].map((object) =>
    rows.ensure(
      'EntityDefinition',
      { QualifiedApiName: object.name },
      {
        DurableId: object.name,
        DeveloperName: object.name.replace(/__\w+$/, ''),
        Label: object.label,
        MasterLabel: object.label,
        PluralLabel: object.labelPlural,
        KeyPrefix: object.keyPrefix,
        IsCustomSetting: object.kind === 'customSetting',
        IsQueryable: object.queryable,
        IsApexTriggerable: object.triggerable,
      },
    ),
  );
  rows.keepOnly('EntityDefinition', ids);
}
