/** Extended grapheme clusters: what people take for one character. */
const SEGMENTER = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** Code units that are looked at; longer clusters are cut. */
const LONGEST = 64;

/** Where the cluster ends that begins at `at`. */
export function graphemeEnd(text: string, at: number, to: number): number {
  const [first] = SEGMENTER.segment(text.slice(at, Math.min(to, at + LONGEST)));
  return at + first!.segment.length;
}
