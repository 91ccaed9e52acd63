import type { UnusableInput } from 'kernel/command-line.ts';
import { readArgs, unusable } from 'kernel/command-line.ts';

export interface EraseArguments {
  flow: string;
  which: { key: string } | { id: string };
  /** The record lives on: what it held before is erased. */
  former: boolean;
  dryRun: boolean;
  targetOrg: string | null;
  externalUrl: string | null;
  middleLayerUrl: string | null;
}

export const ERASE_USAGE = `npm run erase -- --flow NAME (--key KEY | --id ID) [--former] [--dry-run] [--target-org USER --external-url URL --middle-layer-url URL]

  Erases what Concord keeps of a deleted record's values: messages, dead letters, conflicts, intake in the middle layer; the record,
  its history, requests, repairs and sent messages outside; the values in Salesforce's discrepancies. Then it searches every column
  of both databases for these texts, and says where it looked and what is left. Keys, numbers, times and the audit stay: they hold no values.

  --flow         cases
  --key, --id    the record: its key (for a Case its Sync_Key__c), or its Salesforce id
  --former       the record lives on: its values were replaced (anonymised) in Salesforce, and have arrived outside. Only what it held
                 before is erased, and looked for; texts that it holds still are not
  --dry-run      say what would be erased, and erase nothing
  --target-org   an org this machine is logged in to (default: the parts that npm start keeps running); its user needs the permission
                 sets Concord_Erasure and those of operators. The secrets are read from the variables that the middle layer
                 reads too: NAME_EXTERNAL_TOKEN of the flow, and MIDDLE_LAYER_OPERATOR_TOKEN

exit 0: erased, and nothing of it was found · 1: refused, or something is left · 2: unusable arguments`;

const misuse = (problem: string): UnusableInput => unusable(problem, ERASE_USAGE);

/** Throws UnusableInput. */
export const readEraseArguments = (args: string[], flows: readonly string[]): EraseArguments | 'help' => {
  const { values } = readArgs(
    {
      args,
      options: {
        flow: { type: 'string' },
        key: { type: 'string' },
        id: { type: 'string' },
        former: { type: 'boolean', default: false },
        'dry-run': { type: 'boolean', default: false },
        'target-org': { type: 'string' },
        'external-url': { type: 'string' },
        'middle-layer-url': { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    },
    ERASE_USAGE,
  );
  if (values.help) return 'help';
  const { flow, key, id, 'target-org': targetOrg = null } = values;
  const { 'external-url': externalUrl = null, 'middle-layer-url': middleLayerUrl = null } = values;
  if (!flow || !flows.includes(flow)) throw misuse(`--flow must be one of ${flows.join(', ')}`);
  if ((key === undefined) === (id === undefined)) throw misuse('name the record by --key or by --id');
  if ((targetOrg === null) !== (externalUrl === null) || (targetOrg === null) !== (middleLayerUrl === null))
    throw misuse(
      '--target-org, --external-url and --middle-layer-url go together: all three stores, or those of npm start',
    );
  return {
    flow,
    which: key === undefined ? { id: id! } : { key },
    former: values.former,
    dryRun: values['dry-run'],
    targetOrg,
    externalUrl,
    middleLayerUrl,
  };
};
