import type { Clock } from 'kernel/clock.ts';

/** What the watch asks of the world. */
interface World {
  clock: Pick<Clock, 'now'>;
  query<T>(soql: string): Promise<T[]>;
}

const GIVEN_UP = "Sync_Status__c = 'Failed' AND Sync_Error_Code__c IN ('NO_ANSWER', 'NO_CONFIRMATION')";

/** Clocks differ by up to three minutes, save for those that are days ahead. */
const CLOCKS_DIFFER_MS = 5 * 60_000;

interface Row {
  Sync_Key__c: string;
  Sync_Attempt__c: number;
  Sync_First_Attempt__c: number | null;
}

const cases = (world: World, condition: string): Promise<Row[]> =>
  world.query<Row>(
    `SELECT Sync_Key__c, Sync_Attempt__c, Sync_First_Attempt__c FROM Case WHERE ${condition} ORDER BY Id`,
  );

/**
 * An outage gives nothing up, however long it lasts, once the middle layer has told that it was there. What had
 * used up its attempts before may still be given up until the grace shows the outage. A heartbeat of a clock that
 * was days ahead is not believed: then the grace alone decides.
 */
export class OutageWatch {
  readonly broken: string[] = [];

  async during(world: World, outage: () => Promise<void>): Promise<void> {
    const now = `${new Date(world.clock.now() + CLOCKS_DIFFER_MS).toISOString().slice(0, 19)}Z`;
    const told = await world.query(
      `SELECT Id FROM Sync_Control__c WHERE Swept_At__c <= ${now} AND (Clear_Since__c = null OR Clear_Since__c <= ${now})`,
    );
    const pending = await cases(world, "Sync_Status__c = 'In Progress'");
    const fresh = new Set(
      pending
        .filter((row) => row.Sync_Attempt__c - (row.Sync_First_Attempt__c ?? 0) <= 1)
        .map(({ Sync_Key__c: key }) => key),
    );
    await outage();
    if (told.length === 0) return;
    for (const { Sync_Key__c: key } of await cases(world, GIVEN_UP))
      if (fresh.has(key)) this.broken.push(`the Case of ${key} was given up during an outage`);
  }
}
