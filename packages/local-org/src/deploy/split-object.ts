/** Takes an object's file apart, as source format keeps it: one file a field, rule or record type. */
import { XMLBuilder, XMLParser, XMLValidator } from 'fast-xml-parser';
import { OBJECT_CHILDREN, OBJECTS } from './metadata-types.ts';
import type { Component } from './types.ts';
import { BadDeployment } from './types.ts';

/** An element as fast-xml-parser keeps it in order: its name to its children, text under `#text`. */
type Node = Record<string, unknown>;

const TEXT = '#text';
const NAMESPACE = 'http://soap.sforce.com/2006/04/metadata';
const XML = { preserveOrder: true, ignoreAttributes: false, processEntities: false, parseTagValue: false } as const;

const nameOf = (node: Node): string => Object.keys(node).find((key) => key !== ':@') ?? '';
const childrenOf = (node: Node): Node[] => (node[nameOf(node)] as Node[] | undefined) ?? [];

/** The components in `objects/<name>.object`. Throws BadDeployment when it is no object's file. */
export const splitObject = (fileName: string, name: string, content: Uint8Array): Component[] => {
  const text = Buffer.from(content).toString('utf8');
  const valid = XMLValidator.validate(text);
  if (valid !== true) throw new BadDeployment(`not well-formed at line ${valid.err.line}: ${valid.err.msg}`);
  const document = new XMLParser({ ...XML, trimValues: true }).parse(text) as Node[];
  const root = document.find((node) => 'CustomObject' in node);
  if (root === undefined) throw new BadDeployment('the root element is not <CustomObject>');
  const own: Node[] = [];
  const children: Component[] = [];
  for (const node of childrenOf(root)) {
    const child = OBJECT_CHILDREN.find(({ element }) => element === nameOf(node));
    if (child === undefined) {
      own.push(node);
      continue;
    }
    const childName = fullNameOf(node);
    const path = `${OBJECTS}/${name}/${child.element}/${childName}.${child.suffix}-meta.xml`;
    const files = new Map([[path, write(child.type, childrenOf(node))]]);
    children.push({ type: child.type, fullName: `${name}.${childName}`, fileName, files });
  }
  if (own.length === 0) return children;
  const files = new Map([[`${OBJECTS}/${name}/${name}.object-meta.xml`, write('CustomObject', own)]]);
  return [{ type: 'CustomObject', fullName: name, fileName, files }, ...children];
};

const fullNameOf = (node: Node): string => {
  const element = childrenOf(node).find((child) => 'fullName' in child);
  const text = element && childrenOf(element)[0]?.[TEXT];
  if (typeof text !== 'string' || text === '') throw new BadDeployment(`<${nameOf(node)}> has no <fullName>`);
  return text;
};

const write = (root: string, children: Node[]): Uint8Array => {
  const builder = new XMLBuilder({ ...XML, format: true, indentBy: '    ' });
  const body = builder.build([{ [root]: children, ':@': { '@_xmlns': NAMESPACE } }]);
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${body.trim()}\n`);
};
