import { ApexErrorListener, ApexParserFactory } from '@apexdevtools/apex-parser';
import type { Query } from '../ast.ts';
import { malformed, queryError } from '../errors.ts';
import { lowerQuery } from './lower.ts';

/** ANTLR's type of the end-of-input token. */
const END_OF_INPUT = -1;

class FirstError extends ApexErrorListener {
  found: { line: number; column: number } | null = null;

  override apexSyntaxError(line: number, column: number): void {
    this.found ??= { line, column: column + 1 };
  }
}

/** Parses SOQL text. What the grammar refuses, or leaves unread, is MALFORMED_QUERY. */
export function parseSoql(text: string): Query {
  checkSize(text);
  const errors = new FirstError();
  const { parser } = ApexParserFactory.createLexerAndParser(text, errors);
  const tree = parser.query();
  const next = parser.getTokenStream().LT(1);
  if (errors.found === null && next !== null && next.type !== END_OF_INPUT) {
    throw queryError(
      'MALFORMED_QUERY',
      text,
      { line: next.line, column: next.column + 1 },
      `unexpected token: '${next.text}'`,
    );
  }
  if (errors.found !== null) {
    if (!/^\s*select\b/i.test(text)) throw malformed('unexpected token: a query must begin with SELECT');
    throw queryError('MALFORMED_QUERY', text, errors.found, `unexpected token: ${tokenAt(text, errors.found)}`);
  }
  return lowerQuery(tree, text);
}

/** Characters of a query. Page: "SOQL and SOSL Limits for Search Queries": 100,000 characters. */
const MAX_LENGTH = 100_000;
/** Parentheses within each other: the grammar's parser takes far longer with each. */
const MAX_NESTING = 40;

function checkSize(text: string): void {
  if (text.length > MAX_LENGTH) throw malformed(`SOQL statements cannot be longer than ${MAX_LENGTH} characters.`);
  let depth = 0;
  for (const [token] of text.matchAll(/'(?:[^'\\]|\\[^])*'|[()]/g)) {
    if (token === '(' && ++depth > MAX_NESTING)
      throw malformed(`the local org takes conditions with up to ${MAX_NESTING} parentheses within each other`);
    if (token === ')') depth--;
  }
}

/** Salesforce names the token it stopped at. */
function tokenAt(text: string, place: { line: number; column: number }): string {
  const rest = (text.split('\n')[place.line - 1] ?? '').slice(place.column - 1);
  const token = /^(\w+|\S)/.exec(rest)?.[0];
  return token === undefined ? "'<EOF>'" : `'${token}'`;
}
