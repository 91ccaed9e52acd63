import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CASES } from '../../src/flows/cases/carried/name.ts';
import { USAGE } from '../../src/flows/usage/carried/name.ts';

/** The root of the repository, with a slash at its end. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Where the protocol of each flow is: what says, carries, orders, applies, confirms and repeats messages. What people set up, see
 * or compare is not of it, nor are the ways to it (sockets, command lines, settings). What all flows share counts for Cases, whose
 * seeds run more of it.
 */
const PROTOCOL: Readonly<Record<string, readonly string[]>> = {
  [CASES]: [
    'force-app/cases/main/default/classes/cases/*.cls',
    'force-app/cases/main/default/classes/reconciliation/*.cls',
    'force-app/cases/main/default/triggers/*.trigger',
    'force-app/core/main/default/classes/reconciliation/Outage.cls',
    'force-app/core/main/default/classes/shared/{SyncControls,SaveOutcome}.cls',
    'src/middle-layer/{queue,db}/*.ts',
    'src/middle-layer/service.ts',
    'src/flows/cases/carried/**/*.ts',
    'src/external-system/{messages,outbox,pollers,rules,db}/*.ts',
    'src/external-system/{records,store-revision,values-in}.ts',
  ],
  [USAGE]: [
    'force-app/usage/main/default/classes/usage/*.cls',
    'force-app/usage/main/default/triggers/*.trigger',
    'src/flows/usage/carried/**/*.ts',
    'src/service-app/{booking,decisions,messages,outcomes,repairing,reporting,seals}.ts',
    'src/service-app/db/*.ts',
    'src/shared/{check-usage-message,usage-entry,usage-seal}.ts',
  ],
};
/** Beside them in the same folders. */
const NOT_PROTOCOL = [
  // people's actions and views
  /Case(?:Intake|Retry)Invocable|CaseSyncController|VisibleCases|CaseRetryBatch|CaseBackfill/,
  // both sides compared
  /CaseDigest|\/db\/(?:digests|repairs)\.ts|\/(?:dump|refresh)-schema\.ts/,
  // what operators see, and set up
  /\/readiness\.ts|CaseFlow\.cls/,
  // erasure on request, a command of its own
  /\/erase\.ts/,
  // of usage: views, people's own actions, sign-in, what both sides compare, stamps of old records
  /UsageLinesController|ReadableColumns|ContractFulfilment|UsageFlow|UsageDigest|\/db\/(?:people|invoices)\.ts/,
];

/** The flows whose protocol is known. */
export const PROTOCOL_FLOWS: readonly string[] = Object.keys(PROTOCOL);

/** The files of a flow's protocol, from the root of the repository. */
export const protocolFiles = (flow = CASES): string[] =>
  globSync(PROTOCOL[flow]!, { cwd: ROOT })
    .filter((file) => !NOT_PROTOCOL.some((pattern) => pattern.test(file)))
    .toSorted();
