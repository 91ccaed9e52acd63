import { UnusableInput } from 'kernel/command-line.ts';
import { variablesOf } from '../../src/middle-layer/variables.ts';
import type { ExternalRequest } from '../../src/reconciliation/types.ts';
import type { SalesforceClient } from '../../src/shared/salesforce/client.ts';
import { connectTo, connectToTarget } from '../../src/story/org/connect.ts';
import { findRunningMiddleLayer } from '../../src/story/running.ts';
import { jsonRequest, salesforceClient } from '../reconciling/sides.ts';
import type { EraseArguments } from './arguments.ts';

/** Every store that keeps values of records. */
export interface Stores {
  org: SalesforceClient;
  middleLayer: ExternalRequest;
  external: ExternalRequest;
}

const secretOf = (name: string): string => {
  const secret = process.env[name];
  if (!secret) throw new UnusableInput(`${name} is not set; put the secret there`);
  return secret;
};

/** The stores that the arguments name. Throws UnusableInput when one cannot be found. */
export const storesOf = async (args: EraseArguments): Promise<Stores> => {
  const { flow, targetOrg } = args;
  const reach = (who: string, url: string, token: string): ExternalRequest => jsonRequest(who, url, token);
  if (targetOrg !== null) {
    const [external, operator] = [secretOf(variablesOf(flow).token), secretOf('MIDDLE_LAYER_OPERATOR_TOKEN')];
    return {
      org: salesforceClient(await connectToTarget(targetOrg)),
      middleLayer: reach('the middle layer', args.middleLayerUrl!, operator),
      external: reach('the external system', args.externalUrl!, external),
    };
  }
  const running = await findRunningMiddleLayer();
  const external = running.externals[flow];
  if (!external) throw new UnusableInput(`what npm start keeps running has no external system of the flow ${flow}`);
  return {
    org: salesforceClient(await connectTo(running)),
    middleLayer: reach('the middle layer', running.middleLayerUrl, running.operatorToken),
    external: reach('the external system', external.url, external.token),
  };
};
