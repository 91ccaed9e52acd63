import type { HttpRequest, HttpResponse } from 'kernel/http.ts';
import { randomUuid } from 'kernel/random.ts';
import { MIDDLE_LAYER_URL } from '../../../../simulation/middle-layer.ts';
import { Violation } from '../../../../simulation/process.ts';
import type { Ledger } from '../../../../simulation/ledger.ts';
import type { Intake, Scene } from '../scene.ts';
import type { Action } from './types.ts';

const NAMED_CREDENTIAL = 'Concord_Middle_Layer';
const ENDPOINT = '/services/apexrest/concord/v1/intake';

/** A script of a person gives a full request to the org's Apex; what that sends to the middle layer is answered so, or not in time. */
const submit = async (
  { world }: Scene,
  { key, subject }: Intake,
  answer: HttpResponse | null,
): Promise<{ response: HttpResponse; sent: HttpRequest | null }> => {
  let sent: HttpRequest | null = null;
  world.callout = (request) => {
    sent = request;
    if (answer === null) throw new Error('Read timed out');
    return answer;
  };
  // a restart forgets where the credential leads
  world.org.setNamedCredential(NAMED_CREDENTIAL, MIDDLE_LAYER_URL);
  const response = await world.org.handle({
    method: 'POST',
    url: ENDPOINT,
    headers: { authorization: `Bearer ${world.org.info.accessToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ key, values: { Subject: subject, Status: 'New' } }),
  });
  world.trace.note(world.clock.now(), ENDPOINT, key, response.status, response.body);
  return { response, sent };
};

/**
 * Apex waits for the answer of a callout while nothing else of the world moves; the middle layer answers after it has
 * moved. So the first try times out when its request has left, as it does in life; that request arrives, or gets lost,
 * and the person repeats it with the same key, which is answered as the request was.
 */
const handOver = async (scene: Scene, intake: Intake): Promise<HttpResponse | undefined> => {
  const { world } = scene;
  const first = await submit(scene, intake, null);
  if (first.sent === null) return first.response;
  const answer = await world.network
    .transport(first.sent)
    .catch(() => undefined)
    .finally(() => world.revive());
  return answer && (await submit(scene, intake, answer)).response;
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

/** What no part on the way can hold is refused at once, and nothing leaves the org. */
const refuse = async (scene: Scene, serial: number): Promise<void> => {
  const intake = { key: randomUuid(scene.random), subject: `torn \0 ${serial}` };
  const { response, sent } = await submit(scene, intake, null);
  const isPaused = response.status === 503 && response.body.includes('PAUSED');
  if (sent !== null || !(isPaused || response.status === 400))
    throw new Violation(`an intake that nobody can hold was answered ${response.status}: ${response.body}`);
};

const REFUSED_EVERY = 5;

/** Somebody fills in a full request. */
export const takeIn: Action = async (scene, ledger, serial) => {
  if (serial % REFUSED_EVERY === 0) await refuse(scene, serial);
  const intake = { key: randomUuid(scene.random), subject: `taken in ${serial}` };
  scene.unansweredIntakes.push(intake);
  // before it is answered: somebody outside may see it, and change it, sooner
  ledger.note(intake.key, 'Subject', 'salesforce', intake.subject, null);
  await repeatIntakes(scene, ledger);
};
