/** The org that feeds are played in: as whom they log in, and what it holds of them. */
import { NAMES } from './names.ts';
import { API_ONLY, assignPermissionSets, idOf, userOf } from '../../../simulation/org-users.ts';
import type { World } from '../../../simulation/world.ts';
import { FEEDS, OBJECTS, type FeedKind } from './config.ts';
import { keyOf, type Value } from './model.ts';

const USERNAME = 'feeds@feeds.example';

export const FEEDS_APP = { consumerKey: 'feeds', consumerSecret: 'only for the simulation', runAs: USERNAME };

export const ACTIVATION: readonly string[] = [
  userOf({ username: USERNAME, alias: 'feeds', profile: API_ONLY }),
  assignPermissionSets(idOf(USERNAME), ['Companies_Feeds', 'Concord_Feeds_Integration']),
  // whoever plays people of Salesforce sees the fields, and decides on held runs
  assignPermissionSets('UserInfo.getUserId()', ['Companies_Feeds', 'Concord_Feeds_Operator']),
];

/** A record of a feed as Salesforce holds it. */
export interface Held {
  id: string;
  externalId: string;
  /** Those that the view owns; of a look-up the external id of the parent. */
  values: Record<string, Value>;
  /** What people in Salesforce own. */
  note: string | null;
}

/** Fields of the records, and of which parent a look-up tells the external id. */
const READ: Readonly<Record<FeedKind, Readonly<Record<string, string>>>> = {
  accounts: {
    Name: 'Name',
    [NAMES.company]: NAMES.company,
    Phone: 'Phone',
    [NAMES.credit]: NAMES.credit,
    [NAMES.active]: NAMES.active,
    [NAMES.since]: NAMES.since,
  },
  stores: {
    Name: 'Name',
    [NAMES.account]: `${NAMES.accountOf}.${NAMES.accountId}`,
    [NAMES.channel]: NAMES.channel,
    [NAMES.phone]: NAMES.phone,
  },
  agreements: {
    Name: 'Name',
    [NAMES.store]: `${NAMES.storeOf}.${NAMES.storeId}`,
    [NAMES.account]: `${NAMES.accountOf}.${NAMES.accountId}`,
    [NAMES.value]: NAMES.value,
    [NAMES.state]: NAMES.state,
  },
};

type Record_ = Record<string, Value | Record<string, Value>>;

const at = (record: Record_, path: string): Value => {
  const [name, below] = path.split('.') as [string, string | undefined];
  const value = record[name] ?? null;
  if (below === undefined) return value as Value;
  // external ids are compared without case
  return value === null ? null : String((value as Record<string, Value>)[below]).toLowerCase();
};

/** What Salesforce holds of a feed of all companies, by key: records with an external id. */
export const heldOf = async (world: World, feed: FeedKind): Promise<Map<string, Held>> => {
  const { object, externalId } = OBJECTS[feed];
  const fields = READ[feed];
  const note = feed === 'accounts' ? ', Description' : '';
  const records = await world.query<Record_>(
    `SELECT Id, ${externalId}, ${Object.values(fields).join(', ')}${note} FROM ${object} WHERE ${externalId} != null ORDER BY Id`,
  );
  return new Map(
    records.map((record) => [
      keyOf(feed, record[externalId] as string),
      {
        id: record.Id as string,
        externalId: record[externalId] as string,
        values: Object.fromEntries(Object.entries(fields).map(([name, path]) => [name, at(record, path)])),
        note: feed === 'accounts' ? (record.Description as string | null) : null,
      },
    ]),
  );
};

/** All that Salesforce holds of all feeds. */
export const allHeld = async (world: World): Promise<Map<string, Held>> => {
  const all = new Map<string, Held>();
  for (const feed of FEEDS) for (const [key, held] of await heldOf(world, feed)) all.set(key, held);
  return all;
};
