import type { Flow } from '../types.ts';
import { cases } from './carried/flow.ts';
import { CASES } from './carried/name.ts';

/** Cases of Salesforce, decided by a case registry: docs/case-protocol.md. */
export const casesFlow: Flow = {
  name: CASES,
  carried: cases,
  compared: async () => (await import('./compared/case.ts')).comparedCase,
  erased: async () => (await import('./compared/erasable.ts')).erasableCases,
  simulated: async () => (await import('./simulated/index.ts')).simulatedCases,
  told: async () => (await import('./told/chapter.ts')).toldCases,
};
