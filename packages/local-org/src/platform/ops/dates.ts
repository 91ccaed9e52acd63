/** `date + 1`, `datetime - 0.5` */
import type { NativeFunction } from '../types.ts';
import { ApexDate, ApexDatetime, MS_PER_DAY } from '../values/index.ts';
import type { Decimal } from '../values/index.ts';
import { nullPointer } from './null.ts';

const moveDate = (sign: 1 | -1) => (date: ApexDate | null, days: number | null) =>
  date === null || days === null ? nullPointer() : new ApexDate(date.days + sign * days);

const moveDatetime = (sign: 1 | -1) => (datetime: ApexDatetime | null, days: Decimal | null) =>
  datetime === null || days === null
    ? nullPointer()
    : new ApexDatetime(datetime.ms + sign * Math.round(days.toNumber() * MS_PER_DAY));

export const dates = {
  addDate: moveDate(1),
  subDate: moveDate(-1),
  addDatetime: moveDatetime(1),
  subDatetime: moveDatetime(-1),
} satisfies Record<string, NativeFunction>;
