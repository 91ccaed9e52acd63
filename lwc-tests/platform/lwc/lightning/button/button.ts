import { LightningElement, api } from 'lwc';

export default class Button extends LightningElement {
  @api label = '';
  @api iconName?: string;
  @api disabled = false;
}
