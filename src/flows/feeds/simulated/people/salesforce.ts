/** What people do in Salesforce with records that are fed. */
import { NAMES } from '../names.ts';
import type { Random } from 'kernel/random.ts';
import { drawn, type Weighted } from '../../../../simulation/weighted.ts';
import { FEEDS, OBJECTS, type FeedKind } from '../config.ts';
import { heldOf, type Held } from '../org.ts';
import type { Scene } from '../scene.ts';

type InSalesforce = (scene: Scene, random: Random) => Promise<unknown>;

const some = <T>(random: Random, items: readonly T[]): T | undefined => items[Math.floor(random.next() * items.length)];

const someRecord = async ({ world }: Scene, random: Random): Promise<{ feed: FeedKind; held: Held } | null> => {
  const feed = some(random, FEEDS)!;
  const held = some(random, [...(await heldOf(world, feed)).values()]);
  return held ? { feed, held } : null;
};

const someAccount = async ({ world }: Scene, random: Random): Promise<Held | undefined> =>
  some(random, [...(await heldOf(world, 'accounts')).values()]);

/** A field that the view owns. */
const edit: InSalesforce = async ({ world }, random) => {
  const found = await someRecord({ world } as Scene, random);
  if (!found) return;
  const { feed, held } = found;
  const text = `by people ${Math.floor(random.next() * 1_000)}`;
  const values = { accounts: { Phone: text }, stores: { [NAMES.phone]: text }, agreements: { [NAMES.value]: 7 } }[feed];
  await world.person(
    'PATCH',
    `/sobjects/${OBJECTS[feed].object}/${held.id}`,
    random.next() < 0.3 ? { Name: text } : values,
  );
};

/** A field that is theirs. */
const note: InSalesforce = async (scene, random) => {
  const account = await someAccount(scene, random);
  const text = `our note ${Math.floor(random.next() * 1_000)}`;
  if (account) await scene.world.person('PATCH', `/sobjects/Account/${account.id}`, { Description: text });
};

/** A store or an agreement under another account, or under none. */
const moveChild: InSalesforce = async (scene, random) => {
  const feed = random.next() < 0.5 ? 'stores' : 'agreements';
  const child = some(random, [...(await heldOf(scene.world, feed)).values()]);
  const account = random.next() < 0.6 ? await someAccount(scene, random) : undefined;
  if (child)
    await scene.world.person('PATCH', `/sobjects/${OBJECTS[feed].object}/${child.id}`, {
      [NAMES.account]: account?.id ?? null,
    });
};

const remove: InSalesforce = async (scene, random) => {
  const found = await someRecord(scene, random);
  if (found) await scene.world.person('DELETE', `/sobjects/${OBJECTS[found.feed].object}/${found.held.id}`);
};

/** Somebody finds a record in the recycle bin. It does not come back where another one has its external id now. */
const restore: InSalesforce = async ({ world }, random) => {
  const { object, externalId } = OBJECTS[some(random, FEEDS)!];
  const soql = `SELECT Id FROM ${object} WHERE IsDeleted = true AND ${externalId} != null ORDER BY Id`;
  const { records } = await world.salesforce<{ records: { Id: string }[] }>(
    'GET',
    `/queryAll?q=${encodeURIComponent(soql)}`,
  );
  const found = some(random, records);
  // and saves it: a restored record does not say by itself who restored it
  if (found) world.apex(`undelete new ${object}(Id = '${found.Id}'); update new ${object}(Id = '${found.Id}');`);
};

/** Two accounts of the feeds are one customer. */
const merge: InSalesforce = async (scene, random) => {
  const [kept, gone] = [await someAccount(scene, random), await someAccount(scene, random)];
  if (!kept || !gone || kept.id === gone.id) return;
  if (scene.world.apex(`merge new Account(Id = '${kept.id}') new Account(Id = '${gone.id}');`))
    scene.world.network.count('fed accounts merged');
};

const ALL: readonly Weighted<InSalesforce>[] = [
  [4, edit],
  [2, note],
  [1, moveChild],
  [1, remove],
  [0.8, restore],
  [0.5, merge],
];

/** Somebody does something with records that are fed. */
export const actInSalesforce = (scene: Scene, random: Random): Promise<unknown> => {
  const action = drawn(random, ALL);
  return scene.books.byOthers(async () => action?.(scene, random), { isRestore: action === restore });
};
