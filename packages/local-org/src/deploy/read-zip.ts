/** The files of a deployment's zip. */
import { unzipSync } from 'fflate';
import { BadDeployment } from './types.ts';

/** Limits of one deployment (Salesforce Developer Limits Quick Reference, Metadata API). */
const MAX_FILES = 10_000;
const MAX_ZIP_BYTES = 39_000_000;
const MAX_UNZIPPED_BYTES = 400_000_000;

const MANIFEST = 'package.xml';

/** One folder with a manifest, as it lies in the zip. */
export interface Package {
  /** `''`, or the folder with a slash behind it. */
  root: string;
  /** By their path below the root. */
  files: Map<string, Uint8Array>;
}

/**
 * The packages in a zip: the zip itself when its top has a manifest, otherwise each top folder that has
 * one. Throws BadDeployment.
 */
export const readZip = (zip: Uint8Array): Package[] => {
  const files = unzip(zip);
  const roots = [...files.keys()].flatMap((path) => {
    const [folder, name, ...deeper] = path.split('/');
    if (folder === MANIFEST && name === undefined) return [''];
    return name === MANIFEST && deeper.length === 0 ? [`${folder}/`] : [];
  });
  const used = roots.includes('') ? [''] : roots;
  if (used.length === 0) throw new BadDeployment('No package.xml found');
  return used.map((root) => ({
    root,
    files: new Map(
      [...files].flatMap(([path, content]) => (path.startsWith(root) ? [[path.slice(root.length), content]] : [])),
    ),
  }));
};

const unzip = (zip: Uint8Array): Map<string, Uint8Array> => {
  if (zip.byteLength > MAX_ZIP_BYTES) {
    throw new BadDeployment(`Maximum size of request reached. Maximum size of request is ${MAX_ZIP_BYTES} bytes`);
  }
  let [count, bytes] = [0, 0];
  const admit = ({ name, originalSize }: { name: string; originalSize: number }): boolean => {
    count += 1;
    bytes += originalSize;
    if (count > MAX_FILES) throw new BadDeployment(`The zip has more than ${MAX_FILES} files; deploy them in parts`);
    if (bytes > MAX_UNZIPPED_BYTES) throw new BadDeployment(`Unzipped, the files exceed ${MAX_UNZIPPED_BYTES} bytes`);
    if (isUnsafe(name)) throw new BadDeployment(`The zip names ${name}, which leads out of it`);
    return !name.endsWith('/');
  };
  try {
    return new Map(Object.entries(unzipSync(zip, { filter: admit })));
  } catch (error) {
    if (error instanceof BadDeployment) throw error;
    throw new BadDeployment(`The zip cannot be read: ${(error as Error).message}`);
  }
};

const isUnsafe = (path: string): boolean =>
  path.startsWith('/') || path.includes('\\') || path.split('/').includes('..');
