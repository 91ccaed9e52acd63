import { readFileSync } from 'node:fs';
import { CASES } from '../../../../src/flows/cases/carried/name.ts';
import { ROOT, protocolFiles } from '../../protocol.ts';
import type { Mutation } from '../types.ts';
import { breakApex } from './apex.ts';
import type { Edit } from './edits.ts';
import { breakTypeScript } from './typescript.ts';

/** One of all ways to break the protocol. */
export interface GeneratedMutation extends Mutation {
  /** The place that must run, or nothing is different: index of a code unit. */
  at: number;
  /** Of that place, from 1. */
  line: number;
}

const CONTEXT = 10;

/** The least surroundings of an edit that stand in the file once, as a mutation wants them. */
const located = (text: string, { start, end, replace }: Edit): { find: string; replace: string } => {
  for (let more = CONTEXT; ; more += CONTEXT) {
    const [from, to] = [Math.max(0, start - more), Math.min(text.length, end + more)];
    const find = text.slice(from, to);
    if (text.indexOf(find) === text.lastIndexOf(find))
      return { find, replace: text.slice(from, start) + replace + text.slice(end, to) };
  }
};

const brief = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
};

const editsOf = (file: string, text: string): Edit[] => {
  if (file.endsWith('.cls')) return breakApex(text, 'class');
  return file.endsWith('.trigger') ? breakApex(text, 'trigger') : breakTypeScript(text);
};

const lineOf = (text: string, at: number): number => text.slice(0, at).split('\n').length;

/** All ways to break one file. Their names tell where and how: `file:line operator: what`. */
export const mutationsOf = (file: string, text: string, flow = CASES): GeneratedMutation[] => {
  const names = new Map<string, number>();
  return editsOf(file, text)
    .toSorted((a, b) => a.start - b.start || a.end - b.end)
    .map((edit) => {
      const line = lineOf(text, edit.start);
      const at = edit.needs ?? edit.start;
      const what = brief(text.slice(edit.start, edit.end));
      const name = `${file}:${line} ${edit.operator}: ${what}`;
      const count = (names.get(name) ?? 0) + 1;
      names.set(name, count);
      return {
        name: count === 1 ? name : `${name} (${count})`,
        breaks: edit.operator,
        file,
        flow,
        at,
        line: lineOf(text, at),
        ...located(text, edit),
      };
    });
};

/** Every operator over every statement of a flow's protocol, in Apex, TypeScript and SQL. */
export const generateMutations = (flow = CASES): GeneratedMutation[] =>
  protocolFiles(flow).flatMap((file) => mutationsOf(file, readFileSync(`${ROOT}${file}`, 'utf8'), flow));
