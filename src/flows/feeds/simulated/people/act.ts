import { drawn, type Weighted } from '../../../../simulation/weighted.ts';
import { COMPANIES, FEEDS } from '../config.ts';
import { PROGRAMS, type Command } from '../scene.ts';
import { AT_THE_COMPANIES } from './companies.ts';
import { actInSalesforce } from './salesforce.ts';
import type { Action } from './types.ts';

/** How probably a person releases a run: of a view that is plainly broken, too. */
const RELEASES = 0.6;
const RELEASES_BROKEN = 0.15;

/** Somebody starts the program, or its schedule does. */
const run: Action = async (scene) => {
  const command: Command = {
    company: scene.pick(COMPANIES)!,
    feeds: scene.chance(0.7) ? FEEDS : [scene.pick(FEEDS)!],
    isDry: scene.chance(0.08),
  };
  scene.queues[scene.chance(0.8) ? PROGRAMS[0] : PROGRAMS[1]]!.push(command);
};

/** A person starts it while its schedule does. */
const runTwice: Action = async (scene) => {
  const command: Command = { company: scene.pick(COMPANIES)!, feeds: FEEDS };
  for (const name of PROGRAMS) scene.queues[name]!.push(command);
};

/** A person decides on a run that is held: at the command line, or in Salesforce. */
const decide: Action = async (scene) => {
  const held = scene.pick([...scene.judge.held.values()]);
  if (!held) return;
  const { company, feed, runKey, seen } = held;
  const word = scene.chance(seen.mustHold === null ? RELEASES : RELEASES_BROKEN) ? 'release' : 'reject';
  if (word === 'release') scene.books.allow(seen);
  scene.world.network.count(`feeds: a person says ${word}`);
  if (scene.chance(0.5)) {
    scene.queues[PROGRAMS[0]]!.push({ company, feeds: [feed], decision: { key: runKey, word, by: 'vera' } });
    return;
  }
  const decision = word === 'release' ? 'Release' : 'Reject';
  const decided = await scene.world.person('PATCH', `/sobjects/Feed_Run__c/Run_Key__c/${runKey}`, {
    Decision__c: decision,
  });
  if (decided !== undefined) scene.queues[PROGRAMS[0]]!.push({ company, feeds: [feed] });
};

const inSalesforce: Action = async (scene) => void (await actInSalesforce(scene, scene.random));

const ALL: readonly Weighted<Action>[] = [
  ...AT_THE_COMPANIES,
  [9, run],
  [1.5, runTwice],
  [3, decide],
  [6, inSalesforce],
];

/** One thing that somebody does on either side, drawn by weight. */
export const act: Action = async (scene, serial) => drawn(scene.random, ALL)?.(scene, serial);
