/** What the component says, as Custom Labels: admins translate and reword them in Setup. */
import title from '@salesforce/label/c.Usage_Lines_Title';
import loading from '@salesforce/label/c.Usage_Lines_Loading';
import refresh from '@salesforce/label/c.Usage_Lines_Refresh';
import notReadable from '@salesforce/label/c.Usage_Lines_Not_Readable';
import notReadableRemedy from '@salesforce/label/c.Usage_Lines_Not_Readable_Remedy';
import whatToDo from '@salesforce/label/c.Usage_Lines_What_To_Do';
import open from '@salesforce/label/c.Usage_Lines_Open';
import openMeaning from '@salesforce/label/c.Usage_Lines_Open_Meaning';
import fulfilled from '@salesforce/label/c.Usage_Lines_Fulfilled';
import fulfilledMeaning from '@salesforce/label/c.Usage_Lines_Fulfilled_Meaning';
import fulfilledAt from '@salesforce/label/c.Usage_Lines_Fulfilled_At';
import lockHidden from '@salesforce/label/c.Usage_Lines_Lock_Hidden';
import lockHiddenMeaning from '@salesforce/label/c.Usage_Lines_Lock_Hidden_Meaning';
import sealing from '@salesforce/label/c.Usage_Lines_Sealing';
import sealingMeaning from '@salesforce/label/c.Usage_Lines_Sealing_Meaning';
import sealStuck from '@salesforce/label/c.Usage_Lines_Seal_Stuck';
import sealStuckRemedy from '@salesforce/label/c.Usage_Lines_Seal_Stuck_Remedy';
import hidden from '@salesforce/label/c.Usage_Lines_Hidden';
import hiddenRemedy from '@salesforce/label/c.Usage_Lines_Hidden_Remedy';
import lines from '@salesforce/label/c.Usage_Lines_Lines';
import noLines from '@salesforce/label/c.Usage_Lines_No_Lines';
import sold from '@salesforce/label/c.Usage_Lines_Sold';
import consumed from '@salesforce/label/c.Usage_Lines_Consumed';
import available from '@salesforce/label/c.Usage_Lines_Available';
import bar from '@salesforce/label/c.Usage_Lines_Bar';
import overBooked from '@salesforce/label/c.Usage_Lines_Over_Booked';
import moreLines from '@salesforce/label/c.Usage_Lines_More_Lines';
import waiting from '@salesforce/label/c.Usage_Lines_Waiting';
import nothingWaits from '@salesforce/label/c.Usage_Lines_Nothing_Waits';
import booking from '@salesforce/label/c.Usage_Lines_Booking';
import bookedAt from '@salesforce/label/c.Usage_Lines_Booked_At';
import moreWaiting from '@salesforce/label/c.Usage_Lines_More_Waiting';

export const LABELS = {
  title,
  loading,
  refresh,
  notReadable,
  notReadableRemedy,
  whatToDo,
  open,
  openMeaning,
  fulfilled,
  fulfilledMeaning,
  fulfilledAt,
  lockHidden,
  lockHiddenMeaning,
  sealing,
  sealingMeaning,
  sealStuck,
  sealStuckRemedy,
  hidden,
  hiddenRemedy,
  lines,
  noLines,
  sold,
  consumed,
  available,
  bar,
  overBooked,
  moreLines,
  waiting,
  nothingWaits,
  booking,
  bookedAt,
  moreWaiting,
};
