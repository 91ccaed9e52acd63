/** An answer without its shape proves nothing: comparing it would find whole records missing. */
export class UnreadableAnswer extends Error {
  override name = 'UnreadableAnswer';
}

/** The value, when it is what was expected. `from`: whose answer it should be; `what`: what it should hold. */
export const expected = <V, T extends V>(value: V, is: (value: V) => value is T, from: string, what: string): T => {
  if (is(value)) return value;
  throw new UnreadableAnswer(`the answer of ${from} does not hold ${what}: look at what stands between, and run again`);
};
