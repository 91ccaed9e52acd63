/** The queries that stand in Apex. */

export interface FoundQuery {
  line: number;
  soql: string;
}

/** Inline SOQL, and texts that begin with SELECT, without comments. */
export const queriesOfApex = (text: string): FoundQuery[] => {
  const code = text.replace(/\/\*[^]*?\*\/|\/\/[^\n]*/g, (comment) => comment.replace(/[^\n]/g, ' '));
  const inline = [...code.matchAll(/\[\s*(SELECT\b(?:'(?:\\.|[^'\\])*'|[^'\]])*)\]/gi)];
  const texts = [...code.matchAll(/'(SELECT\b(?:\\.|[^'\\])*)'/gi)];
  return [...inline, ...texts].map((match) => ({
    line: text.slice(0, match.index).split('\n').length,
    soql: match[1]!,
  }));
};
