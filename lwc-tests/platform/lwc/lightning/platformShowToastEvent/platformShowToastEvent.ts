import type { Toast } from 'lightning/platformShowToastEvent';

/** Bubbles up to the page, which shows it. */
export class ShowToastEvent extends CustomEvent<Toast> {
  constructor(toast: Toast) {
    super('lightning__showtoast', { detail: toast, bubbles: true, composed: true, cancelable: true });
  }
}
