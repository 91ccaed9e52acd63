/** A value as text of a page; nothing is a dash. */
export const escape = (value: string | number | boolean | null | undefined): string =>
  String(value ?? '–').replace(/[&<>"]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char]!);
