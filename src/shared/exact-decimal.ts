/** Exact decimals of units and prices: whole numbers of their last digit, so that no float is made of them anywhere. */

const FORM = /^(-?)(\d+)(?:\.(\d+))?$/;

/** A decimal as `digits` × 10^-`scale`. */
export interface Decimal {
  digits: bigint;
  scale: number;
}

/** Throws RangeError when the text is no plain decimal: `12.50`, `-3`. */
export const decimal = (text: string): Decimal => {
  const [, sign, whole, behind = ''] = FORM.exec(text) ?? [];
  if (whole === undefined) throw new RangeError(`${JSON.stringify(text)} is no plain decimal`);
  const digits = BigInt(whole + behind);
  return { digits: sign === '-' ? -digits : digits, scale: behind.length };
};

/** A number as JSON writes it, which may have an exponent: `1.5E7`. Throws RangeError when the text is none. */
export const decimalOfNumber = (text: string): Decimal => {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const { digits, scale } = decimal(mantissa);
  const moved = scale - Number(exponent);
  return moved >= 0 ? { digits, scale: moved } : { digits: digits * 10n ** BigInt(-moved), scale: 0 };
};

const atScale = ({ digits, scale }: Decimal, wanted: number): bigint => digits * 10n ** BigInt(wanted - scale);

export const plus = (a: Decimal, b: Decimal): Decimal => {
  const scale = Math.max(a.scale, b.scale);
  return { digits: atScale(a, scale) + atScale(b, scale), scale };
};

export const times = (a: Decimal, b: Decimal): Decimal => ({ digits: a.digits * b.digits, scale: a.scale + b.scale });

export const isEqual = (a: Decimal, b: Decimal): boolean => {
  const scale = Math.max(a.scale, b.scale);
  return atScale(a, scale) === atScale(b, scale);
};

export const ZERO: Decimal = { digits: 0n, scale: 0 };

export const total = (values: readonly Decimal[]): Decimal => values.reduce(plus, ZERO);

/** Rounded to so many digits behind the point, half away from zero, as commercial rounding does. */
export const rounded = (value: Decimal, scale: number): Decimal => {
  if (value.scale <= scale) return { digits: atScale(value, scale), scale };
  const unit = 10n ** BigInt(value.scale - scale);
  const half = value.digits < 0n ? -unit / 2n : unit / 2n;
  return { digits: (value.digits + half) / unit, scale };
};

/** All digits that the scale has: `12.50`. */
export const fixedText = ({ digits, scale }: Decimal): string => {
  const plain = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0');
  const whole = plain.slice(0, plain.length - scale);
  return `${digits < 0n ? '-' : ''}${whole}${scale > 0 ? `.${plain.slice(-scale)}` : ''}`;
};

/** Without zeros at the end: `12.5`, as Apex's ExactDecimal writes it. */
export const exactText = (value: Decimal): string => {
  const text = fixedText(value);
  return value.scale > 0 ? text.replace(/\.?0+$/, '') : text;
};
