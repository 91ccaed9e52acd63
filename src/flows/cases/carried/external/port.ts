import type { ToExternal } from '../../../../shared/case-messages.ts';
import type { Receiver } from '../../../../middle-layer/clients/receiver.ts';

/** The external system as the Case flow needs it. */
export type ExternalPort = Receiver<ToExternal>;
