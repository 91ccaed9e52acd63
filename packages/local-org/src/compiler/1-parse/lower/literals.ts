import { ApexParser } from '@apexdevtools/apex-parser';
import type { ApexToken, LiteralContext } from '@apexdevtools/apex-parser';
import type { Literal, LiteralType } from '../ast.ts';
import { atToken } from './context.ts';

const ESCAPES: Record<string, string> = { b: '\b', t: '\t', n: '\n', f: '\f', r: '\r', '"': '"', "'": "'", '\\': '\\' };

/** Resolves `\n`, `\'`, `\u0041` … */
export function unescape(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_, hex: string | undefined, char: string) =>
    hex === undefined ? (ESCAPES[char] ?? char) : String.fromCharCode(parseInt(hex, 16)),
  );
}

const MULTILINE_QUOTES = 3;

/** The body starts after the line break that follows the opening quotes. */
function multiline(text: string): string {
  return unescape(text.slice(MULTILINE_QUOTES, -MULTILINE_QUOTES).replace(/^\r?\n|^\r/, ''));
}

function typed(token: ApexToken): [LiteralType, string] {
  const { text } = token;
  switch (token.type) {
    case ApexParser.IntegerLiteral:
      return ['Integer', text];
    case ApexParser.LongLiteral:
      return ['Long', text.slice(0, -1)];
    case ApexParser.NumberLiteral:
      return /[dD]$/.test(text) ? ['Double', text.slice(0, -1)] : ['Decimal', text];
    case ApexParser.StringLiteral:
      return ['String', unescape(text.slice(1, -1))];
    case ApexParser.MultilineStringLiteral:
      return ['String', multiline(text)];
    case ApexParser.BooleanLiteral:
      return ['Boolean', text.toLowerCase()];
    default:
      return ['null', 'null'];
  }
}

export function lowerLiteralToken(token: ApexToken): Literal {
  const [type, text] = typed(token);
  return { kind: 'literal', ...atToken(token), type, text };
}

export function lowerLiteral(context: LiteralContext): Literal {
  return lowerLiteralToken(context.start);
}
