/** What the story needs of a flow. It knows no flow by name: src/flows/index.ts lists them. */
import type { StoryArguments } from './arguments.ts';
import type { CheckedFlow } from './checks.ts';
import type { FlowInSystem, PermissionSets } from './parts.ts';
import type { Progress } from './progress.ts';
import type { LocalSystem } from './system.ts';

/** A flow as the story tells it. */
export interface ToldFlow {
  /** What it plays, for `npm start -- --help`. */
  about: string;
  /** Whether `--input` is for it. */
  takesRows?: boolean;
  /** Whoever works with it in an org needs these. */
  permissionSets: PermissionSets;
  /** What `npm run e2e` checks of it. Loaded when it is asked for. */
  checked?: () => Promise<CheckedFlow>;
  /** Reads what is to be seeded, before anything has started. Throws UnusableInput. */
  prepare(args: StoryArguments, progress: Progress): Promise<Chapter>;
}

/** A flow's part in one story. */
export interface Chapter {
  flow: FlowInSystem;
  /** Whether it kills the org, which then is a process of its own on a file. */
  killsOrg?: boolean;
  /** Puts records into Salesforce. */
  seed(system: LocalSystem, progress: Progress): Promise<void>;
  /** Waits until a good part of them is on its way. */
  untilUnderWay(system: LocalSystem): Promise<void>;
  /** Breaks what is the flow's own. */
  breakThings(system: LocalSystem, progress: Progress): Promise<void>;
  /** What people still do once nothing is pending; that is waited for too. */
  conclude?(system: LocalSystem, progress: Progress): Promise<void>;
  /** Reads both sides again and compares them. */
  prove(system: LocalSystem): Promise<Proven>;
  /** Where people find what keeps running: a label, and an address or a secret. */
  places(system: LocalSystem): [label: string, value: string][];
}

/** What a chapter came to. */
export interface Proven {
  /** Whether both sides hold the same. */
  agreed: boolean;
  /** For the JSON report. */
  figures: object;
  /** Salesforce API calls of its own, beside those of the middle layer. */
  apiCalls?: number;
  /** How often each fault struck. */
  faults: Record<string, number>;
  /** For people. */
  lines: string[];
}
