import { KINDS } from './kinds.ts';

const BEGIN = '<!-- kinds: made from src/reconciliation/kinds.ts by `node scripts/generate-kinds-doc.ts` -->';
const END = '<!-- /kinds -->';

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** The table of kinds in Markdown. */
export const kindsTable = (): string =>
  [
    '| kind | meaning | usual cause | who acts when repair does not | does what | automatic repair |',
    '|---|---|---|---|---|---|',
    ...Object.entries(KINDS).map(
      ([kind, { meaning, cause, owner, action, repair }]) =>
        `| ${[kind, meaning, cause, owner, action, repair].map(cell).join(' | ')} |`,
    ),
  ].join('\n');

/** The document with its table brought up to date. Throws when the document has no place for one. */
export const withKindsTable = (document: string): string => {
  const [start, end] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (start < 0 || end < start)
    throw new Error(`the document has no place for the table: put "${BEGIN}" and "${END}" there`);
  return `${document.slice(0, start)}${BEGIN}\n${kindsTable()}\n${document.slice(end)}`;
};
