import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { simulatedCases } from '../../src/flows/cases/simulated/index.ts';
import { COMPANIES, FEEDS, nameOf } from '../../src/flows/feeds/simulated/config.ts';
import { simulatedFeeds } from '../../src/flows/feeds/simulated/index.ts';
import { allContracts, allEntries, allExceptions } from '../../src/flows/usage/simulated/in-org.ts';
import { simulatedUsage } from '../../src/flows/usage/simulated/index.ts';
import { bookAd, changeAd, type Wanted } from '../../src/service-app/booking.ts';
import { findAd } from '../../src/service-app/db/ads.ts';
import type { FlowInWorld, SimulatedFlow } from '../../src/simulation/flow.ts';
import { Play } from '../../src/simulation/play.ts';
import { openStage, type Stage } from '../../src/simulation/stage.ts';

const ROUNDS = 8;
const PAUSE_MS = 15_000;
const QUIET_MS = 40 * 60_000;

/** `2+1`: every second step from the first one on; `Infinity+9`: the ninth alone. */
const stepsOf = (text: string): [stride: number, first: number] => text.split('+').map(Number) as [number, number];
/** As .ci/run tries many; otherwise few, for time. */
const STEPS = process.env['CONCORD_STEPS'] ?? '180+1';
const STEPS_OF_USAGE = process.env['CONCORD_STEPS_OF_USAGE'] ?? null;
const STEPS_OF_FEEDS = process.env['CONCORD_STEPS_OF_FEEDS'] ?? null;

/** What people do of a flow, and what has become of it in the end. */
interface Scenario<F extends FlowInWorld> {
  /** Added to the names of its tests. */
  name: string;
  flow: SimulatedFlow<F>;
  parts: readonly string[];
  /** At which steps they die, as `stepsOf` reads it; null: .ci/run alone tries them. */
  steps: string | null;
  /** One thing after the other; rounds pass behind each. */
  acts: readonly ((play: Play<F>) => Promise<void>)[];
  /** What must be so, whatever died. */
  came: (play: Play<F>, name: string) => Promise<void>;
}

/** A Case is created here, one outside, and each is changed on the other side. */
const ofCases: Scenario<FlowInWorld> = {
  name: '',
  flow: simulatedCases,
  parts: ['middleLayer', 'external'],
  steps: STEPS,
  acts: [
    async ({ world }) => void (await world.salesforce('POST', '/sobjects/Case', { Subject: 'made inside' })),
    async ({ world }) => {
      const [row] = await world.query<{ Id: string }>('SELECT Id FROM Case');
      await world.salesforce('PATCH', `/sobjects/Case/${row!.Id}`, { Subject: 'changed inside' });
    },
  ],
  came: async ({ world }, name) => {
    const [row] = await world.query<{ Subject: string; Sync_Version__c: number }>(
      'SELECT Subject, Sync_Version__c FROM Case',
    );
    assert.deepEqual([row!.Subject, row!.Sync_Version__c], ['changed inside', 2], name);
  },
};

const AD = '0b000000-0000-4000-8000-000000000001';
const LATE = '0b000000-0000-4000-8000-000000000002';

type UsagePlay = Play<ReturnType<typeof simulatedUsage.enter>>;

/** An ad is booked, and corrected; its contract is fulfilled, and one is booked too late. Who gets no answer looks, and does it again. */
const ofUsage = (): Scenario<ReturnType<typeof simulatedUsage.enter>> => {
  const form = (contractNumber: string, units: string): Wanted => ({
    title: `of ${units}`,
    contractNumber,
    currency: 'EUR',
    uses: [{ productNumber: 'GIGANTIC', units }],
  });
  const first = async ({ world }: Play): Promise<{ Id: string; ContractNumber: string }> =>
    (await allContracts(world))[0]!;
  const book = (id: string, units: string) => async (play: UsagePlay) => {
    const { scene } = play.flows[0]!;
    const { ContractNumber: number } = await first(play);
    while (!(await findAd(play.world.db, id)))
      await scene.inApp(`books ${id}`, (context) => bookAd(context, id, form(number, units), 'klaus'));
    scene.books.note((await findAd(play.world.db, id))!);
  };
  return {
    name: '',
    flow: simulatedUsage,
    parts: ['middleLayer', 'serviceApp'],
    steps: STEPS_OF_USAGE,
    acts: [
      book(AD, '2'),
      async (play) => {
        const { scene } = play.flows[0]!;
        const { ContractNumber: number } = await first(play);
        for (;;) {
          const ad = (await findAd(play.world.db, AD))!;
          scene.books.note(ad);
          if (ad.version === 2) return;
          await scene.inApp(`corrects ${AD}`, (context) => changeAd(context, ad, form(number, '3.5'), 'klaus'));
        }
      },
      async (play) => {
        const { Id } = await first(play);
        await play.flows[0]!.scene.sales.ask('PATCH', `/sobjects/Contract/${Id}`, { Fulfilled__c: true });
      },
      book(LATE, '1'),
    ],
    came: async ({ world }, name) => {
      assert.deepEqual(
        (await allEntries(world)).map((row) => [row.Ad_Id__c, row.Version__c, row.Units__c, row.Cancelled__c]),
        [[AD, 2, 3.5, false]],
        name,
      );
      assert.deepEqual(
        (await allExceptions(world)).map((row) => [row.Ad_Id__c, row.Version__c, row.Reason__c, row.Open__c]),
        [[LATE, 1, 'Fulfilled', true]],
        name,
      );
    },
  };
};

type FeedsPlay = Play<ReturnType<typeof simulatedFeeds.enter>>;

/**
 * One company is fed, twice: first all of it is new, then rows have changed, came and vanished. Whoever died is started again.
 * `bulkFrom`: from so many rows on they go through bulk jobs.
 */
const ofFeeds = (name: string, bulkFrom: number): Scenario<ReturnType<typeof simulatedFeeds.enter>> => {
  const [company, ...others] = COMPANIES;
  const feed = ({ flows }: FeedsPlay): void => {
    for (const kind of FEEDS) flows[0]!.scene.wanted.add(nameOf(company, kind));
  };
  return {
    name,
    flow: simulatedFeeds,
    parts: ['feeds'],
    steps: STEPS_OF_FEEDS,
    acts: [
      async (play) => {
        const { views, drawn } = play.flows[0]!.scene;
        drawn.bulkFrom = bulkFrom;
        for (const other of others) for (const kind of FEEDS) views.of(other, kind).splice(0);
        const [accounts, stores, agreements] = FEEDS.map((kind) => views.of(company, kind));
        // the one that vanishes has no children: they would wait for it
        const { codigo } = accounts!.at(-1)!;
        for (const row of [...stores!, ...agreements!]) if (row.tercero === codigo) row.tercero = accounts![0]!.codigo!;
        feed(play);
      },
      async (play) => {
        const { views } = play.flows[0]!.scene;
        const [accounts, stores, agreements] = FEEDS.map((kind) => views.of(company, kind));
        accounts!.pop();
        accounts!.push({ ...accounts![0]!, codigo: '900', nombre: 'a new one' });
        stores![0]!.tercero = '900';
        stores![1]!.telefono = null;
        agreements![0]!.nombre = 'another name';
        feed(play);
      },
    ],
    came: async ({ flows }, what) => {
      assert.deepEqual(await flows[0]!.underWay(), [], what);
    },
  };
};

/** `part` dies at its n-th step. False: it was not reached. */
const diesAtStep = async <F extends FlowInWorld>(
  { flow, acts, came }: Scenario<F>,
  stage: Stage,
  { part, n }: { part: string; n: number },
): Promise<boolean> => {
  const play = await Play.open(1, stage, [flow]);
  const { world } = play;
  const rounds = async (count: number, pauseMs: number): Promise<void> => {
    for (let round = 0; round < count; round++) {
      await world.round();
      await world.clock.advance(pauseMs);
    }
  };
  const name = `${part} died at its step ${n}`;
  try {
    const life = world.process(part).life;
    life.dieIn(n);
    for (const act of acts) {
      await act(play);
      await rounds(ROUNDS, PAUSE_MS);
    }
    const died = life.dead;
    await rounds(ROUNDS, PAUSE_MS);
    // what was lost is found by the job and the pollers
    await rounds(4, QUIET_MS);
    await rounds(4, PAUSE_MS);
    assert.deepEqual(await play.atRest(), [], name);
    await came(play, name);
    return died;
  } finally {
    play.close();
  }
};

/** Scenarios of one flow, which play in one stage. */
const diesEverywhere = <F extends FlowInWorld>(...scenarios: readonly Scenario<F>[]): void => {
  const { flow } = scenarios[0]!;
  describe(`of ${flow.name}`, () => {
    let stage: Stage | null = null;
    after(() => stage?.close());

    for (const scenario of scenarios)
      for (const part of scenario.parts) {
        const { steps, name } = scenario;
        const skip = steps === null ? 'for time: .ci/run tries it' : false;
        test(`the ${part} may die at any of its steps${name}`, { skip }, async (t) => {
          const [stride, first] = stepsOf(steps!);
          stage ??= await openStage([flow]);
          let n = first;
          while (Number.isFinite(n) && (await diesAtStep(scenario, stage, { part, n }))) n += stride;
          t.diagnostic(
            Number.isFinite(n)
              ? `of its ${n - 1} steps it died at every ${stride}th from the ${first}th on`
              : `it died at step ${first}`,
          );
          assert.ok(n > Math.max(50, first), `it was done after ${n} steps`);
        });
      }
  });
};

diesEverywhere(ofCases);
diesEverywhere(ofUsage());
diesEverywhere(ofFeeds(', records in calls', 2_000), ofFeeds(', records in bulk jobs', 2));
