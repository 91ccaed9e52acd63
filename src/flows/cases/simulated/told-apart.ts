import type { Tools } from '../../../simulation/flow.ts';
import { allCases } from './people/types.ts';
import type { Scene } from './scene.ts';

const STEP_MS = 15_000;
/** In minutes, long before the registry would ask by itself. */
const STEPS = 16;

/** While nothing is lost, a registry of the earlier wire form learns that Salesforce holds its record without asking for it. */
export const checkToldApart = async (scene: Scene, { settle }: Pick<Tools, 'settle'>): Promise<string[]> => {
  const { world } = scene;
  const before = new Set((await allCases(scene)).map(({ Id }) => Id));
  if ((await world.person('POST', '/sobjects/Case', { Subject: 'of the earlier form' })) === undefined) return [];
  for (let step = 0; step < STEPS; step++) {
    await world.round();
    await world.clock.advance(STEP_MS);
  }
  const [created] = (await allCases(scene)).filter(({ Id }) => !before.has(Id));
  const [record] = await world.db.query<{ sync_status: string }>('SELECT sync_status FROM case_record WHERE key = $1', [
    created!.Sync_Key__c,
  ]);
  if (record?.sync_status !== 'Success')
    return [`a registry of the earlier form was not told that the Case of ${created!.Sync_Key__c} is stored`];
  return settle();
};
