/** System.TimeZone. */
import type { StdFactory } from '../types.ts';
import { type ApexDatetime, NativeObject, Zone } from '../values/index.ts';
import { present } from './shared/arguments.ts';

/** The Apex object around a zone. */
export class TimeZoneObject extends NativeObject {
  readonly zone: Zone;

  constructor(id: string) {
    super('TimeZone');
    this.zone = new Zone(id);
  }

  override identity(): string {
    return this.zone.id;
  }

  override toText(): string {
    return this.zone.id;
  }
}

const factory: StdFactory = () => ({
  name: 'TimeZone',
  s: { gettimezone: (id: string | null) => new TimeZoneObject(present(id)) },
  m: {
    getid: (self: TimeZoneObject) => self.zone.id,
    getoffset: (self: TimeZoneObject, at: ApexDatetime | null) => self.zone.offsetAt(present(at).ms),
    getdisplayname: (self: TimeZoneObject) => self.zone.displayName(),
    tostring: (self: TimeZoneObject) => self.zone.id,
  },
});

export default factory;
