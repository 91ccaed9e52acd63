/** States that the org refused to save on their Cases, and the Cases as the protocol reads them (docs/host-automation.md). */
import type { World } from '../../../simulation/world.ts';
import { MODELLED, stamp } from './case-model.ts';

interface Beside extends Record<string, unknown> {
  Record_Id__c: string;
  Version__c: number;
  State__c: string;
}

/** What is laid over: the Case of any query. */
export interface Laid extends Record<string, unknown> {
  Id: string;
}

/** What was learned from outside: it counts although the Case has moved on. */
const LEARNED = ['External_Id__c', 'External_Revision__c', 'Sync_Base_Revision__c'] as const;

/** As a query tells it. Apex writes moments in another form. */
const told = (value: unknown): unknown =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) ? stamp(Date.parse(value)) : (value ?? null);

const laidOver = (row: Laid, { Version__c: version, State__c: text }: Beside): Laid => {
  const state = JSON.parse(text) as Record<string, unknown>;
  const isInScope = row['Sync_Status__c'] !== null;
  const isOfVersion = isInScope && version === row['Sync_Version__c'];
  const isNewer = Number(state['External_Revision__c'] ?? 0) > Number(row['External_Revision__c'] ?? 0);
  const counts: readonly string[] = isOfVersion ? MODELLED : isNewer ? LEARNED : [];
  return { ...row, ...Object.fromEntries(counts.flatMap((name) => (name in row ? [[name, told(state[name])]] : []))) };
};

const besideOf = async (world: World): Promise<Map<string, Beside>> => {
  const rows = world.hosted
    ? await world.query<Beside>('SELECT Record_Id__c, Version__c, State__c FROM Unsaved_Sync_State__c ORDER BY Id')
    : [];
  return new Map(rows.map((row) => [row.Record_Id__c, row]));
};

/**
 * Cases with the states that stand beside them laid over, as the protocol reads them; only fields that the Cases have.
 * Only the org that has automation of its own refuses states. Of a Case out of the scope only what was learned from outside counts.
 */
export const withBeside = async <T extends { Id: string }>(world: World, cases: Promise<T[]>): Promise<T[]> => {
  // all are asked when the promises are made: nothing comes in between
  const [rows, beside] = [cases, besideOf(world)];
  const states = await beside;
  return (await rows).map((row) => {
    const state = states.get(row.Id);
    return state === undefined ? row : (laidOver(row, state) as T);
  });
};

/** Ids of the Cases that the org lets nobody but who reopens them change. */
export const closedIds = async (world: World): Promise<Set<string>> =>
  new Set((await world.query<{ Id: string }>("SELECT Id FROM Case WHERE Status = 'Closed'")).map(({ Id }) => Id));

/** States beside Cases that the org would let be saved, or that are gone: the job stores them, or takes them away. A line each. */
export const unsavedStates = async (world: World): Promise<string[]> => {
  const beside = await besideOf(world);
  if (beside.size === 0) return [];
  const closed = await closedIds(world);
  return [...beside.keys()].filter((id) => !closed.has(id)).map((id) => `a state stands beside the Case ${id}`);
};
