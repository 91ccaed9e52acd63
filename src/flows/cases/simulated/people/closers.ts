import { closedIds, withBeside } from '../beside.ts';
import type { Scene } from '../scene.ts';
import type { Ledger } from '../../../../simulation/ledger.ts';
import { allCases, pick, type Action, type CaseRow } from './types.ts';

/** Approvals are asked for where the subject begins so: the hostile org's approval process. */
const REFUND = 'Refund';
const CLOSED = 'Closed';
const REOPENED = 'Working';

/** Several people give the same status: which must win nobody can say. */
const setStatus = async (
  { world }: Scene,
  ledger: Ledger,
  { Id: id, Sync_Key__c: key }: Pick<CaseRow, 'Id' | 'Sync_Key__c'>,
  status: string,
): Promise<boolean> => {
  const saved = await world.person('PATCH', `/sobjects/Case/${id}`, { Status: status });
  if (saved === undefined) return false;
  world.network.count(status === CLOSED ? 'host.closed' : 'host.reopened');
  ledger.leave(key, 'Status');
  return true;
};

const close: Action = async (scene, ledger) => {
  const closed = await closedIds(scene.world);
  const row = pick(
    scene,
    (await allCases(scene)).filter(({ Id }) => !closed.has(Id)),
  );
  if (row) await setStatus(scene, ledger, row, CLOSED);
};

const closedCases = async (scene: Scene): Promise<CaseRow[]> => {
  const closed = await closedIds(scene.world);
  return (await withBeside(scene.world, allCases(scene))).filter(({ Id }) => closed.has(Id));
};

const reopen: Action = async (scene, ledger) => {
  const row = pick(scene, await closedCases(scene));
  if (row) await setStatus(scene, ledger, row, REOPENED);
};

/** All that are closed; how many could be. */
export const reopenAll = async (scene: Scene, ledger: Ledger): Promise<number> => {
  if (!scene.world.hosted) return 0;
  let reopened = 0;
  for (const row of await closedCases(scene)) if (await setStatus(scene, ledger, row, REOPENED)) reopened++;
  return reopened;
};

/** An agent asks for the approval of a refund: from then on nobody but administrators may edit the Case. */
const askForApproval: Action = async (scene, ledger, serial) => {
  const { world } = scene;
  const subject = `${REFUND} ${serial}`;
  const created = await world.person<{ id: string }>('POST', '/sobjects/Case', { Subject: subject });
  if (!created) return;
  const [row] = await world.query<CaseRow>(`SELECT Sync_Key__c FROM Case WHERE Id = '${created.id}'`);
  ledger.note(row!.Sync_Key__c, 'Subject', 'salesforce', subject, null);
  const asked = await world.person('POST', '/process/approvals', {
    requests: [{ actionType: 'Submit', contextId: created.id, nextApproverIds: [world.org.info.userId] }],
  });
  if (asked !== undefined) world.network.count('host.locked for approval');
};

const openApprovals = ({ world }: Scene): Promise<{ Id: string }[]> =>
  world.query<{ Id: string }>('SELECT Id FROM ProcessInstanceWorkitem ORDER BY Id');

const decideOn = ({ world }: Scene, id: string, isApproved: boolean): Promise<unknown> =>
  world.person('POST', '/process/approvals', {
    requests: [{ actionType: isApproved ? 'Approve' : 'Reject', contextId: id }],
  });

const decide: Action = async (scene, _ledger, serial) => {
  const asked = pick(scene, await openApprovals(scene));
  if (asked) await decideOn(scene, asked.Id, serial % 2 === 0);
};

/** All that is asked for; also of Cases that are gone, where it is refused. */
const decideAll = async (scene: Scene): Promise<void> => {
  for (const [index, { Id }] of (await openApprovals(scene)).entries()) await decideOn(scene, Id, index % 2 === 0);
};

/** Whoever looks at what is refused decides, and reopens what the other side cannot agree with. */
export const correctClosed = async (scene: Scene, ledger: Ledger): Promise<void> => {
  if (!scene.world.hosted) return;
  await decideAll(scene);
  const refused = await scene.world.db.query<{ key: string }>(
    "SELECT key FROM case_record WHERE sync_status <> 'Success'",
  );
  const keys = new Set(refused.map(({ key }) => key));
  for (const row of await closedCases(scene))
    if (row.Sync_Status__c !== 'Success' || keys.has(row.Sync_Key__c)) await setStatus(scene, ledger, row, REOPENED);
};

/** Weighted. In an org that lets nobody change a closed Case but who reopens it. */
export const CLOSERS: [weight: number, Action][] = [
  [3, close],
  [1.5, reopen],
  [1.5, askForApproval],
  [1, decide],
];
