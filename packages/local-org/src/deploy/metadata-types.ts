/** Which metadata types there are and where their components lie. */
import { readFileSync } from 'node:fs';

export interface MetadataType {
  name: string;
  directory: string;
  /** Absent for types whose components are folders, or files of any kind. */
  suffix?: string;
  /** Whether components lie in folders of their own (reports, dashboards). */
  inFolder: boolean;
  /** `xml`: one file; `content`: a file and its `-meta.xml`; `bundle`: a folder. */
  shape: 'xml' | 'content' | 'bundle';
}

/** What an object's file holds: element, metadata type, and folder and suffix in source format. */
export interface ObjectChild {
  element: string;
  type: string;
  suffix: string;
}

/** Each has its own file in source format, in a folder named as the element. */
export const OBJECT_CHILDREN: readonly ObjectChild[] = [
  { element: 'fields', type: 'CustomField', suffix: 'field' },
  { element: 'validationRules', type: 'ValidationRule', suffix: 'validationRule' },
  { element: 'recordTypes', type: 'RecordType', suffix: 'recordType' },
  { element: 'listViews', type: 'ListView', suffix: 'listView' },
  { element: 'compactLayouts', type: 'CompactLayout', suffix: 'compactLayout' },
  { element: 'businessProcesses', type: 'BusinessProcess', suffix: 'businessProcess' },
  { element: 'webLinks', type: 'WebLink', suffix: 'webLink' },
  { element: 'fieldSets', type: 'FieldSet', suffix: 'fieldSet' },
  { element: 'indexes', type: 'Index', suffix: 'index' },
  { element: 'sharingReasons', type: 'SharingReason', suffix: 'sharingReason' },
];

export const OBJECTS = 'objects';

const CATALOGUE = new URL('./generated/metadata-types.json', import.meta.url);

/** The registry of metadata types; read once, by whoever needs it. */
export class MetadataTypes {
  readonly #byName: Map<string, MetadataType>;
  readonly #byDirectory = new Map<string, MetadataType[]>();

  constructor() {
    const { types } = JSON.parse(readFileSync(CATALOGUE, 'utf8')) as {
      types: Record<string, Omit<MetadataType, 'name'>>;
    };
    this.#byName = new Map(
      Object.entries(types).map(([name, { inFolder, ...rest }]) => [
        name,
        { name, inFolder: inFolder ?? false, ...rest },
      ]),
    );
    for (const type of this.#byName.values()) {
      this.#byDirectory.set(type.directory, [...(this.#byDirectory.get(type.directory) ?? []), type]);
    }
  }

  named(name: string): MetadataType | undefined {
    return this.#byName.get(name);
  }

  isDirectory(name: string): boolean {
    return this.#byDirectory.has(name);
  }

  /** The type of a file by its folder and its name without `-meta.xml`. */
  of(directory: string, fileName: string): MetadataType | undefined {
    const types = this.#byDirectory.get(directory) ?? [];
    const suffix = /\.([^.]+)$/.exec(fileName)?.[1];
    return (
      types.find((type) => type.suffix === suffix) ?? types.find((type) => type.suffix === undefined) ?? only(types)
    );
  }
}

/** Static resources and documents have files of any suffix in a folder of their own. */
const only = (types: MetadataType[]): MetadataType | undefined =>
  types.length === 1 && types[0]!.shape === 'content' ? types[0] : undefined;
