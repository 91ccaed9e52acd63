import { relative } from 'node:path';
import { runJava, toolJars } from './tools.ts';
import type { Finding } from './tools.ts';

interface Report {
  files: { path: string; messages: { start: { line: number }; category: string; message: string }[] }[];
}

/** The independent semantic check: types, members, missing references. */
export function apexLsFindings(workspace: string): Finding[] {
  const args = ['-w', workspace, '-n', '-d', 'warnings', '-f', 'json'];
  const report = runJava(toolJars('apex-ls'), 'io.github.apexdevtools.apexls.CheckForIssues', args) as Report;
  return report.files.flatMap(({ path, messages }) =>
    messages.map(({ start, category, message }) => ({
      path: relative(workspace, path),
      line: start.line,
      text: `${category}: ${message}`,
    })),
  );
}
