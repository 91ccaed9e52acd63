import { mkdir, readFile, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { UnusableInput } from 'kernel/command-line.ts';
import { writeReport } from '../shared/write-report.ts';

/** Where the parts that `npm start` keeps running are found by the other commands. Holds secrets: readable by its owner only, never committed. */
export interface RunningSystem {
  instanceUrl: string;
  accessToken: string;
  /** The external system of each flow that has one. */
  externals: Record<string, { url: string; token: string }>;
  /** Null: no flow needs the middle layer. */
  middleLayerUrl: string | null;
  operatorToken: string;
  /** Milliseconds that the parts' clocks are ahead of this machine's. */
  clockOffsetMs: number;
}

const FOLDER = fileURLToPath(new URL('../../.concord/', import.meta.url));
const FILE = `${FOLDER}running.json`;

export const announceRunning = async (system: RunningSystem): Promise<void> => {
  await mkdir(FOLDER, { recursive: true, mode: 0o700 });
  await writeReport(FILE, JSON.stringify(system));
};

export const forgetRunning = (): Promise<void> => rm(FILE, { force: true });

const OTHERWISE = 'name an org with --target-org and its external systems with --external-url';

/** Throws UnusableInput when nothing runs. `otherwise`: what to do instead of starting it. */
export const findRunning = async (otherwise = OTHERWISE): Promise<RunningSystem> => {
  const text = await readFile(FILE, 'utf8').catch(() => null);
  if (text === null) throw new UnusableInput(`nothing is running here; start it with \`npm start\`, or ${otherwise}`);
  return JSON.parse(text) as RunningSystem;
};

/** The same, with a middle layer. Throws UnusableInput when nothing runs, or no middle layer does. */
export const findRunningMiddleLayer = async (): Promise<RunningSystem & { middleLayerUrl: string }> => {
  const running = await findRunning();
  const { middleLayerUrl } = running;
  if (middleLayerUrl === null)
    throw new UnusableInput('what npm start keeps running has no middle layer; start it with a flow that has one');
  return { ...running, middleLayerUrl };
};
