/** `npm pack` runs this last: puts the package.json of the workspace back. */
import { renameSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { KEPT } from './prepack.ts';

renameSync(KEPT, fileURLToPath(new URL('../package.json', import.meta.url)));
