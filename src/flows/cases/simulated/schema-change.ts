import { strToU8, zipSync } from 'fflate';
import type { Scene } from './scene.ts';
import { SAMPLE } from '../../../shared/sample.ts';

const BOUNDARY = 'boundary-of-the-simulation';
const NAMESPACE = 'xmlns="http://soap.sforce.com/2006/04/metadata"';

/** The external system's text may no longer be changed to a text with this in it: some values that people and the registry give have it. */
const REFUSED_TEXT = '7';

const FIELD = SAMPLE.play.ownedOutside;

const manifest = `<?xml version="1.0" encoding="UTF-8"?><Package ${NAMESPACE}><types><members>Case.Refuses_Some_Resolutions</members><name>ValidationRule</name></types><version>67.0</version></Package>`;

const validationRule = (active: boolean): string =>
  `<?xml version="1.0" encoding="UTF-8"?><CustomObject ${NAMESPACE}><validationRules><fullName>Refuses_Some_Resolutions</fullName><active>${active}</active><errorConditionFormula>AND(ISCHANGED(${FIELD}), CONTAINS(${FIELD}, "${REFUSED_TEXT}"))</errorConditionFormula><errorMessage>This resolution is not allowed any more.</errorMessage></validationRules></CustomObject>`;

const deploy = async (scene: Scene, files: Record<string, string>): Promise<void> => {
  const zip = zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)])));
  const part = (disposition: string, type: string): string =>
    `--${BOUNDARY}\r\nContent-Disposition: form-data; ${disposition}\r\nContent-Type: ${type}\r\n\r\n`;
  const options = { deployOptions: { rollbackOnError: true, testLevel: 'NoTestRun' } };
  const { id } = await scene.world.upload<{ id: string }>('/metadata/deployRequest', BOUNDARY, [
    Buffer.from(part('name="file"; filename="change.zip"', 'application/zip')),
    zip,
    Buffer.from(
      `\r\n${part('name="entity_content"', 'application/json')}${JSON.stringify(options)}\r\n--${BOUNDARY}--\r\n`,
    ),
  ]);
  const { deployResult } = await scene.world.salesforce<{ deployResult: { status: string } }>(
    'GET',
    `/metadata/deployRequest/${id}?includeDetails=true`,
  );
  if (deployResult.status !== 'Succeeded') throw new Error(`the deployment failed: ${JSON.stringify(deployResult)}`);
};

/** An administrator deploys a rule that refuses some values, or takes it back: the org loads its schema and Apex again. */
export const changeSchema = async (scene: Scene, refuses: boolean): Promise<void> => {
  scene.world.network.count(refuses ? 'schema change' : 'schema change taken back');
  scene.refusesSomeResolutions = refuses;
  await deploy(scene, { 'package.xml': manifest, 'objects/Case.object': validationRule(refuses) });
};
