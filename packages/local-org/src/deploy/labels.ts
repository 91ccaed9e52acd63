/** Custom labels are components of their own, although one file holds them all (Metadata API Developer Guide, CustomLabels). */
const LABEL = /<labels>[\s\S]*?<\/labels>/g;
const FULL_NAME = /<fullName>\s*([^<]*?)\s*<\/fullName>/;

const nameOf = (label: string): string => FULL_NAME.exec(label)?.[1]?.toLowerCase() ?? label;

export const isLabelsFile = (path: string): boolean => path.endsWith('.labels-meta.xml');

/** The labels of both files in one: one that both have is taken from the later, at its place in the earlier. */
export const mergedLabels = (earlier: Uint8Array, later: Uint8Array): Uint8Array => {
  const file = Buffer.from(earlier).toString('utf8');
  const labels = new Map(
    [file, Buffer.from(later).toString('utf8')].flatMap((text) =>
      (text.match(LABEL) ?? []).map((label): [string, string] => [nameOf(label), label]),
    ),
  );
  const end = file.lastIndexOf('</CustomLabels>');
  // a file that is none, or is empty, has nothing to keep
  if (end < 0) return later;
  const began = file.search(LABEL);
  const head = file.slice(0, began < 0 ? end : began);
  return Buffer.from(`${head}${[...labels.values()].join('\n    ')}\n</CustomLabels>\n`, 'utf8');
};
