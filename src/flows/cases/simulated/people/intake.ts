import type { HttpResponse } from 'kernel/http.ts';
import { randomUuid } from 'kernel/random.ts';
import { MIDDLE_LAYER_URL } from '../../../../simulation/middle-layer.ts';
import { Violation } from '../../../../simulation/process.ts';
import type { Ledger } from '../../../../simulation/ledger.ts';
import type { Intake, Scene } from '../scene.ts';
import type { Action } from './types.ts';

/** What the org's Apex sends; undefined when no answer comes, and the person is told to repeat with the same key. */
const handOver = async (scene: Scene, { key, subject }: Intake): Promise<HttpResponse | undefined> => {
  const { world } = scene;
  const body = { orgId: world.org.info.orgId, key, values: { Subject: subject, Status: 'New' } };
  return world.network
    .transport({
      method: 'POST',
      url: `${MIDDLE_LAYER_URL}/v1/intake`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    .catch(() => undefined)
    .finally(() => world.revive());
};

/** What was handed over and not answered is handed over again; until then nobody knows whether it was taken. */
export const repeatIntakes = async (scene: Scene, ledger: Ledger): Promise<void> => {
  for (const intake of scene.unansweredIntakes.splice(0)) {
    const response = await handOver(scene, intake);
    if (response === undefined || response.status >= 500) scene.unansweredIntakes.push(intake);
    else if (response.status === 202) ledger.accepted.add(intake.key);
    else throw new Violation(`the intake ${intake.key} was answered ${response.status}: ${response.body}`);
  }
};

/** Somebody fills in a full request. */
export const takeIn: Action = async (scene, ledger, serial) => {
  const intake = { key: randomUuid(scene.random), subject: `taken in ${serial}` };
  scene.unansweredIntakes.push(intake);
  // before it is answered: somebody outside may see it, and change it, sooner
  ledger.note(intake.key, 'Subject', 'salesforce', intake.subject, null);
  await repeatIntakes(scene, ledger);
};
