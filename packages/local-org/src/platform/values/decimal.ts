/** Decimal: an integer and a scale, as arbitrary-precision decimals are in the platform. */
import { apexException } from './exception.ts';
import { LimitExceeded } from './limit-exceeded.ts';
import { divideRounded, type RoundingModeName } from './rounding.ts';

/** Significant digits that `/` keeps when the quotient does not end (IEEE 754 decimal128). */
const DIVISION_PRECISION = 34;
const NUMBER_TEXT = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/** Digits of the longest Decimal, far more than any calculation needs; arithmetic with more would take for ever. */
const MAX_DIGITS = 1_000;
const LARGEST = 10n ** BigInt(MAX_DIGITS);
const tooManyDigits = (): LimitExceeded => new LimitExceeded(`Decimal has more than ${MAX_DIGITS} digits`);

const pow10 = (n: number): bigint => {
  if (n > 4 * MAX_DIGITS) throw tooManyDigits();
  return 10n ** BigInt(n);
};
const digitCount = (n: bigint): number => (n < 0n ? -n : n).toString().length;

export class Decimal {
  readonly unscaled: bigint;
  /** Digits after the point; negative after stripping trailing zeros of round numbers. */
  readonly scale: number;

  constructor(unscaled: bigint, scale: number) {
    if (unscaled > LARGEST || unscaled < -LARGEST || Math.abs(scale) > MAX_DIGITS) throw tooManyDigits();
    this.unscaled = unscaled;
    this.scale = scale;
  }

  /** Reads `-12.50`, `1e3`; null when the text is not a number. */
  static parse(text: string): Decimal | null {
    const match = NUMBER_TEXT.exec(text.trim());
    const whole = match?.[2] ?? '';
    const fraction = match?.[3] ?? '';
    if (!match || whole + fraction === '') return null;
    if (whole.length + fraction.length > MAX_DIGITS) throw tooManyDigits();
    const unscaled = BigInt(whole + fraction);
    return new Decimal(
      match[1] === '-' ? -unscaled : unscaled,
      fraction.length - Number(match[4] ?? 0),
    ).withoutNegativeScale();
  }

  /** The shortest decimal that reads back as the same double: 0.1 is 0.1, 5 is 5. */
  static fromNumber(value: number): Decimal {
    const parsed = Decimal.parse(String(value));
    if (!parsed) throw apexException('MathException', `${value} has no decimal value`);
    return parsed;
  }

  static fromInteger(value: number | bigint): Decimal {
    return new Decimal(BigInt(value), 0);
  }

  add(other: Decimal): Decimal {
    const scale = Math.max(this.scale, other.scale);
    return new Decimal(this.#at(scale) + other.#at(scale), scale);
  }

  subtract(other: Decimal): Decimal {
    const scale = Math.max(this.scale, other.scale);
    return new Decimal(this.#at(scale) - other.#at(scale), scale);
  }

  multiply(other: Decimal): Decimal {
    return new Decimal(this.unscaled * other.unscaled, this.scale + other.scale);
  }

  /** The `/` operator: exact when the quotient ends within the precision, with the scale of the operands' difference at least. */
  over(other: Decimal): Decimal {
    other.#mustNotBeZero();
    const preferred = this.scale - other.scale;
    if (this.unscaled === 0n) return new Decimal(0n, Math.max(preferred, 0));
    const shift = Math.max(0, DIVISION_PRECISION + digitCount(other.unscaled) - digitCount(this.unscaled) + 1);
    const numerator = this.unscaled * pow10(shift);
    const raw = new Decimal(divideRounded(numerator, other.unscaled, 'DOWN')!, preferred + shift);
    const surplus = digitCount(raw.unscaled) - DIVISION_PRECISION;
    // The remainder below the digits that were computed decides ties: keep it as one more digit.
    const sticky =
      numerator % other.unscaled === 0n
        ? raw
        : new Decimal(raw.unscaled * 10n + (raw.unscaled < 0n ? -1n : 1n), raw.scale + 1);
    const rounded = surplus > 0 ? sticky.setScale(raw.scale - surplus, 'HALF_EVEN') : raw;
    return rounded.#strip(Math.max(preferred, 0)).withoutNegativeScale();
  }

  /** Decimal.divide(divisor, scale, mode). */
  divide(other: Decimal, scale: number, mode: RoundingModeName = 'HALF_EVEN'): Decimal {
    other.#mustNotBeZero();
    const exponent = scale - this.scale + other.scale;
    const [numerator, divisor] =
      exponent >= 0
        ? [this.unscaled * pow10(exponent), other.unscaled]
        : [this.unscaled, other.unscaled * pow10(-exponent)];
    return new Decimal(exact(divideRounded(numerator, divisor, mode)), scale);
  }

  setScale(scale: number, mode: RoundingModeName = 'HALF_EVEN'): Decimal {
    if (scale >= this.scale) return new Decimal(this.#at(scale), scale);
    const rounded = divideRounded(this.unscaled, pow10(this.scale - scale), mode);
    if (rounded === null) throw apexException('MathException', 'Scale insufficient');
    return new Decimal(rounded, scale);
  }

  /** To an integer, truncated toward zero. */
  toBigInt(): bigint {
    return this.setScale(0, 'DOWN').unscaled;
  }

  round(mode: RoundingModeName = 'HALF_EVEN'): bigint {
    return this.setScale(0, mode).unscaled;
  }

  pow(exponent: number): Decimal {
    if (this.precision() * exponent > 2 * MAX_DIGITS && this.unscaled !== 0n && this.abs().unscaled !== 1n)
      throw tooManyDigits();
    return new Decimal(this.unscaled ** BigInt(exponent), this.scale * exponent);
  }

  negate(): Decimal {
    return new Decimal(-this.unscaled, this.scale);
  }

  abs(): Decimal {
    return this.unscaled < 0n ? this.negate() : this;
  }

  /** -1, 0 or 1; 1.0 and 1.00 are equal. */
  compareTo(other: Decimal): number {
    const scale = Math.max(this.scale, other.scale);
    const left = this.#at(scale);
    const right = other.#at(scale);
    return left < right ? -1 : left > right ? 1 : 0;
  }

  /** Number of digits without the sign. */
  precision(): number {
    return digitCount(this.unscaled);
  }

  stripTrailingZeros(): Decimal {
    return this.unscaled === 0n ? new Decimal(0n, 0) : this.#strip(-Infinity);
  }

  toNumber(): number {
    return Number(`${this.unscaled}e${-this.scale}`);
  }

  toPlainString(): string {
    if (this.scale <= 0) return (this.unscaled * pow10(-this.scale)).toString();
    const digits = (this.unscaled < 0n ? -this.unscaled : this.unscaled).toString().padStart(this.scale + 1, '0');
    const point = digits.length - this.scale;
    return `${this.unscaled < 0n ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`;
  }

  /** String.valueOf: plain, but in scientific notation below 1E-6 and for negative scales. */
  toString(): string {
    const exponent = this.precision() - this.scale - 1;
    if (this.scale >= 0 && exponent >= -6) return this.toPlainString();
    const digits = (this.unscaled < 0n ? -this.unscaled : this.unscaled).toString();
    const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
    const power = exponent === 0 ? '' : `E${exponent > 0 ? '+' : ''}${exponent}`;
    return `${this.unscaled < 0n ? '-' : ''}${mantissa}${power}`;
  }

  withoutNegativeScale(): Decimal {
    return this.scale < 0 ? new Decimal(this.#at(0), 0) : this;
  }

  #at(scale: number): bigint {
    return this.unscaled * pow10(scale - this.scale);
  }

  #strip(minimum: number): Decimal {
    let { unscaled, scale } = this;
    while (scale > minimum && unscaled % 10n === 0n && unscaled !== 0n) {
      unscaled /= 10n;
      scale--;
    }
    return new Decimal(unscaled, scale);
  }

  #mustNotBeZero(): void {
    if (this.unscaled === 0n) throw apexException('MathException', 'Divide by 0');
  }
}

const exact = (result: bigint | null): bigint => {
  if (result === null) throw apexException('MathException', 'Rounding necessary');
  return result;
};
