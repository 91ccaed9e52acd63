import type { Proof } from './proof.ts';

/** What the story of usage came to. */
export interface UsageFigures extends Proof {
  /** Ads that the service application has. */
  ads: number;
  /** Units that the contract has left, in words. */
  left: string;
}

/** The figures for people. */
export const renderUsage = ({ ads, entered, waiting, differences, left }: UsageFigures): string[] => [
  `  ads booked                   ${ads}`,
  `  wait for a decision          ${waiting} (booked after the contract was fulfilled, and nobody has decided yet)`,
  `  units of the contract        ${left}`,
  `  discrepancies left           ${differences.length}`,
  ...differences.map((difference) => `    ${difference}`),
  `  proof                        ${entered} of ${ads - waiting} ads entered in Salesforce as they are booked, and each sum is that of its entries`,
];
