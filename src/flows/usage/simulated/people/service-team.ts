/** What the service team does in its application. */
import { randomUuid } from 'kernel/random.ts';
import { bookAd, cancelAd, changeAd, reportAgain, type Wanted } from '../../../../service-app/booking.ts';
import { SalesforceAway } from '../../../../service-app/contracts.ts';
import { findAd, type Ad } from '../../../../service-app/db/ads.ts';
import { Violation } from '../../../../simulation/process.ts';
import { allContracts, allLines, thousandths } from '../in-org.ts';
import { PRODUCTS } from '../org.ts';
import { POISON } from '../poison.ts';
import type { Scene } from '../scene.ts';
import type { Weighted } from '../../../../simulation/weighted.ts';
import type { Action } from './types.ts';

const BY = 'klaus';
const UNITS = ['1', '1', '2', '0.125', '2.5', '3'];
const NO_CONTRACT = '99999999';
const NO_PRODUCT = 'NO-SUCH';
/** A report goes from the application over the middle layer into the org. */
const REPORTED_WITHIN_MS = 2_000;
/** Writers who book units of one line at once. */
const WRITERS = 20;

/** Products that do not repeat, and their units: now and then more than any line has, or of a product that nobody sells. */
const usesOf = (scene: Scene): Wanted['uses'] => {
  const count = scene.chance(0.3) ? 2 : 1;
  const first = Math.floor(scene.random.next() * PRODUCTS.length);
  const uses = Array.from({ length: count }, (_, at) => ({
    productNumber: PRODUCTS[(first + at) % PRODUCTS.length] as string,
    units: scene.pick(UNITS)!,
  }));
  if (scene.chance(0.04)) uses[0]!.productNumber = NO_PRODUCT;
  if (scene.chance(0.04)) uses[0]!.units = '999999999999.999';
  return uses;
};

const wanted = async (scene: Scene, serial: number): Promise<Wanted> => {
  const contract = scene.pick(await allContracts(scene.world));
  return {
    title: scene.chance(0.15) ? `${POISON} ${serial}` : `ad ${serial}`,
    contractNumber: scene.chance(0.04) ? NO_CONTRACT : contract!.ContractNumber,
    currency: scene.chance(0.04) ? 'USD' : 'EUR',
    uses: usesOf(scene),
  };
};

/** Who gets no answer looks again later: the application, or its database, may have gone between a commit and its answer. */
export const remember = async ({ world, books }: Scene, id: string, answered: Ad | undefined): Promise<void> => {
  const stored = answered ?? (await findAd(world.db, id));
  if (stored) books.note(stored);
};

const bookWanted = async (scene: Scene, form: Wanted): Promise<void> => {
  const id = randomUuid(scene.random);
  const book = (): Promise<Ad | undefined> =>
    scene.inApp(`books ${id} ${JSON.stringify(form)}`, (context) => bookAd(context, id, form, BY));
  // a browser sends a form twice when somebody is impatient
  const answered = (await book()) ?? (scene.chance(0.5) ? await book() : undefined);
  await remember(scene, id, answered);
};

const book: Action = async (scene, serial) => bookWanted(scene, await wanted(scene, serial));

/** Twenty writers at one line, more than it may have room for. */
const rush: Action = async (scene, serial) => {
  const { contractNumber } = await wanted(scene, serial);
  scene.world.network.count('twenty writers on one line');
  for (let writer = 0; writer < WRITERS; writer++)
    await bookWanted(scene, {
      title: `ad ${serial}-${writer}`,
      contractNumber,
      currency: 'EUR',
      uses: [{ productNumber: 'GIGANTIC', units: '0.75' }],
    });
};

/** An ad that is not cancelled, as somebody has it on the screen. */
const some = (scene: Scene): Ad | undefined => scene.pick(scene.books.all.filter(({ cancelled }) => !cancelled));

const saveChanged = async (scene: Scene, ad: Ad, form: Wanted): Promise<void> => {
  const answered = await scene.inApp(`changes ${ad.id} ${JSON.stringify(form)}`, (context) =>
    changeAd(context, ad, form, BY),
  );
  await remember(scene, ad.id, answered);
};

const correct: Action = async (scene, serial) => {
  const ad = some(scene);
  if (ad) await saveChanged(scene, ad, { ...(await wanted(scene, serial)), contractNumber: ad.contractNumber });
};

const move: Action = async (scene, serial) => {
  const ad = some(scene);
  if (!ad) return;
  const { contractNumber } = await wanted(scene, serial);
  await saveChanged(scene, ad, { title: ad.title, contractNumber, currency: 'EUR', uses: ad.uses });
};

/** Corrected as soon as it is reported: what was sent of the version before may still be on its way. */
const hasten: Action = async (scene, serial) => {
  const ad = some(scene);
  if (!ad) return;
  await saveChanged(scene, ad, { ...(await wanted(scene, serial)), contractNumber: ad.contractNumber });
  for (let rounds = 0; rounds < 2; rounds++) {
    await scene.world.round();
    await scene.world.clock.advance(REPORTED_WITHIN_MS);
  }
  const reported = scene.books.all.find(({ id }) => id === ad.id)!;
  if (!reported.cancelled)
    await saveChanged(scene, reported, {
      ...(await wanted(scene, serial)),
      contractNumber: reported.contractNumber,
      title: `ad ${serial} again`,
    });
  await scene.world.round();
};

const cancel: Action = async (scene) => {
  const ad = some(scene);
  if (!ad) return;
  const answered = await scene.inApp(`cancels ${ad.id}`, (context) => cancelAd(context, ad, BY));
  await remember(scene, ad.id, answered);
};

/** What the application shows of a contract is what Salesforce has at this moment, or that it cannot be reached. */
const look: Action = async (scene) => {
  const { world } = scene;
  const contract = scene.pick(await allContracts(world))!;
  const shown = await scene.inApp(`looks at ${contract.ContractNumber}`, (_context, contracts) =>
    contracts.read(contract.ContractNumber).catch((error: unknown) => {
      if (!(error instanceof SalesforceAway)) throw error;
      return undefined;
    }),
  );
  if (!shown) return;
  const lines = (await allLines(world)).filter(({ Contract__c: id }) => id === contract.Id);
  const inOrg = lines.map((line) =>
    [
      line.Product__r.ProductCode,
      ...[line.Units__c, line.Unit_Price__c, line.Consumed_Units__c, line.Available_Units__c].map(thousandths),
    ].join(' '),
  );
  const onScreen = shown.lines.map((line) =>
    [line.productNumber, ...[line.sold, line.unitPrice, line.consumed, line.available].map(thousandths)].join(' '),
  );
  const [is, says] = [inOrg.toSorted().join(', '), onScreen.toSorted().join(', ')];
  if (shown.fulfilled !== contract.Fulfilled__c || is !== says)
    throw new Violation(`the application shows contract ${contract.ContractNumber} with ${says}, Salesforce has ${is}`);
};

const reportOnceMore: Action = async (scene) => {
  const ad = some(scene);
  if (ad) await scene.inApp(`reports ${ad.id} again`, (context) => reportAgain(context, ad.id));
};

/** Reports once more what was refused. */
export const reportRefused: Action = async (scene) => {
  const refused = await scene.world.db.query<{ id: string }>(
    "SELECT id FROM ad WHERE outcome = 'REFUSED' AND decided_version = version ORDER BY id",
  );
  for (const { id } of refused) await scene.inApp(`reports ${id} again`, (context) => reportAgain(context, id));
};

export const SERVICE_TEAM: readonly Weighted<Action>[] = [
  [6, book],
  [3, correct],
  [1.5, hasten],
  [2, move],
  [1.2, cancel],
  [0.4, rush],
  [1.5, look],
  [0.5, reportOnceMore],
];
