/** Wall-clock time in the context user's zone. */
import type { PlatformRuntime } from '../../services.ts';
import { ApexDatetime, Zone } from '../../values/index.ts';

/** Reads the context user's zone; the last one is kept, because zones are slow to make. */
export const zoneReader = ($: PlatformRuntime): (() => Zone) => {
  let last: Zone | null = null;
  return () => {
    const { timeZone } = $.services.user();
    if (last?.id !== timeZone) last = new Zone(timeZone);
    return last;
  };
};

/** What the clock on the wall shows, as if it were UTC: the GMT accessors of the result give local fields. */
export const wallTime = (moment: ApexDatetime, zone: Zone): ApexDatetime =>
  new ApexDatetime(moment.ms + zone.offsetAt(moment.ms));

/** The moment a wall clock in that zone means. */
export const fromWallTime = (wall: number, zone: Zone): ApexDatetime => new ApexDatetime(zone.toUtc(wall));
