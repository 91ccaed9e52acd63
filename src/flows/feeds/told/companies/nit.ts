/** Weights of the digits from the right: Orden Administrativa 4 de 1989 of Colombia's tax office, the DIAN. */
const WEIGHTS = [3, 7, 13, 17, 19, 23, 29, 37, 41, 43, 47, 53, 59, 67, 71];

/** The check digit of a NIT, Colombia's number of a taxpayer: `890900608` → `9`. Throws RangeError for what is not 1 to 15 digits. */
export const checkDigit = (nit: string): string => {
  if (!/^\d{1,15}$/.test(nit)) throw new RangeError(`a NIT has 1 to 15 digits, not ${JSON.stringify(nit)}`);
  const sum = [...nit].reverse().reduce((total, digit, place) => total + Number(digit) * WEIGHTS[place]!, 0);
  const rest = sum % 11;
  return String(rest < 2 ? rest : 11 - rest);
};
