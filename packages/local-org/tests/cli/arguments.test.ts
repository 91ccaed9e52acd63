import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readOrgArguments } from '../../cli/arguments.ts';
import { UnusableInput } from 'kernel/command-line.ts';

const project = mkdtempSync(join(tmpdir(), 'org-arguments-'));
const apex = join(project, 'a.apex');
writeFileSync(join(project, 'sfdx-project.json'), '{}');
writeFileSync(apex, '');
after(() => rmSync(project, { recursive: true }));

test('class names may be repeated, listed or follow one another', () => {
  for (const classes of [
    ['--class', 'A', '--class', 'B'],
    ['--class', 'A', 'B'],
    ['--class', 'A,B'],
  ]) {
    const args = readOrgArguments(['test', '--project', project, ...classes, '--json', 'out.json']);
    assert.deepEqual(args, {
      command: 'test',
      projectDir: project,
      classNames: ['A', 'B'],
      json: 'out.json',
      coverage: false,
    });
  }
});

test('reads start and exec', () => {
  assert.deepEqual(
    readOrgArguments(['start', '--project', project, '--port', '8100', '--control-port', '0', '--data', 'x.db']),
    {
      command: 'start',
      projectDir: project,
      port: 8100,
      controlPort: 0,
      data: 'x.db',
      devHub: false,
    },
  );
  assert.deepEqual(readOrgArguments(['exec', '--project', project, '--file', apex]), {
    command: 'exec',
    projectDir: project,
    file: apex,
    data: undefined,
  });
});

test('no command is a question for help', () => {
  assert.equal(readOrgArguments([]), 'help');
});

test('unusable arguments name what is wrong', () => {
  const cases: [string[], RegExp][] = [
    [['fly'], /unknown command fly/],
    [['start'], /--project is missing/],
    [['start', '--project', tmpdir()], /has no sfdx-project.json/],
    [['start', '--project', project, '--port', 'x'], /--port must be a port number/],
    [['start', '--project', project, '--control-port', 'x'], /--control-port must be a port number/],
    [['start', '--project', project, 'more'], /unexpected argument more/],
    [['exec', '--project', project], /--file is missing/],
    [['exec', '--project', project, '--file', join(project, 'b.apex')], /b\.apex does not exist/],
    [['test', '--projekt', project], /--projekt/],
  ];
  for (const [args, message] of cases) {
    assert.throws(
      () => readOrgArguments(args),
      (error: unknown) => error instanceof UnusableInput && message.test(error.message),
      args.join(' '),
    );
  }
});
