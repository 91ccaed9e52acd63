import { readFileSync } from 'node:fs';

const LABELS = 'force-app/cases/main/default/labels/CustomLabels.labels-meta.xml';
const LABEL = /<fullName>(.*?)<\/fullName>[\s\S]*?<value>(.*?)<\/value>/g;

/** The project's labels by their API names: tests read what people read. */
export function labels(): Map<string, string> {
  return new Map([...readFileSync(LABELS, 'utf8').matchAll(LABEL)].map(([, name = '', value = '']) => [name, value]));
}
