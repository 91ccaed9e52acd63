import type { Binds } from '../../types.ts';
import type { SqlValue } from '../../database/database.ts';

/** What a parameter's value may depend on when a plan runs. */
export interface RunContext {
  binds: Binds;
  /** Epoch milliseconds. */
  now: number;
  userId: string;
  /** Ids of the owners whose records the user may see under a private sharing model, as JSON. */
  visibleOwners(): string;
  /** For a child subquery: the ids of the parents that were found, as a JSON array. */
  parentIds: string;
}

export type Param = (run: RunContext) => SqlValue;

/** A piece of SQL with the parameters of its question marks, in order. */
export interface Sql {
  text: string;
  params: Param[];
}

/** SQL text without parameters. */
export const raw = (text: string): Sql => ({ text, params: [] });

/** A question mark and its value. */
export const param = (value: Param): Sql => ({ text: '?', params: [value] });

/** Template tag: interpolated pieces keep their parameters in order; strings are SQL text. */
export function sql(strings: TemplateStringsArray, ...pieces: (Sql | string)[]): Sql {
  let text = strings[0]!;
  const params: Param[] = [];
  pieces.forEach((piece, index) => {
    if (typeof piece === 'string') text += piece;
    else {
      text += piece.text;
      params.push(...piece.params);
    }
    text += strings[index + 1]!;
  });
  return { text, params };
}

export const joinSql = (pieces: Sql[], separator: string): Sql => ({
  text: pieces.map((piece) => piece.text).join(separator),
  params: pieces.flatMap((piece) => piece.params),
});
