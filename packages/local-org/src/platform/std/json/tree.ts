/** JSON as a tree that keeps numbers as written and remembers where everything stood. */
import type { Token, Tokenizer } from './tokens.ts';
import { apexException } from '../../values/index.ts';

export type Node =
  | { kind: 'object'; token: Token; entries: [string, Node, Token][] }
  | { kind: 'array'; token: Token; items: Node[] }
  | { kind: 'scalar'; token: Token };

/** Reads the value that `first` begins. */
export const readNode = (tokens: Tokenizer, first: Token): Node => {
  if (first.kind === 'START_OBJECT') {
    const entries: [string, Node, Token][] = [];
    for (let name = tokens.next()!; name.kind !== 'END_OBJECT'; name = tokens.next()!) {
      entries.push([name.text, readNode(tokens, tokens.next() ?? endOfInput(tokens)), name]);
    }
    return { kind: 'object', token: first, entries };
  }
  if (first.kind === 'START_ARRAY') {
    const items: Node[] = [];
    for (let token = tokens.next()!; token.kind !== 'END_ARRAY'; token = tokens.next()!)
      items.push(readNode(tokens, token));
    return { kind: 'array', token: first, items };
  }
  return { kind: 'scalar', token: first };
};

const endOfInput = (tokens: Tokenizer): never => {
  throw tokens.error('Unexpected end-of-input');
};

/** Reads the whole text: one value. */
export const readTree = (tokens: Tokenizer): Node => {
  const first = tokens.next();
  if (first === null) throw apexException('JSONException', 'No content to map to Object due to end of input');
  return readNode(tokens, first);
};
