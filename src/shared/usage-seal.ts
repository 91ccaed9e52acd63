/** What seals a contract's usage: count, exact sum and digest of the entries that count. See docs/usage-protocol.md, "Seals". */
import { createHash } from 'node:crypto';
import { decimal, exactText, total } from './exact-decimal.ts';

/** A usage entry that counts, on whatever side it is kept. */
export interface SealedEntry {
  /** Ad and position: `<ad id>#<position>`. */
  key: string;
  /** Of the ad. */
  version: number;
  /** A plain decimal. */
  units: string;
  productNumber: string;
}

export interface UsageSeal {
  entries: number;
  /** Exact decimal without zeros at the end. */
  units: string;
  /** 64 hex digits. */
  digest: string;
}

/** A seal as a side tells that it holds it. */
export interface HeldSeal extends UsageSeal {
  contractNumber: string;
  /** Exact decimal. */
  amount: string;
  basisDigest: string;
  /** What the application's bookings come to; null: not told yet. */
  own: UsageSeal | null;
}

/** Seals that are asked for once more in one call. */
export const MAX_SEALS_ASKED = 100;

/** A page of seals as both holders tell it; `next`: after which contract number the next one begins, or null. */
export const pageOfSeals = <T extends HeldSeal>(seals: readonly T[], page: number): object => ({
  seals: seals.map(({ contractNumber, entries, units, amount, digest, basisDigest, own }) => ({
    contractNumber,
    entries,
    units,
    amount,
    digest,
    basisDigest,
    own,
  })),
  next: seals.length === page ? seals.at(-1)!.contractNumber : null,
});

/** Lines that are hashed together: SealDigest.BLOCK of the Apex class. */
const BLOCK = 200;

export const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** Keys in the order of their UTF-16 units, which is that of Apex's `compareTo`. */
const byKey = (a: SealedEntry, b: SealedEntry): number => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);

const lineOf = ({ key, version, units, productNumber }: SealedEntry): string =>
  [
    key,
    version,
    exactText(decimal(units)),
    productNumber.replaceAll('\\', '\\\\').replaceAll('\n', String.raw`\n`),
  ].join('|');

/** The seal of these entries, in whatever order they come. Throws RangeError when units are no plain decimal. */
export const sealOf = (entries: readonly SealedEntry[]): UsageSeal => {
  const lines = entries.toSorted(byKey).map(lineOf);
  let digest = '';
  for (let start = 0; start === 0 || start < lines.length; start += BLOCK)
    digest = sha256(`${digest}\n${lines.slice(start, start + BLOCK).join('\n')}`);
  return {
    entries: entries.length,
    units: exactText(total(entries.map(({ units }) => decimal(units)))),
    digest,
  };
};
