/** How many elements two sides differ by, and of what kind: a missing record is one element, a changed one two. */
export const DIFFERENCES = [0, 1, 10, 100, 1_000, 6_000];

export interface Split {
  missing: number;
  changed: number;
}

/** A third of the elements are records that are missing outside, the others are of records changed there. */
export const splitOf = (elements: number): Split => {
  const third = Math.floor(elements / 3);
  // changed records are two elements each: the rest must be even
  const missing = elements === 1 ? 1 : Math.max(third - (third % 2 === elements % 2 ? 0 : 1), 0);
  return { missing, changed: (elements - missing) / 2 };
};
