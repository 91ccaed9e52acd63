/** Numbers as the context user reads them. */
import type { PlatformRuntime } from '../../services.ts';

/** Integer.format(), Decimal.format(): grouped, at most three decimals, rounded half-even. */
export const formatNumber = ($: PlatformRuntime, plain: string): string => {
  const format = new Intl.NumberFormat($.services.user().locale.replaceAll('_', '-'), {
    maximumFractionDigits: 3,
    roundingMode: 'halfEven',
  });
  // A string keeps digits that a JavaScript number would lose.
  return format.format(plain as unknown as number);
};
