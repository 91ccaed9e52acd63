/** Seals of fulfilled contracts: taken in, compared with the bookings here, and the comparison told to the middle layer. */
import type { Transport } from 'kernel/http.ts';
import { randomUuid } from 'kernel/random.ts';
import { handOver, type BatchReceiver } from '../shared/batches.ts';
import type { OwnSealMessage, SealMessage } from '../shared/usage-messages.ts';
import { sealOf, sha256 } from '../shared/usage-seal.ts';
import type { Context } from './context.ts';
import { appliedEntries, differingSeals, insertSeal, markTold, saveOwn, tellAgain, untoldSeals } from './db/seals.ts';

/** Seals in one call, and looked at in one pass. */
const MAX_SEALS = 100;

/** Whether the basis is the one that its digest is of. */
export const isWhole = ({ basis, basisDigest }: Pick<SealMessage, 'basis' | 'basisDigest'>): boolean =>
  sha256(basis) === basisDigest;

/** Keeps a seal beside what the bookings here come to. A repeat changes nothing; one that was asked for lets that be told once more. */
export const takeSeal = ({ db, clock }: Context, seal: SealMessage): Promise<void> =>
  db.transaction(async (tx) => {
    const [own, now] = [sealOf(await appliedEntries(tx, seal.contractNumber)), new Date(clock.now())];
    await insertSeal(tx, seal, own, now);
    if (seal.again) await tellAgain(tx, seal.contractNumber, own, now);
  });

/** Looks again at the bookings of contracts whose seal differs: an outcome may have come later than the seal. */
export const compareAgain = async ({ db, clock }: Context): Promise<void> => {
  for (const contractNumber of await differingSeals(db, MAX_SEALS)) await compareSeal({ db, clock }, contractNumber);
};

/** Looks again at the bookings of a sealed contract. */
export const compareSeal = ({ db, clock }: Pick<Context, 'db' | 'clock'>, contractNumber: string): Promise<unknown> =>
  db.transaction(async (tx) =>
    saveOwn(tx, contractNumber, sealOf(await appliedEntries(tx, contractNumber)), new Date(clock.now())),
  );

/** Tells the middle layer what the bookings of sealed contracts come to; returns of how many contracts it took it. */
export const tellOwnSeals = async (
  { db, random }: Context,
  transport: Transport,
  receiver: BatchReceiver,
): Promise<number> => {
  const untold = await untoldSeals(db, MAX_SEALS);
  if (untold.length === 0) return 0;
  const messages = untold.map(({ contractNumber, own, since }): OwnSealMessage => ({
    kind: 'ownSeal',
    id: randomUuid(random),
    contractNumber,
    ...own,
    since: since.toISOString(),
  }));
  const receipts = await handOver(transport, receiver, '/v1/usage/own-seals', messages);
  const taken = new Set((receipts ?? []).filter(({ accepted }) => accepted).map(({ id }) => id));
  const told = messages.filter(({ id }) => taken.has(id));
  for (const { contractNumber, since } of told) await markTold(db, contractNumber, since);
  return told.length;
};
