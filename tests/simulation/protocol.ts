import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The root of the repository, with a slash at its end. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Where the protocol is: what says, carries, orders, applies, confirms and repeats messages. What people set up, see
 * or compare is not of it, nor are the ways to it (sockets, command lines, settings).
 */
const PROTOCOL = [
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
];
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
];

/** The files of the protocol, from the root of the repository. */
export const protocolFiles = (): string[] =>
  globSync(PROTOCOL, { cwd: ROOT })
    .filter((file) => !NOT_PROTOCOL.some((pattern) => pattern.test(file)))
    .toSorted();
