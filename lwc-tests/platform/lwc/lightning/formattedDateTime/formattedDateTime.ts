import { LightningElement, api } from 'lwc';

/** The parts of a time in the language and time zone of the browser; in Salesforce they are the person's. */
export default class FormattedDateTime extends LightningElement {
  @api value = '';
  @api year?: Intl.DateTimeFormatOptions['year'];
  @api month?: Intl.DateTimeFormatOptions['month'];
  @api day?: Intl.DateTimeFormatOptions['day'];
  @api hour?: Intl.DateTimeFormatOptions['hour'];
  @api minute?: Intl.DateTimeFormatOptions['minute'];

  get text(): string {
    const { year, month, day, hour, minute } = this;
    return new Intl.DateTimeFormat(undefined, { year, month, day, hour, minute }).format(new Date(this.value));
  }
}
