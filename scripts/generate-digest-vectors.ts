/**
 * Writes config/digest-vectors.json: records with their canonical content and digest numbers, which
 * Apex, TypeScript and SQL must all reproduce. Run it after a deliberate change of the encoding only.
 */
import { writeFile } from 'node:fs/promises';
import { contentOf, type ContentType, type ContentValue } from '../src/reconciliation/digest/content.ts';
import { cellsOf, elementOf } from '../src/reconciliation/digest/element.ts';

const TYPES: Record<string, ContentType> = {
  Subject: 'text',
  Description: 'text',
  Latitude__c: 'number',
  Reported_At__c: 'datetime',
  Due_Date__c: 'date',
};

const RECORDS: [name: string, key: string, values: Record<string, ContentValue>][] = [
  ['plain', '0b6e9a34-6f0b-4d6c-9a55-0d4f4b1f2a01', { Subject: 'Noise', Latitude__c: 40.586397, Reported_At__c: '2019-04-19T01:55:45Z', Due_Date__c: '2019-04-19' }],
  ['nothing but a key', '6f1c2f0e-58a5-4f0e-8f0a-3c9a2f7f9b02', {}],
  ['empty text is no value', 'c0a80101-0000-4000-8000-000000000003', { Subject: '', Description: '   \n' }],
  ['white space around text', 'c0a80101-0000-4000-8000-000000000004', { Subject: '  Noise\t', Description: '\n a \n' }],
  ['line ends', 'c0a80101-0000-4000-8000-000000000005', { Description: 'one\r\ntwo\rthree\nfour' }],
  ['escapes', 'c0a80101-0000-4000-8000-000000000006', { Subject: 'a\\nb=c', Description: 'a\nb=c\\' }],
  ['beyond ASCII', 'c0a80101-0000-4000-8000-000000000007', { Subject: 'Größe – 東京 – 🚑' }],
  ['whole number', 'c0a80101-0000-4000-8000-000000000008', { Latitude__c: 41 }],
  ['trailing zeros', 'c0a80101-0000-4000-8000-000000000009', { Latitude__c: -73.9 }],
  ['small number', 'c0a80101-0000-4000-8000-00000000000a', { Latitude__c: 0.000001 }],
  ['zero', 'c0a80101-0000-4000-8000-00000000000b', { Latitude__c: 0 }],
  ['start of the epoch', 'c0a80101-0000-4000-8000-00000000000c', { Reported_At__c: '1970-01-01T00:00:00Z' }],
];

const vectors = RECORDS.map(([name, key, values]) => {
  const content = contentOf(values, TYPES);
  const element = elementOf(key, content);
  return { name, key, values, content, ...element, cells: cellsOf(element) };
});

await writeFile(
  new URL('../config/digest-vectors.json', import.meta.url),
  `${JSON.stringify({ $generated: 'scripts/generate-digest-vectors.ts', types: TYPES, vectors }, null, 2)}\n`,
);
