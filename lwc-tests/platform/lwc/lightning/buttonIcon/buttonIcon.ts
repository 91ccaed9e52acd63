import { LightningElement, api } from 'lwc';

export default class ButtonIcon extends LightningElement {
  @api alternativeText = '';
  @api iconName = '';

  @api focus(): void {
    this.template?.querySelector('button')?.focus();
  }
}
