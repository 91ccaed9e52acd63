import type { Clock } from 'kernel/clock.ts';
import type { Random } from 'kernel/random.ts';
import type { Database } from '../shared/sql/types.ts';
import type { Settings } from './settings.ts';

/** What every operation of the service application works with. */
export interface Context {
  db: Database;
  clock: Clock;
  random: Random;
  settings: Settings;
  /** Told of what nobody foresaw. */
  onError: (error: unknown) => void;
}
