import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Makes an SFDX project with nothing in it, in a new folder: an org that starts with it is as a new one. Returns the folder. */
export const emptyProject = async (folder: string): Promise<string> => {
  await mkdir(join(folder, 'empty'), { recursive: true });
  await writeFile(
    join(folder, 'sfdx-project.json'),
    JSON.stringify({ packageDirectories: [{ path: 'empty', default: true }], sourceApiVersion: '67.0' }),
  );
  return folder;
};
