import { fileURLToPath } from 'node:url';
import type { Settings as RegistrySettings } from '../../../external-system/settings.ts';
import type { FaultPlan } from '../../../external-system/faults/faults.ts';
import type { FlowInSystem, FlowStanding, PartPlan, PermissionSets, SystemView } from '../../../story/parts.ts';
import type { OrgConnection } from '../../../story/org/connect.ts';
import type { Part } from '../../../story/part.ts';
import { secret } from '../../../story/ports.ts';
import { CASES } from '../carried/name.ts';
import { SAMPLE } from '../../../shared/sample.ts';
import { LocalSystem, type SystemOptions } from '../../../story/system.ts';

/** The part of Cases. */
export const REGISTRY = 'external';
/** The process of the registry. */
export const REGISTRY_ENTRY = fileURLToPath(new URL('../../../external-system/main.ts', import.meta.url));

/** Of the flow, and of the sample's fields. */
export const PERMISSION_SETS: PermissionSets = {
  admin: ['Concord_Cases_Admin', SAMPLE.permissionSet],
  integration: ['Concord_Cases_Integration', SAMPLE.permissionSet],
  operator: ['Concord_Cases_Operator', SAMPLE.permissionSet],
};

export interface CasesOptions {
  faults?: Partial<FaultPlan>;
  seed?: number;
  registrySettings?: Partial<RegistrySettings>;
}

/** Parts of the system that can crash. */
export type PartName = 'org' | 'middleLayer' | typeof REGISTRY;

interface RegistryIdle {
  queued: number;
  unsettled: number;
  /** When a poller triggers the next record again. */
  next_trigger: string | null;
}

/** Cases by what they wait for. */
const pendingCases = async (connection: OrgConnection): Promise<Map<string, number>> => {
  const { records } = await connection.query<{ pending: string; n: number }>(
    "SELECT Sync_Pending__c pending, COUNT(Id) n FROM Case WHERE Sync_Pending__c IN ('Request', 'WriteBack', 'Retry') GROUP BY Sync_Pending__c",
  );
  return new Map(records.map(({ pending, n }) => [pending, n]));
};

/** Cases and their registry in a system on this machine. */
export class CasesInSystem implements FlowInSystem {
  readonly name = CASES;
  readonly permissionSets = PERMISSION_SETS;
  readonly external = { part: REGISTRY, token: secret() };
  readonly parts: readonly PartPlan[];

  constructor({ faults = {}, seed = 311, registrySettings }: CasesOptions = {}) {
    this.parts = [
      {
        name: REGISTRY,
        title: 'external system',
        entry: REGISTRY_ENTRY,
        environment: ({ port, directory, controlToken, middleLayer }) => ({
          EXTERNAL_PORT: String(port),
          EXTERNAL_CONTROL_PORT: '0',
          EXTERNAL_CONTROL_TOKEN: controlToken,
          EXTERNAL_DATA_DIR: directory,
          EXTERNAL_TOKEN: this.external.token,
          MIDDLE_LAYER_URL: middleLayer.url,
          MIDDLE_LAYER_TOKEN: middleLayer.token,
          EXTERNAL_RULES: SAMPLE.registryRules,
          ...(registrySettings ? { EXTERNAL_SETTINGS: JSON.stringify(registrySettings) } : {}),
          EXTERNAL_FAULTS: JSON.stringify({ seed, ...faults }),
        }),
      },
    ];
  }

  registry(system: SystemView): Part {
    return system.part(REGISTRY);
  }

  async standing(system: SystemView): Promise<FlowStanding> {
    const [outside, pending] = await Promise.all([
      this.registry(system).control.get<RegistryIdle>('/control/idle'),
      pendingCases(system.admin),
    ]);
    const underWay = (pending.get('Request') ?? 0) + (pending.get('WriteBack') ?? 0);
    return {
      pending: (pending.get('Retry') ?? 0) + underWay,
      underWay,
      queuedOutside: outside.queued,
      unsettledOutside: outside.unsettled,
      nextDue: outside.next_trigger ? Date.parse(outside.next_trigger) : Infinity,
    };
  }
}

/** A system with Cases alone, and their registry within easy reach. */
export class System extends LocalSystem {
  readonly #cases: CasesInSystem;

  constructor({ faults, ...options }: SystemOptions & CasesOptions) {
    const { seed } = options;
    const cases = new CasesInSystem({ ...(faults ? { faults } : {}), ...(seed === undefined ? {} : { seed }) });
    super([cases], options);
    this.#cases = cases;
  }

  get external(): Part {
    return this.#cases.registry(this);
  }

  get externalToken(): string {
    return this.#cases.external.token;
  }

  whileRegistryStopped(work: (directory: string) => Promise<void>): Promise<void> {
    return this.whileStopped(REGISTRY, work);
  }
}

/** Starts all parts that Cases need. */
export const startSystem = (options: SystemOptions & CasesOptions = {}): Promise<System> => new System(options).start();
