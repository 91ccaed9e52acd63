/** System.LimitException: Apex cannot catch it, and it rolls the transaction back. */
export class LimitExceeded extends Error {
  override name = 'LimitExceeded';
}
