/** Rounds to `scale` decimals, halves away from zero, by the decimal digits that the number prints with. */
export function roundHalfUp(value: number, scale: number): number {
  const [digits = '0', exponent = '0'] = String(Math.abs(value)).split('e');
  const shifted = Math.round(Number(`${digits}e${Number(exponent) + scale}`));
  const [shown = '0', power = '0'] = String(shifted).split('e');
  const rounded = Number(`${shown}e${Number(power) - scale}`);
  return value < 0 ? -rounded : rounded;
}
