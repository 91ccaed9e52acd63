/** What sales does in Salesforce: it owns contracts and their lines. */
import { Violation } from '../../../../simulation/process.ts';
import { allContracts, allEntries, allLines, type ContractRow, type LineRow } from '../in-org.ts';
import { PRODUCTS } from '../org.ts';
import type { Scene } from '../scene.ts';
import { sealingsIn } from '../seals.ts';
import type { Weighted } from '../../../../simulation/weighted.ts';
import type { Action } from './types.ts';

/** So many contracts at most: each may be fulfilled. */
const MAX_CONTRACTS = 5;
/** A row lock that was drawn passes within so many tries. */
const TRIES = 5;

const productIds = async ({ world }: Scene): Promise<Map<string, string>> =>
  new Map(
    (
      await world.query<{ Id: string; ProductCode: string }>(
        'SELECT Id, ProductCode FROM Product2 WHERE ProductCode != null ORDER BY Id',
      )
    ).map(({ Id, ProductCode }) => [ProductCode, Id]),
  );

const sell: Action = async (scene) => {
  const contracts = await allContracts(scene.world);
  if (contracts.length >= MAX_CONTRACTS) return;
  const made = await scene.sales.ask('POST', '/sobjects/Contract', {
    AccountId: contracts[0]!.AccountId,
    StartDate: '2026-01-01',
    ContractTerm: 12,
    Usage_Currency__c: scene.chance(0.8) ? 'EUR' : 'USD',
    Overbooking__c: scene.chance(0.5) ? 'Block' : 'Flag',
  });
  if (made.done) await addLine(scene, (made.body as { id: string }).id, scene.pick(PRODUCTS)!);
};

const addLine = async (scene: Scene, contractId: string, code: string): Promise<void> => {
  await scene.sales.ask('POST', '/sobjects/Contract_Line__c', {
    Contract__c: contractId,
    Product__c: (await productIds(scene)).get(code),
    Units__c: 1 + Math.floor(scene.random.next() * 20),
    Unit_Price__c: 12.5,
  });
};

const openContracts = async ({ world }: Scene): Promise<ContractRow[]> =>
  (await allContracts(world)).filter(({ Fulfilled__c: fulfilled }) => !fulfilled);

const extend: Action = async (scene) => {
  const contract = scene.pick(await openContracts(scene));
  if (contract) await addLine(scene, contract.Id, scene.pick(PRODUCTS)!);
};

const lineOfOpen = async (scene: Scene, is: (line: LineRow) => boolean = () => true): Promise<LineRow | undefined> => {
  const open = new Set((await openContracts(scene)).map(({ Id }) => Id));
  return scene.pick((await allLines(scene.world)).filter((line) => open.has(line.Contract__c) && is(line)));
};

const isUnused = ({ Usage_Count__c: used }: LineRow): boolean => (used ?? 0) === 0;

/** More units, fewer, or another price. */
const change: Action = async (scene, serial) => {
  const line = await lineOfOpen(scene);
  if (!line) return;
  const units = line.Units__c + (scene.chance(0.5) ? 4.5 : -2);
  const changed = scene.chance(0.7) ? { Units__c: units } : { Unit_Price__c: 10 + serial / 4 };
  await scene.sales.ask('PATCH', `/sobjects/Contract_Line__c/${line.Id}`, changed);
};

/** Another product for a line that nobody uses. */
const exchange: Action = async (scene) => {
  const line = await lineOfOpen(scene, isUnused);
  const products = await productIds(scene);
  if (line)
    await scene.sales.ask('PATCH', `/sobjects/Contract_Line__c/${line.Id}`, {
      Product__c: products.get(scene.pick(PRODUCTS)!),
    });
};

/** A contract that is used is fulfilled. One stays open, for the rest of the play. */
export const fulfil: Action = async (scene) => {
  const used = new Set(
    (await allLines(scene.world)).filter((line) => !isUnused(line)).map(({ Contract__c: id }) => id),
  );
  const open = await openContracts(scene);
  const contract = scene.pick(open.filter(({ Id }) => used.has(Id)));
  if (contract && open.length > 1) await fulfilOne(scene, contract);
};

/** The same of the open contract that has the most entries: its seal takes the most steps. */
export const fulfilLargest: Action = async (scene) => {
  const lines = await allLines(scene.world);
  const entriesOf = ({ Id }: ContractRow): number =>
    lines.filter((line) => line.Contract__c === Id).reduce((sum, line) => sum + (line.Usage_Count__c ?? 0), 0);
  const open = await openContracts(scene);
  const [largest] = open.toSorted((a, b) => entriesOf(b) - entriesOf(a));
  if (open.length > 1 && entriesOf(largest!) > 1) await fulfilOne(scene, largest!);
};

const fulfilOne = async (scene: Scene, contract: ContractRow): Promise<void> => {
  const { done } = await scene.sales.ask('PATCH', `/sobjects/Contract/${contract.Id}`, { Fulfilled__c: true });
  if (!done) return;
  const isBegun = (await sealingsIn(scene.world)).some(({ Contract__c: id }) => id === contract.Id);
  scene.world.network.count(isBegun ? 'contract fulfilled, sealed in steps' : 'contract fulfilled');
};

/** Tries until no row lock that was drawn is in the way. */
const surely = (scene: Scene, apex: string): void => {
  for (let tries = 0; tries < TRIES; tries++) if (scene.world.apex(apex)) return;
  throw new Violation(`refused: ${apex}`);
};

/** A line is deleted by mistake, and restored. A line that is used is not deleted. */
const regretLine: Action = async (scene) => {
  scene.world.org.releaseRows();
  const line = await lineOfOpen(scene);
  if (!line) return;
  const { done } = await scene.sales.ask('DELETE', `/sobjects/Contract_Line__c/${line.Id}`);
  if (!done) return;
  if (!isUnused(line)) throw new Violation(`the line ${line.Id} was deleted, and is used`);
  scene.world.network.count('line deleted and restored');
  surely(scene, `Database.undelete('${line.Id}');`);
};

/** Whoever reports usage deletes an entry by mistake, and restores it: the sums follow both times. */
const regretEntry: Action = async (scene) => {
  const { world } = scene;
  world.org.releaseRows();
  const fulfilled = new Set(
    (await allContracts(world)).filter((row) => row.Fulfilled__c).map((row) => row.ContractNumber),
  );
  const entry = scene.pick(
    (await allEntries(world)).filter(
      (row) => !row.Cancelled__c && !fulfilled.has(row.Line__r.Contract__r.ContractNumber),
    ),
  );
  if (!entry || !world.apex(`Database.delete('${entry.Id}');`)) return;
  world.network.count('entry deleted and restored');
  const consumed = async (): Promise<number | null> =>
    (await allLines(world)).find(({ Id }) => Id === entry.Line__c)!.Consumed_Units__c;
  const without = await consumed();
  surely(scene, `Database.undelete('${entry.Id}');`);
  const difference = Math.round(((await consumed()) ?? 0) * 1000) - Math.round((without ?? 0) * 1000);
  if (difference !== Math.round(entry.Units__c * 1000))
    throw new Violation(`an entry of ${entry.Units__c} units came back, and the line has ${difference / 1000} more`);
};

/** The customer is in Salesforce twice: the contracts go on under the other account. */
const mergeAccounts: Action = async (scene, serial) => {
  const [contract] = await allContracts(scene.world);
  const merged = scene.world.apex(
    `Account kept = new Account(Name = 'Magic Ads ${serial}');
     insert kept;
     merge kept new Account(Id = '${contract!.AccountId}');`,
  );
  if (merged) scene.world.network.count('accounts merged');
};

export const SALES: readonly Weighted<Action>[] = [
  [0.8, sell],
  [0.8, extend],
  [1.2, change],
  [0.4, exchange],
  [1, fulfil],
  [0.5, regretLine],
  [0.6, regretEntry],
  [0.3, mergeAccounts],
];
