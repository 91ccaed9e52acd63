import { readFileSync, readdirSync } from 'node:fs';

const LABEL = /<fullName>(.*?)<\/fullName>[\s\S]*?<value>(.*?)<\/value>/g;

/** The files of labels, of every package that has one. */
function files(): string[] {
  return readdirSync('force-app', { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.labels-meta.xml'))
    .map((path) => `force-app/${path}`);
}

/** The project's labels by their API names: tests read what people read. */
export function labels(): Map<string, string> {
  const text = files()
    .map((path) => readFileSync(path, 'utf8'))
    .join('');
  return new Map([...text.matchAll(LABEL)].map(([, name = '', value = '']) => [name, value]));
}
