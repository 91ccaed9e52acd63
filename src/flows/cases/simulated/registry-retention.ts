/** What goes by retention of what the registry keeps: written down from its settings and docs/case-protocol.md, apart from the statements that delete. */
import { DEFAULT_SETTINGS } from '../../../external-system/settings.ts';
import { REGISTRY, type Scene } from './scene.ts';

interface Kept {
  outbox: { id: number; state: string; created_at: Date }[];
  revisions: { key: string; revision: number; at: Date; hasRequest: boolean }[];
  requests: { key: string; version: number; name: string; at: Date }[];
  repairs: { name: string; at: Date }[];
  records: { key: string; revision: number; acknowledged_revision: number | null }[];
}

const { sentMs, historyMs } = DEFAULT_SETTINGS.retention;
const HOUR = 60 * 60_000;
/** A while before each end, and a while after it. */
const LOOKS: readonly number[] = [sentMs - HOUR, sentMs + 100 * HOUR, historyMs - HOUR, historyMs + 100 * HOUR];

const keptBy = async ({ world: { db } }: Scene): Promise<Kept> => ({
  outbox: await db.query('SELECT id, state, created_at FROM outbox ORDER BY id'),
  revisions: await db.query(
    'SELECT key, revision, at, request_values IS NOT NULL AS "hasRequest" FROM case_revision ORDER BY key, revision',
  ),
  requests: await db.query(
    'SELECT key, version, idempotency_key AS name, at FROM case_request ORDER BY key, version, idempotency_key',
  ),
  repairs: await db.query('SELECT key AS name, at FROM case_repair ORDER BY key, at'),
  records: await db.query('SELECT key, revision, acknowledged_revision FROM case_record ORDER BY key'),
});

/** What is left by what the settings say: a name for each row. */
const leftOf = ({ outbox, revisions, requests, repairs, records }: Kept, now: number): string[] => {
  const isOld = (at: Date, ms: number): boolean => at.getTime() < now - ms;
  const recordOf = new Map(records.map((record) => [record.key, record]));
  return [
    ...outbox
      // what nobody has taken waits, whatever its age
      .filter(({ state, created_at: at }) => !(['sent', 'superseded'].includes(state) && isOld(at, sentMs)))
      .map(({ id, state }) => `message ${id}, ${state}`),
    ...revisions
      .filter(({ key, revision, at, hasRequest }) => {
        const record = recordOf.get(key);
        // the newest one is the record, and Salesforce has to have all that is forgotten
        const isPast = record && revision < record.revision && revision < (record.acknowledged_revision ?? 0);
        // the newest request is what later ones are merged with
        const isMerged = !hasRequest || revisions.some((r) => r.key === key && r.revision > revision && r.hasRequest);
        return !(isPast && isMerged && isOld(at, historyMs));
      })
      .map(({ key, revision }) => `revision ${revision} of ${key}`),
    ...requests
      .filter(({ key, version, at }) => {
        const isNewest = !requests.some((other) => other.key === key && other.version > version);
        return isNewest || !isOld(at, historyMs);
      })
      .map(({ name }) => `request ${name}`),
    ...repairs.filter(({ at }) => !isOld(at, historyMs)).map(({ name }) => `repair of ${name}`),
  ];
};

/** The registry's clock goes past each retention: what is old enough is gone, and nothing else. The last that is done in a world. */
export const retainedWrongly = async (scene: Scene): Promise<string[]> => {
  const { clock } = scene.world.process(REGISTRY);
  const broken: string[] = [];
  for (const ahead of LOOKS) {
    const wanted = await keptBy(scene);
    clock.offset = ahead;
    const expected = leftOf(wanted, clock.now());
    await scene.external.tidy();
    const found = leftOf(await keptBy(scene), -Infinity);
    const missing = expected.filter((row) => !found.includes(row));
    const left = found.filter((row) => !expected.includes(row));
    for (const row of missing) broken.push(`registry: the ${row} is deleted too early, ${ahead} ms later`);
    for (const row of left) broken.push(`registry: the ${row} is left, ${ahead} ms later`);
  }
  return broken;
};
