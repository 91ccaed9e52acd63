/** The usage flow, as the middle layer needs it: see docs/usage-protocol.md. */
import { fileURLToPath } from 'node:url';
import { LARGE_BODY_BYTES } from 'kernel/http.ts';
import { httpReceiver, type Receiver } from '../../../middle-layer/clients/receiver.ts';
import type { CarriedFlow, FlowParts } from '../../../middle-layer/flow.ts';
import type { ToService } from '../../../shared/usage-messages.ts';
import { deliverToSalesforce, deliverToService } from './deliver.ts';
import { USAGE } from './name.ts';
import { pendingSource } from './pending-source.ts';
import { postAds } from './receive.ts';
import { retries } from './retry.ts';
import { httpUsage, type UsageSalesforce } from './salesforce.ts';
import { countSeals } from './db/seals.ts';
import { askForSealsAgain, getSeal, postOwnSeals } from './seal-routes.ts';
import { settled } from './settled.ts';
import { takeDecisions } from './take-decisions.ts';
import { takeSeals } from './take-seals.ts';
import { watchSealings } from './watch-sealings.ts';

const MIGRATIONS = fileURLToPath(new URL('db/migrations', import.meta.url));

/** Both sides, as the flow speaks with them. */
export interface Ports {
  salesforce: UsageSalesforce;
  service: Receiver<ToService>;
}

/** The flow between the given ports. */
export const usageBetween = ({ salesforce, service }: Ports): FlowParts => ({
  name: USAGE,
  migrations: MIGRATIONS,
  // one call after the other, and of all workers one about each contract: roll-ups lock its lines
  sending: ({ salesforceLingerMs }) => ({ salesforce: { gatherMs: salesforceLingerMs, alone: true } }),
  open: (context, view) => {
    const sealings = watchSealings(context);
    return {
      targets: {
        salesforce: deliverToSalesforce(context, salesforce),
        service: deliverToService(context, service),
      },
      sources: [
        pendingSource(
          context,
          salesforce,
          [takeSeals(context, salesforce), takeDecisions(context, salesforce), sealings.look],
          view.onQueued,
        ),
      ],
      routes: {
        'POST /v1/usage/ads': {
          role: 'external',
          handle: postAds(context, view.onQueued),
          mostBytes: LARGE_BODY_BYTES,
        },
        'POST /v1/usage/own-seals': { role: 'external', handle: postOwnSeals(context) },
        'POST /v1/usage/seals/again': { role: 'external', handle: askForSealsAgain(context, salesforce) },
        'GET /v1/usage/seals': { role: 'external', handle: getSeal(context) },
      },
      settled: settled(context),
      retry: retries(context),
      tidy: async () => ({}),
      erase: async () => ({ rows: {}, values: [] }),
      readiness: async () => ({ problems: [], shown: {} }),
      status: async () => ({ seals: { ...(await countSeals(context.db)), inProgress: sealings.shown() } }),
    };
  },
});

export const usage: CarriedFlow = {
  name: USAGE,
  migrations: MIGRATIONS,
  over: (reach) =>
    usageBetween({
      salesforce: httpUsage(reach.rest),
      service: httpReceiver(reach.external, reach.transport, reach.clock),
    }),
};
