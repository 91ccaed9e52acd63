/** A process that tries one mutation after the other, as its parent sends them: see trials.ts. */
import { simulatedFlows } from '../../../../src/flows/index.ts';
import { openStage, type Stage } from '../../../../src/simulation/stage.ts';
import { hunt } from '../hunt.ts';
import { MutatedModules } from '../mutated-modules.ts';
import { flowOf } from '../types.ts';
import type { Assignment, Outcome, Report } from './trial.ts';

/** The flow that plays: all mutations of a run are of one. */
let stage: Promise<Stage> | null = null;
const stageOf = (flow: string): Promise<Stage> => (stage ??= simulatedFlows([flow]).then((flows) => openStage(flows)));
const modules = new MutatedModules();

const tell = (report: Report): void => void process.send!(report);

const attempt = async ({ mutation, seeds }: Assignment): Promise<Outcome> => {
  try {
    const { caught, brokeOff, error } = await hunt(mutation, await stageOf(flowOf(mutation)), modules, seeds, (seed) =>
      tell({ seed }),
    );
    return caught ? { is: 'noticed', ...caught } : { is: 'unnoticed', seeds: seeds.length, brokeOff, error };
  } catch (error) {
    return { is: 'void', why: (error as Error).message };
  }
};

process.on('message', (assignment: Assignment) => {
  void attempt(assignment).then((outcome) => tell({ outcome }));
});
tell({ seed: 0 });
