/** Regular expressions in the syntax and with the answers of java.util.regex, whose searches always end. */
export { Input } from './input.ts';
export { Regex } from './regex.ts';
export type { Match, Search } from './regex.ts';
export { RegexSyntaxError, RegexTooComplicated } from './types.ts';
