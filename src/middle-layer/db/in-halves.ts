import { ownFault, type OwnFault } from '../../shared/own-fault.ts';

/**
 * Does work on items in one transaction, and returns its outcomes. When the content of an item ends it, halves are
 * tried in transactions of their own, so that one bad item is found and holds up no other: it is handed to `alone`.
 * An error that says nothing of an item, such as a database that is away, escapes.
 */
export const inHalves = async <Item, Outcome>(
  items: readonly Item[],
  work: (items: readonly Item[]) => Promise<Outcome>,
  alone: (item: Item, fault: OwnFault, error: unknown) => Promise<Outcome>,
): Promise<Outcome[]> => {
  if (items.length === 0) return [];
  try {
    return [await work(items)];
  } catch (error) {
    const fault = ownFault(error);
    if (!fault) throw error;
    if (items.length === 1) return [await alone(items[0]!, fault, error)];
  }
  const middle = Math.ceil(items.length / 2);
  const first = await inHalves(items.slice(0, middle), work, alone);
  return [...first, ...(await inHalves(items.slice(middle), work, alone))];
};
