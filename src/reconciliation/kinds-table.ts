import type { KindDescription } from './types.ts';

/** Where the table of a flow stands in a document. */
const placeOf = (flow: string): { begin: string; end: string } => ({
  begin: `<!-- kinds of ${flow}: made from src/flows/${flow}/compared/kinds.ts by \`node scripts/generate-kinds-doc.ts\` -->`,
  end: `<!-- /kinds of ${flow} -->`,
});

type Kinds = Readonly<Record<string, KindDescription>>;

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** The table of kinds in Markdown. */
export const kindsTable = (kinds: Kinds): string =>
  [
    '| kind | meaning | usual cause | who acts when repair does not | does what | automatic repair |',
    '|---|---|---|---|---|---|',
    ...Object.entries(kinds).map(
      ([kind, { meaning, cause, owner, action, repair }]) =>
        `| ${[kind, meaning, cause, owner, action, repair].map(cell).join(' | ')} |`,
    ),
  ].join('\n');

/** The document with the table of a flow's kinds brought up to date. Throws when the document has no place for it. */
export const withKindsTable = (document: string, flow: string, kinds: Kinds): string => {
  const { begin, end } = placeOf(flow);
  const [start, stop] = [document.indexOf(begin), document.indexOf(end)];
  if (start < 0 || stop < start)
    throw new Error(`the document has no place for the table: put "${begin}" and "${end}" there`);
  return `${document.slice(0, start)}${begin}\n${kindsTable(kinds)}\n${document.slice(stop)}`;
};
