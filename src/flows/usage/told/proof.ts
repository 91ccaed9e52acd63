/** What the service application booked against what Salesforce holds: every ad, both ways. */
import type { ListedAd } from './desk.ts';

/** A usage entry that counts, or a usage exception that is open. */
export interface HeldUse {
  adId: string;
  contract: string;
  product: string;
  units: number;
}

export interface HeldLine {
  contract: string;
  product: string;
  /** The roll-up. */
  consumed: number;
}

/** Salesforce's side. */
export interface Held {
  entries: HeldUse[];
  exceptions: HeldUse[];
  lines: HeldLine[];
}

export interface Proof {
  /** Ads whose use Salesforce has entered exactly, cancelled ones (which use nothing) among them. */
  entered: number;
  /** Ads that wait for a decision, with an open exception for each use. */
  waiting: number;
  /** What does not agree, in words. */
  differences: string[];
}

const usesOf = (uses: readonly HeldUse[]): string =>
  uses
    .map(({ contract, product, units }) => `${units} × ${product} on ${contract}`)
    .sort()
    .join(', ') || 'nothing';

const bookedUses = ({ id, contract, uses }: ListedAd): HeldUse[] =>
  Object.entries(uses).map(([product, units]) => ({ adId: id, contract, product, units: Number(units) }));

const byAd = (held: readonly HeldUse[]): Map<string, HeldUse[]> => Map.groupBy(held, ({ adId }) => adId);

const sumsOfLines = ({ entries, lines }: Held): string[] =>
  lines.flatMap(({ contract, product, consumed }) => {
    const sum = entries
      .filter((entry) => entry.contract === contract && entry.product === product)
      .reduce((total, { units }) => total + units, 0);
    return sum === consumed
      ? []
      : [`the line of ${product} on ${contract} says ${consumed} consumed, its entries ${sum}`];
  });

/**
 * Compares ads one by one, and the sums of entries with the roll-ups of their lines. `late`: ids of ads that were booked
 * on a contract after it was fulfilled, which must wait for a decision.
 */
export const compare = (ads: readonly ListedAd[], held: Held, late: readonly string[]): Proof => {
  const [entries, exceptions] = [byAd(held.entries), byAd(held.exceptions)];
  const proof: Proof = { entered: 0, waiting: 0, differences: sumsOfLines(held) };
  for (const ad of ads) {
    const booked = ad.isCancelled ? 'nothing' : usesOf(bookedUses(ad));
    const waits = exceptions.has(ad.id);
    const found = usesOf((waits ? exceptions : entries).get(ad.id) ?? []);
    if (late.includes(ad.id) && !waits)
      proof.differences.push(
        `ad ${ad.id} (${ad.title}) came after its contract was fulfilled, and does not wait for a decision`,
      );
    else if (booked !== found)
      proof.differences.push(`ad ${ad.id} (${ad.title}) uses ${booked}; Salesforce has ${found}`);
    else if (waits) proof.waiting += 1;
    else proof.entered += 1;
  }
  const known = new Set(ads.map(({ id }) => id));
  for (const id of new Set([...entries.keys(), ...exceptions.keys()]))
    if (!known.has(id)) proof.differences.push(`Salesforce has an ad ${id} that nobody booked`);
  return proof;
};
