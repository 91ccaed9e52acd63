/** Numbers as Salesforce writes them into CSV: as Java's Double.toString does, `5.0`, `1.39E8`. */
const DECIMAL_FROM = 1e-3;
const DECIMAL_BELOW = 1e7;

export const doubleText = (value: number): string => {
  const size = Math.abs(value);
  if (value === 0 || (size >= DECIMAL_FROM && size < DECIMAL_BELOW)) return withFraction(String(value));
  const [mantissa, exponent] = value.toExponential().split('e') as [string, string];
  return `${withFraction(mantissa)}E${Number(exponent)}`;
};

const withFraction = (digits: string): string => (digits.includes('.') ? digits : `${digits}.0`);
