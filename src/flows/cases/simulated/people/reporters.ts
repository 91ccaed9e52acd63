import { HOSTILE } from '../../../../shared/sample.ts';
import type { Scene } from '../scene.ts';
import { createOutside } from './outside.ts';
import { allRecords, type Action } from './types.ts';

const { parent } = HOSTILE.bornOutside;
/** Few, so that several Cases have the same parent, and some are reported before anybody knows it. */
const AGENCIES = 5;

/** In an org that knows agencies as accounts, somebody outside names one: the registry spells it in capitals. */
const report: Action = async (scene, ledger, serial) => {
  if (!scene.world.hosted) return;
  const agency = `Agency ${serial % AGENCIES}`;
  await createOutside(scene, ledger, `reported ${serial}`, { [parent.named]: agency });
};

const open = (scene: Scene, agency: string): Promise<unknown> =>
  scene.world.person('POST', `/sobjects/${parent.object}`, { Name: agency, [parent.field]: agency.toLowerCase() });

/** Somebody enters an agency; who is known already is not entered twice. */
const enter: Action = async (scene, _ledger, serial) => {
  if (scene.world.hosted) await open(scene, `Agency ${serial % AGENCIES}`);
};

/** Agencies that records name and nobody has entered. */
export const enterMissing = async (scene: Scene): Promise<void> => {
  if (!scene.world.hosted) return;
  const named = (await allRecords(scene)).flatMap(({ values }) => values[parent.named] ?? []);
  for (const agency of new Set(named)) await open(scene, agency);
};

/** Weighted. */
export const REPORTERS: [weight: number, Action][] = [
  [3, report],
  [1, enter],
];
