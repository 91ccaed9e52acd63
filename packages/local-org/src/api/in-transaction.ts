import type { Store } from '../store/types.ts';

/** Runs `work` in a transaction of the API's own: for what it keeps itself. Records are saved by `ApiDeps.transaction`. */
export const inTransaction = <T>(store: Store, work: () => T): T => {
  const transaction = store.begin();
  try {
    const result = work();
    transaction.commit();
    return result;
  } catch (error) {
    transaction.rollback();
    throw error;
  }
};
