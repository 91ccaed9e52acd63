import type { MessageReceipt, ToExternal } from '../../../../shared/case-messages.ts';

/** The external system as the Case flow needs it. Implementations reject with the errors of `../errors.ts`. */
export interface ExternalPort {
  /** Hands over up to 200 messages; one receipt each, in order, given after commit. Nobody has checked the answers in them. */
  send(messages: readonly ToExternal[]): Promise<MessageReceipt[]>;
}
