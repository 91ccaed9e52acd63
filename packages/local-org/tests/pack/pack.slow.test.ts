/** The package as somebody else has it: packed, unpacked into a folder of theirs, with their own SFDX project. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const MODULES = join(ROOT, 'node_modules');
/** Packages of the workspace: they lead to the copies. */
const OURS = ['kernel', 'local-org'];

/** `npm pack` changes the package that it packs, so it packs a copy. Answers the tarball. */
const packCopy = (folder: string): string => {
  for (const name of OURS) {
    const isKept = (path: string): boolean => !/\/(node_modules|tests|dist)$/.test(path);
    cpSync(join(ROOT, 'packages', name), join(folder, 'packages', name), { recursive: true, filter: isKept });
  }
  // `npm run lint` checks the types: the copy is only made, which gives the same files in half the time
  const { compilerOptions, ...config } = JSON.parse(readFileSync(join(ROOT, 'tsconfig.json'), 'utf8'));
  const unchecked = { ...config, compilerOptions: { ...compilerOptions, noCheck: true } };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(unchecked));
  mkdirSync(join(folder, 'node_modules'));
  for (const name of readdirSync(MODULES).filter((name) => !OURS.includes(name)))
    symlinkSync(join(MODULES, name), join(folder, 'node_modules', name));
  for (const name of OURS) symlinkSync(join(folder, 'packages', name), join(folder, 'node_modules', name));
  const { status, stdout, stderr } = spawnSync('npm', ['pack', '--offline', '--pack-destination', folder], {
    cwd: join(folder, 'packages/local-org'),
    encoding: 'utf8',
    env: { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` },
  });
  assert.equal(status, 0, stdout + stderr);
  return join(folder, stdout.trim().split('\n').at(-1)!);
};

/** Unpacks the tarball as npm does, beside the packages that it depends on and no others. */
const install = (tarball: string, folder: string): string => {
  const home = join(folder, 'node_modules/local-org');
  mkdirSync(home, { recursive: true });
  assert.equal(spawnSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', home]).status, 0);
  const { dependencies } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  for (const name of [...Object.keys(dependencies), '@types/node']) {
    mkdirSync(dirname(join(folder, 'node_modules', name)), { recursive: true });
    symlinkSync(join(MODULES, name), join(folder, 'node_modules', name));
  }
  return home;
};

const META = `<?xml version="1.0" encoding="UTF-8"?>
<ApexClass xmlns="http://soap.sforce.com/2006/04/metadata"><apiVersion>67.0</apiVersion><status>Active</status></ApexClass>
`;

/** A project that has nothing to do with ours. */
const someonesProject = (folder: string): void => {
  const classes = join(folder, 'force-app/main/default/classes');
  mkdirSync(classes, { recursive: true });
  writeFileSync(join(folder, 'sfdx-project.json'), '{"packageDirectories":[{"path":"force-app","default":true}]}');
  const apex = {
    Greeter: `public with sharing class Greeter {
      public static String greet(Id accountId) {
        return 'Hello ' + [SELECT Name FROM Account WHERE Id = :accountId WITH USER_MODE].Name;
      }
    }`,
    GreeterTest: `@IsTest private class GreeterTest {
      @IsTest static void greets() {
        Account acme = new Account(Name = 'Acme');
        insert acme;
        Assert.areEqual('Hello Acme', Greeter.greet(acme.Id), 'By name');
      }
      @IsTest static void fails() { Assert.areEqual(1, 2, 'On purpose'); }
    }`,
  };
  for (const [name, text] of Object.entries(apex)) {
    writeFileSync(join(classes, `${name}.cls`), text);
    writeFileSync(join(classes, `${name}.cls-meta.xml`), META);
  }
};

describe('the packed package', () => {
  let folder: string;
  let app: string;
  let home: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'local-org-pack-'));
    app = join(folder, 'app');
    const tarball = packCopy(mkdtempSync(join(folder, 'copy-')));
    mkdirSync(app);
    home = install(tarball, app);
    someonesProject(app);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const manifest = (): any => JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  const bin = (): string => join(home, manifest().bin['local-org']);
  const run = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(process.execPath, args, { cwd: app, encoding: 'utf8' });

  it('holds JavaScript and declarations, and nothing of a workspace', () => {
    const files = readdirSync(home, { recursive: true, encoding: 'utf8' });
    const strange = files.filter((name) => /(?<!\.d)\.ts$/.test(name) || /(^|\/)(tests|catalogues)(\/|$)/.test(name));
    assert.deepEqual(strange, []);
    assert.equal(manifest().dependencies.kernel, undefined, 'the kernel is within');
    assert.equal(manifest().scripts, undefined);
    assert.ok(files.includes('README.md') && files.includes('DIFFERENCES.md'));
  });

  it('runs the tests of a project', () => {
    const passed = run(bin(), 'test', '--project', '.', '--class', 'GreeterTest', '--json', 'result.json');
    assert.equal(passed.status, 1, passed.stderr);
    const { result } = JSON.parse(readFileSync(join(app, 'result.json'), 'utf8'));
    assert.deepEqual(result.tests.map(({ MethodName, Outcome }: any) => [MethodName, Outcome]).sort(), [
      ['fails', 'Fail'],
      ['greets', 'Pass'],
    ]);
  });

  it('runs anonymous Apex', () => {
    writeFileSync(
      join(app, 'hello.apex'),
      "Account a = new Account(Name = 'Ada'); insert a; System.debug(Greeter.greet(a.Id));",
    );
    const { status, stdout, stderr } = run(bin(), 'exec', '--project', '.', '--file', 'hello.apex');
    assert.equal(status, 0, stderr);
    assert.match(stdout, /Hello Ada/);
  });

  it('serves, with its threads, until it is interrupted', async () => {
    const child = spawn(process.execPath, [bin(), 'start', '--project', '.'], {
      cwd: app,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const line = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).once('line', resolve);
      child.once('exit', (code) => reject(new Error(`ended with ${code}`)));
    });
    const { instanceUrl, accessToken } = JSON.parse(line);
    const answer = await fetch(`${instanceUrl}/services/data/v67.0/query?q=SELECT+Name+FROM+ApexClass`, {
      headers: { authorization: `Bearer ${accessToken}` },
    });
    const { records } = (await answer.json()) as { records: { Name: string }[] };
    assert.deepEqual(records.map(({ Name }) => Name).sort(), ['Greeter', 'GreeterTest']);
    child.kill('SIGINT');
    assert.equal(await ended, 0);
  });

  it('is imported by its name, with types', () => {
    const text = `import { createOrg, ManualClock, seededRandom, type Org } from 'local-org';
      import { startOrgService } from 'local-org/service.ts';
      const org: Org = createOrg({ projectDir: '.', clock: new ManualClock(0), random: seededRandom(1) });
      const { success } = org.executeAnonymous("insert new Account(Name = 'Acme');");
      org.close();
      console.log(success, typeof startOrgService);
    `;
    writeFileSync(join(app, 'package.json'), '{"type":"module"}');
    writeFileSync(join(app, 'app.ts'), text);
    const { status, stdout, stderr } = run('app.ts');
    assert.deepEqual([status, stdout], [0, 'true function\n'], stderr);
    writeFileSync(join(app, 'wrong.ts'), text.replace('seededRandom(1)', "'random'"));
    const flags = '--noEmit --strict --skipLibCheck --module nodenext --target es2024 --types node'.split(' ');
    const found = run(join(MODULES, 'typescript/bin/tsc'), ...flags, 'app.ts', 'wrong.ts')
      .stdout.trim()
      .split('\n');
    assert.equal(found.filter((line) => /error TS/.test(line)).length, 1, found.join('\n'));
    assert.match(found[0]!, /^wrong\.ts.*TS2322/, 'the declarations are read');
  });
});
