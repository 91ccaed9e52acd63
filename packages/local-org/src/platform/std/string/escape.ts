/** Escaping of text for CSV, HTML, XML, JavaScript and Java, and back. */
import type { NativeFunction } from '../../types.ts';
import { ISO_8859_1_ENTITIES, SYMBOL_ENTITIES } from './entities.ts';

const BASIC: Record<string, string> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot' };
const hex4 = (unit: number): string => `\\u${unit.toString(16).toUpperCase().padStart(4, '0')}`;

const SHORT: Record<string, string> = {
  '\b': '\\b',
  '\n': '\\n',
  '\t': '\\t',
  '\f': '\\f',
  '\r': '\\r',
  '"': '\\"',
  '\\': '\\\\',
};
const LONG: Record<string, string> = { b: '\b', n: '\n', t: '\t', f: '\f', r: '\r' };

const escapeJava = (text: string, also: Record<string, string> = {}): string =>
  text.replace(/[^]/g, (c) => also[c] ?? SHORT[c] ?? (c < ' ' || c > '~' ? hex4(c.charCodeAt(0)) : c));

const unescapeJava = (text: string): string =>
  text.replace(
    /\\(?:u+([0-9a-fA-F]{4})|([0-3]?[0-7]{1,2})|([^]))/g,
    (_, hex?: string, octal?: string, other?: string) => {
      if (hex !== undefined) return String.fromCharCode(parseInt(hex, 16));
      return octal === undefined ? (LONG[other!] ?? other!) : String.fromCharCode(parseInt(octal, 8));
    },
  );

const escapeHtml = (text: string, names: Record<string, string>): string =>
  text.replace(/[^]/g, (c) => (names[c] === undefined ? c : `&${names[c]};`));

const unescapeHtml = (text: string, names: Record<string, string>): string => {
  const characters = new Map(Object.entries(names).map(([character, name]) => [name, character]));
  return text.replace(
    /&(?:#(\d+)|#[xX]([0-9a-fA-F]+)|(\w+));/g,
    (whole, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return characters.get(name) ?? whole;
      const code = decimal === undefined ? parseInt(hex!, 16) : Number(decimal);
      return code > 0x10ffff ? whole : String.fromCodePoint(code);
    },
  );
};

const HTML3 = { ...BASIC, ...ISO_8859_1_ENTITIES };
const HTML4 = { ...HTML3, ...SYMBOL_ENTITIES };
const XML = { ...BASIC, "'": 'apos' };

export const escape: Record<string, NativeFunction> = {
  escapecsv: (self: string) => (/[,"\r\n]/.test(self) ? `"${self.replaceAll('"', '""')}"` : self),
  unescapecsv: (self: string) =>
    /^"[^]*"$/.test(self) && /[,"\r\n]/.test(self.slice(1, -1)) ? self.slice(1, -1).replaceAll('""', '"') : self,
  escapeecmascript: (self: string) => escapeJava(self, { "'": "\\'", '/': '\\/' }),
  unescapeecmascript: unescapeJava,
  escapejava: (self: string) => escapeJava(self),
  unescapejava: unescapeJava,
  escapehtml3: (self: string) => escapeHtml(self, HTML3),
  unescapehtml3: (self: string) => unescapeHtml(self, HTML3),
  escapehtml4: (self: string) => escapeHtml(self, HTML4),
  unescapehtml4: (self: string) => unescapeHtml(self, HTML4),
  escapexml: (self: string) => escapeHtml(self, XML),
  unescapexml: (self: string) => unescapeHtml(self, XML),
  escapeunicode: (self: string) => self.replace(/[^ -~]/g, (c) => hex4(c.charCodeAt(0))),
  unescapeunicode: (self: string) =>
    self.replace(/\\u+([0-9a-fA-F]{4})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
};
