/** System.Math. Functions of Decimal and Double answer the type they were given; Integer arguments count as Double. */
import type { PlatformRuntime } from '../services.ts';
import type { Apex, NativeFunction, StdFactory } from '../types.ts';
import { ApexDouble, apexException, compareNumbers, Decimal } from '../values/index.ts';
import { allPresent, decimalOf, doubleToLong, integerOf, longOf, numberOf, present } from './shared/arguments.ts';

/** A function on doubles for both types. */
const real =
  (compute: (...values: number[]) => number): NativeFunction =>
  (...args: Apex[]) => {
    allPresent(...args);
    const result = compute(...args.map(numberOf));
    return args.some((value) => value instanceof Decimal) && Number.isFinite(result)
      ? Decimal.fromNumber(result)
      : new ApexDouble(result);
  };

/** A function that is exact on decimals. */
const exact =
  (onDecimal: (value: Decimal) => Decimal, onNumber: (value: number) => number): NativeFunction =>
  (value: Apex) =>
    present(value) instanceof Decimal ? onDecimal(value) : new ApexDouble(onNumber(numberOf(value)));

const halfEven = (value: number): number => {
  const floor = Math.floor(value);
  const fraction = value - floor;
  if (fraction !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
};

const abs = (value: Apex): Apex => {
  const given: Apex = present(value);
  if (given instanceof Decimal) return given.abs();
  if (given instanceof ApexDouble) return new ApexDouble(Math.abs(given.value));
  if (typeof given === 'bigint') return given < 0n ? BigInt.asIntN(64, -given) : given;
  return Math.abs(given as number) | 0;
};

/** The larger (sign 1) or smaller (sign -1) number, in the wider of the two types. */
const extreme =
  (sign: number): NativeFunction =>
  (a: Apex, b: Apex) => {
    allPresent(a, b);
    const chosen: Apex = compareNumbers(a, b) * sign >= 0 ? a : b;
    if (a instanceof Decimal || b instanceof Decimal) return decimalOf(chosen);
    if (a instanceof ApexDouble || b instanceof ApexDouble) return new ApexDouble(numberOf(chosen));
    return typeof a === 'bigint' || typeof b === 'bigint' ? longOf(chosen) : chosen;
  };

const modulo = (a: Apex, b: Apex): Apex => {
  allPresent(a, b);
  if (longOf(b) === 0n) throw apexException('MathException', 'Divide by 0');
  return typeof a === 'number' && typeof b === 'number' ? (a % b) | 0 : longOf(a) % longOf(b);
};

/** Math.round rounds half to even for decimals and half up for doubles. */
const roundToLong = (value: Apex): bigint =>
  present(value) instanceof Decimal
    ? BigInt.asIntN(64, (value as Decimal).round())
    : doubleToLong(Math.floor(numberOf(value) + 0.5));

const factory: StdFactory = ($) => ({
  name: 'Math',
  sp: { pi: { get: () => new ApexDouble(Math.PI) }, e: { get: () => new ApexDouble(Math.E) } },
  s: {
    abs,
    max: extreme(1),
    min: extreme(-1),
    mod: modulo,
    pow: (base: Apex, exponent: Apex) => new ApexDouble(numberOf(base) ** numberOf(exponent)),
    random: () => new ApexDouble(($ as PlatformRuntime).services.random()),
    ceil: exact((value) => value.setScale(0, 'CEILING'), Math.ceil),
    floor: exact((value) => value.setScale(0, 'FLOOR'), Math.floor),
    rint: exact((value) => value.setScale(0, 'HALF_EVEN'), halfEven),
    signum: exact((value) => Decimal.fromInteger(value.compareTo(Decimal.fromInteger(0))), Math.sign),
    round: (value: Apex) => integerOf(roundToLong(value)),
    roundtolong: roundToLong,
    sqrt: real(Math.sqrt),
    cbrt: real(Math.cbrt),
    exp: real(Math.exp),
    log: real(Math.log),
    log10: real(Math.log10),
    sin: real(Math.sin),
    cos: real(Math.cos),
    tan: real(Math.tan),
    asin: real(Math.asin),
    acos: real(Math.acos),
    atan: real(Math.atan),
    atan2: real(Math.atan2),
    sinh: real(Math.sinh),
    cosh: real(Math.cosh),
    tanh: real(Math.tanh),
  },
});

export default factory;
