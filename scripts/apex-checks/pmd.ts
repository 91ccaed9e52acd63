import { join, relative } from 'node:path';
import { packageDirectories } from '../metadata/package-directories.ts';
import { runJava, toolJars } from './tools.ts';
import type { Finding } from './tools.ts';

interface Report {
  files: { filename: string; violations: { beginline: number; rule: string; description: string }[] }[];
  processingErrors: { filename: string; message: string }[];
  configurationErrors: { rule: string; message: string }[];
}

const RULES = 'config/apex-tools/rules.xml';

/** Security, performance and error-prone constructs. */
export function pmdFindings(workspace: string): Finding[] {
  const folders = packageDirectories(workspace).flatMap((path) => ['-d', join(workspace, path)]);
  const args = ['check', '--no-progress', '--no-cache', ...folders, '-R', RULES, '-f', 'json'];
  const environment = { PMD_APEX_ROOT_DIRECTORY: workspace };
  const report = runJava(toolJars('pmd'), 'net.sourceforge.pmd.cli.PmdCli', args, environment) as Report;
  return [
    ...report.configurationErrors.map(({ rule, message }) => ({ path: RULES, line: 0, text: `${rule}: ${message}` })),
    ...report.processingErrors.map(({ filename, message }) => ({ path: filename, line: 0, text: message })),
    ...report.files.flatMap(({ filename, violations }) =>
      violations.map(({ beginline, rule, description }) => ({
        path: relative(workspace, filename),
        line: beginline,
        text: `${rule}: ${description.trim()}`,
      })),
    ),
  ];
}
