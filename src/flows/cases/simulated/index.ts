import { HOSTILE, SAMPLE } from '../../../shared/sample.ts';
import type { SimulatedFlow } from '../../../simulation/flow.ts';
import { cases } from '../carried/flow.ts';
import { CASES } from '../carried/name.ts';
import { HOST } from './host.ts';
import { CasesInWorld } from './flow-in-world.ts';
import { SMALLER_LIMITS } from './smaller-limits.ts';
import { REGISTRY_DATABASE } from './scene.ts';

export const simulatedCases: SimulatedFlow<CasesInWorld> = {
  name: CASES,
  carried: cases,
  databases: [REGISTRY_DATABASE],
  host: HOST.packageDirectory,
  limits: SMALLER_LIMITS,
  integration: ['Concord_Integration', 'Concord_Cases_Integration', SAMPLE.permissionSet, HOSTILE.permissionSet],
  activation: [
    'ConcordSetup.activateSync(); ConcordSchedule.install();',
    // whoever plays an agent may retry
    `insert new PermissionSetAssignment(
       AssigneeId = UserInfo.getUserId(),
       PermissionSetId = [SELECT Id FROM PermissionSet WHERE Name = 'Concord_Agent'].Id
     );`,
  ],
  enter: (world, seed) => new CasesInWorld(world, seed),
};
