/** A label with `{0}`, `{1}` and so on filled in. */
export function fill(label: string, ...values: string[]): string {
  return values.reduce((text, value, at) => text.replace(`{${at}}`, () => value), label);
}
