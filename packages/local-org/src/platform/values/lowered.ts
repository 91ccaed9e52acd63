/**
 * Names in lower case, by which fields and objects are found. Programs use few names, and each of them very often: what
 * was lowered once is looked up, which also spares hashing a new text for each look-up that follows.
 */
const MAX_NAMES = 20_000;
const known = new Map<string, string>();

export const lowered = (name: string): string => {
  let lower = known.get(name);
  if (lower === undefined) {
    lower = name.toLowerCase();
    // names that a program makes up have no end
    if (known.size >= MAX_NAMES) known.clear();
    known.set(name, lower);
  }
  return lower;
};
