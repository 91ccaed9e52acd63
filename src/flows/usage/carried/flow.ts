/** The usage flow, as the middle layer needs it: see docs/usage-protocol.md. */
import { LARGE_BODY_BYTES } from 'kernel/http.ts';
import { httpReceiver, type Receiver } from '../../../middle-layer/clients/receiver.ts';
import type { CarriedFlow, FlowParts } from '../../../middle-layer/flow.ts';
import type { AdOutcomeMessage } from '../../../shared/usage-messages.ts';
import { deliverToSalesforce, deliverToService } from './deliver.ts';
import { USAGE } from './name.ts';
import { postAds } from './receive.ts';
import { retries } from './retry.ts';
import { httpUsage, type UsageSalesforce } from './salesforce.ts';
import { settled } from './settled.ts';

/** Both sides, as the flow speaks with them. */
export interface Ports {
  salesforce: UsageSalesforce;
  service: Receiver<AdOutcomeMessage>;
}

/** The flow between the given ports. */
export const usageBetween = ({ salesforce, service }: Ports): FlowParts => ({
  name: USAGE,
  migrations: null,
  // one call after the other: roll-ups lock the lines of a contract
  sending: ({ salesforceLingerMs }) => ({ salesforce: { gatherMs: salesforceLingerMs } }),
  open: (context, view) => ({
    targets: {
      salesforce: deliverToSalesforce(context, salesforce),
      service: deliverToService(context, service),
    },
    sources: [],
    routes: {
      'POST /v1/usage/ads': { role: 'external', handle: postAds(context, view.onQueued), mostBytes: LARGE_BODY_BYTES },
    },
    settled: settled(context),
    retry: retries(context),
    tidy: async () => ({}),
    erase: async () => ({ rows: {}, values: [] }),
    readiness: async () => ({ problems: [], shown: {} }),
    status: async () => ({}),
  }),
});

export const usage: CarriedFlow = {
  name: USAGE,
  migrations: null,
  over: (reach) =>
    usageBetween({
      salesforce: httpUsage(reach.rest),
      service: httpReceiver(reach.external, reach.transport, reach.clock),
    }),
};
