import type { World } from '../../../simulation/world.ts';

const GIVEN_UP = "Sync_Status__c = 'Failed' AND Sync_Error_Code__c IN ('NO_ANSWER', 'NO_CONFIRMATION')";

/** Clocks differ by up to three minutes, except those that are days ahead. */
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
 * An outage makes the org give nothing up, however long it lasts, once the middle layer has shown that it was there. What had
 * used up its attempts before may still be given up until the grace shows the outage. A heartbeat of a clock that
 * was days ahead is not believed: then the grace alone decides.
 */
export class OutageWatch {
  readonly broken: string[] = [];
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** The outage begins; what this returns is called when it has ended. */
  async begin(): Promise<() => Promise<void>> {
    const world = this.#world;
    const now = `${new Date(world.clock.now() + CLOCKS_DIFFER_MS).toISOString().slice(0, 19)}Z`;
    const shown = await world.query(
      `SELECT Id FROM Sync_Control__c WHERE Swept_At__c <= ${now} AND (Clear_Since__c = null OR Clear_Since__c <= ${now})`,
    );
    const pending = await cases(world, "Sync_Status__c = 'In Progress'");
    const fresh = new Set(
      pending
        .filter((row) => row.Sync_Attempt__c - (row.Sync_First_Attempt__c ?? 0) <= 1)
        .map(({ Sync_Key__c: key }) => key),
    );
    return async () => {
      if (shown.length === 0) return;
      for (const { Sync_Key__c: key } of await cases(world, GIVEN_UP))
        if (fresh.has(key)) this.broken.push(`the Case of ${key} was given up during an outage`);
    };
  }
}
