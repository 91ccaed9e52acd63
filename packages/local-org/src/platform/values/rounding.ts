/** The rounding modes of System.RoundingMode on integers. */

export type RoundingModeName =
  'UP' | 'DOWN' | 'CEILING' | 'FLOOR' | 'HALF_UP' | 'HALF_DOWN' | 'HALF_EVEN' | 'UNNECESSARY';

const abs = (n: bigint): bigint => (n < 0n ? -n : n);

/** Whether a quotient truncated toward zero must move one away from zero. */
const movesAway = (
  mode: RoundingModeName,
  quotient: bigint,
  twiceRemainder: bigint,
  divisor: bigint,
  negative: boolean,
): boolean => {
  switch (mode) {
    case 'UP':
      return true;
    case 'DOWN':
      return false;
    case 'CEILING':
      return !negative;
    case 'FLOOR':
      return negative;
    case 'HALF_UP':
      return twiceRemainder >= divisor;
    case 'HALF_DOWN':
      return twiceRemainder > divisor;
    case 'HALF_EVEN':
      return twiceRemainder > divisor || (twiceRemainder === divisor && (quotient & 1n) === 1n);
    case 'UNNECESSARY':
      return false;
  }
};

/** `numerator / divisor` rounded to an integer, or null when mode is UNNECESSARY and the division is not exact. */
export const divideRounded = (numerator: bigint, divisor: bigint, mode: RoundingModeName): bigint | null => {
  const quotient = numerator / divisor;
  const remainder = numerator % divisor;
  if (remainder === 0n) return quotient;
  if (mode === 'UNNECESSARY') return null;
  const negative = numerator < 0n !== divisor < 0n;
  if (!movesAway(mode, abs(quotient), abs(remainder) * 2n, abs(divisor), negative)) return quotient;
  return negative ? quotient - 1n : quotient + 1n;
};
