import { strToU8, zipSync } from 'fflate';

const BOUNDARY = 'boundary-of-the-simulation';

/** An org as a deployment reaches it. Both reject what it refuses. */
export interface DeployTarget {
  upload<T>(path: string, boundary: string, parts: readonly Uint8Array[]): Promise<T>;
  salesforce<T>(method: string, path: string): Promise<T>;
}

/** Files of a metadata package, by their paths, `package.xml` among them. Rejects when the org refuses them. */
const deploy = async (target: DeployTarget, files: Record<string, string>): Promise<void> => {
  const zip = zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)])));
  const part = (disposition: string, type: string): string =>
    `--${BOUNDARY}\r\nContent-Disposition: form-data; ${disposition}\r\nContent-Type: ${type}\r\n\r\n`;
  const options = { deployOptions: { rollbackOnError: true, testLevel: 'NoTestRun' } };
  const { id } = await target.upload<{ id: string }>('/metadata/deployRequest', BOUNDARY, [
    Buffer.from(part('name="file"; filename="change.zip"', 'application/zip')),
    zip,
    Buffer.from(
      `\r\n${part('name="entity_content"', 'application/json')}${JSON.stringify(options)}\r\n--${BOUNDARY}--\r\n`,
    ),
  ]);
  const { deployResult } = await target.salesforce<{ deployResult: { status: string } }>(
    'GET',
    `/metadata/deployRequest/${id}?includeDetails=true`,
  );
  if (deployResult.status !== 'Succeeded') throw new Error(`the deployment failed: ${JSON.stringify(deployResult)}`);
};

const NAMESPACE = 'xmlns="http://soap.sforce.com/2006/04/metadata"';

/** A validation rule of an object. */
export interface Rule {
  object: string;
  name: string;
  active: boolean;
  /** The formula that is true of what is refused, as XML has it. */
  refuses: string;
  message: string;
}

/** An administrator deploys a validation rule: the org loads its schema and Apex again. */
export const deployRule = (target: DeployTarget, { object, name, active, refuses, message }: Rule): Promise<void> =>
  deploy(target, {
    'package.xml': `<?xml version="1.0" encoding="UTF-8"?><Package ${NAMESPACE}><types><members>${object}.${name}</members><name>ValidationRule</name></types><version>67.0</version></Package>`,
    [`objects/${object}.object`]: `<?xml version="1.0" encoding="UTF-8"?><CustomObject ${NAMESPACE}><validationRules><fullName>${name}</fullName><active>${active}</active><errorConditionFormula>${refuses}</errorConditionFormula><errorMessage>${message}</errorMessage></validationRules></CustomObject>`,
  });
