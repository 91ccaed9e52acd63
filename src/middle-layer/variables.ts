import type { ExternalAddress } from './flow.ts';

/** The environment variables of a flow: made from its name, so that each external system has an address and secrets of its own. */
export interface FlowVariables {
  /** Where its external system is. */
  url: string;
  /** The bearer token that its external system asks of the middle layer. */
  token: string;
  /** The bearer token by which the middle layer knows its external system. */
  caller: string;
}

/** How one flow is reached, and by which token its external system is known. */
export interface FlowReach {
  flow: string;
  external: ExternalAddress;
  caller: string;
}

/** The part of a middle layer's environment that is about flows. */
export const environmentOf = (flows: readonly FlowReach[]): Record<string, string> =>
  Object.fromEntries(
    flows.flatMap(({ flow, external, caller }) => {
      const names = variablesOf(flow);
      return [
        [names.url, external.url],
        [names.token, external.token],
        [names.caller, caller],
      ];
    }),
  );

/** `usage-feed` → `USAGE_FEED_EXTERNAL_URL`, `USAGE_FEED_EXTERNAL_TOKEN`, `USAGE_FEED_CALLER_TOKEN`. */
export const variablesOf = (flow: string): FlowVariables => {
  const prefix = flow.toUpperCase().replaceAll('-', '_');
  return { url: `${prefix}_EXTERNAL_URL`, token: `${prefix}_EXTERNAL_TOKEN`, caller: `${prefix}_CALLER_TOKEN` };
};
