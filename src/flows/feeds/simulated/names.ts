/** How the objects and fields are called that the simulation feeds: those of a customer, which the product names nowhere. */
import { readFileSync } from 'node:fs';

type Name =
  | 'active'
  | 'accountId'
  | 'storeId'
  | 'agreementId'
  | 'company'
  | 'credit'
  | 'since'
  | 'account'
  | 'accountOf'
  | 'channel'
  | 'phone'
  | 'store'
  | 'storeOf'
  | 'value'
  | 'state'
  | 'agreement';

/** Of look-ups `account` and `store` are the fields, `accountOf` and `storeOf` their relationships. */
export const NAMES = JSON.parse(
  readFileSync(new URL('../../../../samples/companies/simulation.json', import.meta.url), 'utf8'),
) as Readonly<Record<Name, string>>;
