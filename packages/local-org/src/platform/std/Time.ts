/** System.Time. */
import type { StdFactory } from '../types.ts';
import { ApexTime } from '../values/index.ts';
import { present } from './shared/arguments.ts';

const later =
  (unit: number) =>
  (self: ApexTime, count: number): ApexTime =>
    new ApexTime(self.ms + present(count) * unit);

const factory: StdFactory = () => ({
  name: 'Time',
  s: {
    newinstance: (hour: number, minute: number, second: number, ms: number) =>
      ApexTime.of(present(hour), present(minute), present(second), present(ms)),
  },
  m: {
    addhours: later(3_600_000),
    addminutes: later(60_000),
    addseconds: later(1000),
    addmilliseconds: later(1),
    hour: (self: ApexTime) => self.hour,
    minute: (self: ApexTime) => self.minute,
    second: (self: ApexTime) => self.second,
    millisecond: (self: ApexTime) => self.millisecond,
  },
});

export default factory;
