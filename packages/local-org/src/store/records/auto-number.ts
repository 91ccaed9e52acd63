/**
 * Formats a number by an auto number's display format: `{0000}` is the number, padded; `{YYYY}`,
 * `{YY}`, `{MM}` and `{DD}` are parts of the current date; everything else stays.
 */
export function formatAutoNumber(format: string, value: number, now: number): string {
  const date = new Date(now).toISOString();
  const parts: Record<string, string> = {
    YYYY: date.slice(0, 4),
    YY: date.slice(2, 4),
    MM: date.slice(5, 7),
    DD: date.slice(8, 10),
  };
  return format.replace(/\{([^}]*)\}/g, (whole, inside: string) => {
    if (/^0+$/.test(inside)) return String(value).padStart(inside.length, '0');
    return parts[inside] ?? whole;
  });
}
