import { fileURLToPath } from 'node:url';
import type {
  Application,
  FlowInSystem,
  FlowStanding,
  PartPlan,
  PermissionSets,
  SystemView,
} from '../../../story/parts.ts';
import type { Part } from '../../../story/part.ts';
import { secret } from '../../../story/ports.ts';
import { USAGE } from '../carried/name.ts';
import type { QueueState } from '../../../service-app/db/reports.ts';

/** The part of the service application. */
export const SERVICE_APP = 'serviceApp';
const ENTRY = fileURLToPath(new URL('../../../service-app/main.ts', import.meta.url));

export const PERMISSION_SETS: PermissionSets = {
  admin: ['Concord_Usage_Sales', 'Concord_Usage_Billing'],
  integration: ['Concord_Usage_Integration'],
  operator: ['Concord_Usage_Operator'],
};

/** Random, and short enough to be typed by who looks around in a system that keeps running. */
const password = (): string => secret().slice(0, 16);

/** Who may sign in to the service application of a system on this machine. */
export interface Booker {
  name: string;
  role: 'booker' | 'supervisor';
  password: string;
}

/** Contracts and the service application that uses them, in a system on this machine. */
export class UsageInSystem implements FlowInSystem {
  readonly name = USAGE;
  readonly permissionSets = PERMISSION_SETS;
  readonly external = { part: SERVICE_APP, token: secret() };
  readonly people: readonly Booker[] = [
    { name: 'klaus', role: 'booker', password: password() },
    { name: 'petra', role: 'supervisor', password: password() },
  ];
  readonly parts: readonly PartPlan[];
  readonly applications: readonly Application[];

  constructor() {
    const login = {
      username: 'service-app@concord.example',
      clientId: 'concord-service-app',
      clientSecret: secret(),
      permissionSets: ['Concord_Usage_Application'],
    };
    this.applications = [login];
    this.parts = [
      {
        name: SERVICE_APP,
        title: 'service application',
        entry: ENTRY,
        environment: ({ port, directory, controlToken, middleLayer, salesforceUrl }) => ({
          SERVICE_APP_PORT: String(port),
          SERVICE_APP_CONTROL_PORT: '0',
          SERVICE_APP_CONTROL_TOKEN: controlToken,
          SERVICE_APP_DATA_DIR: directory,
          SERVICE_APP_TOKEN: this.external.token,
          SERVICE_APP_PEOPLE: JSON.stringify(this.people),
          MIDDLE_LAYER_URL: middleLayer.url,
          MIDDLE_LAYER_TOKEN: middleLayer.token,
          SALESFORCE_URL: salesforceUrl,
          SALESFORCE_CLIENT_ID: login.clientId,
          SALESFORCE_CLIENT_SECRET: login.clientSecret,
        }),
      },
    ];
  }

  app(system: SystemView): Part {
    return system.part(SERVICE_APP);
  }

  async standing(system: SystemView): Promise<FlowStanding> {
    const { queued, taken } = await this.app(system).control.get<QueueState>('/control/idle');
    return { pending: queued + taken, underWay: taken, queuedOutside: queued, unsettledOutside: 0, nextDue: Infinity };
  }
}
