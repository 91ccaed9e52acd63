/** Positions in a text that a pattern can ask for. Anchors see nothing outside of the region. */
import { isLineEnd, isWord } from './character-set.ts';
import { graphemeEnd } from './grapheme.ts';
import type { Anchor } from './types.ts';

/** What is searched: a region of the text, and where the last match ended. */
export interface Region {
  text: string;
  from: number;
  to: number;
  lastEnd: number;
}

export const holds: Record<Anchor, (region: Region, at: number) => boolean> = {
  inputStart: ({ from }, at) => at === from,
  inputEnd: ({ to }, at) => at === to,
  lastLineEnd: (region, at) => isLastLineEnd(region, at),
  lastLineEndUnix: ({ text, to }, at) => at === to || (at === to - 1 && text[at] === '\n'),
  lineStart: (region, at) => {
    const { text, from, to } = region;
    if (at === from) return true;
    return at < to && isLineEnd(text.charCodeAt(at - 1), false) && !splitsLineEnd(region, at);
  },
  lineStartUnix: ({ text, from, to }, at) => at === from || (at < to && text[at - 1] === '\n'),
  lineEnd: (region, at) =>
    at === region.to || (isLineEnd(region.text.charCodeAt(at), false) && !splitsLineEnd(region, at)),
  lineEndUnix: ({ text, to }, at) => at === to || text[at] === '\n',
  wordBoundary: (region, at) => isWordBoundary(region, at),
  noWordBoundary: (region, at) => !isWordBoundary(region, at),
  graphemeBoundary: (region, at) => isGraphemeBoundary(region, at),
  lastMatchEnd: ({ lastEnd }, at) => at === lastEnd,
};

/** Between the two characters of a Windows line end. */
const splitsLineEnd = ({ text, from, to }: Region, at: number): boolean =>
  at > from && at < to && text[at - 1] === '\r' && text[at] === '\n';

/** At the end, or before the line end that the text ends with. */
function isLastLineEnd(region: Region, at: number): boolean {
  const { text, to } = region;
  if (at === to) return true;
  if (at === to - 2) return text[at] === '\r' && text[at + 1] === '\n';
  return at === to - 1 && isLineEnd(text.charCodeAt(at), false) && !splitsLineEnd(region, at);
}

function isWordBoundary({ text, from, to }: Region, at: number): boolean {
  const before = at > from && isWord(codeBefore(text, from, at));
  const behind = at < to && isWord(text.codePointAt(at)!);
  return before !== behind;
}

const codeBefore = (text: string, from: number, at: number): number => {
  const pair = at - 2 >= from ? text.codePointAt(at - 2)! : 0;
  return pair > 0xffff ? pair : text.charCodeAt(at - 1);
};

/** How far back a grapheme may have begun. */
const LONGEST = 64;

function isGraphemeBoundary({ text, from, to }: Region, at: number): boolean {
  if (at === from || at === to) return from < to;
  let start = Math.max(from, at - LONGEST);
  while (start < at) start = graphemeEnd(text, start, to);
  return start === at;
}
