import type { OrgConnection } from './org/connect.ts';
import type { Part } from './part.ts';

/** What a flow sees of the system that it runs in. */
export interface SystemView {
  admin: OrgConnection;
  /** A part of a flow. */
  part(name: string): Part;
}

/** The permission sets that a flow brings for each kind of user, beside those of core. */
export type PermissionSets = Readonly<Record<'admin' | 'integration' | 'operator', readonly string[]>>;

/** A flow in a system on this machine. */
export interface FlowInSystem {
  /** As src/flows/index.ts lists it. */
  name: string;
  permissionSets: PermissionSets;
  /** The processes of its own. */
  parts: readonly PartPlan[];
  /** Package directories that it needs in the org besides this project's, such as a sample's. */
  packages?: readonly string[];
  /** Who of its own logs in to the org, besides the middle layer. */
  applications?: readonly Application[];
  /** Which of the parts is its external system, and the bearer token that it asks of its callers; absent: the middle layer carries nothing of it. */
  external?: { part: string; token: string };
  /** What still moves, or will by itself. */
  standing(system: SystemView): Promise<FlowStanding>;
}

/** A flow of which the middle layer carries messages. */
export type CarriedInSystem = FlowInSystem & Required<Pick<FlowInSystem, 'external'>>;

export const isCarried = (flow: FlowInSystem): flow is CarriedInSystem => flow.external !== undefined;

/** A program that logs in to the org by client credentials, as a user of its own. */
export interface Application {
  username: string;
  clientId: string;
  clientSecret: string;
  permissionSets: readonly string[];
}

/** A process of a flow's own. Its entry serves as those of Concord do: one JSON line, a control port. */
export interface PartPlan {
  /** How the system calls it. */
  name: string;
  /** How people call it, and its log lines. */
  title: string;
  entry: string;
  environment(place: PartPlace): Record<string, string>;
}

export interface PartPlace {
  port: number;
  /** Its own, for what it keeps. */
  directory: string;
  /** What its control port, at any free port, asks of callers. */
  controlToken: string;
  middleLayer: { url: string; token: string };
  salesforceUrl: string;
}

export interface FlowStanding {
  /** Records in Salesforce that wait for something. */
  pending: number;
  /** Of these, on their way, or lost. */
  underWay: number;
  queuedOutside: number;
  unsettledOutside: number;
  /** When the external system acts by itself, in epoch milliseconds. */
  nextDue: number;
}
