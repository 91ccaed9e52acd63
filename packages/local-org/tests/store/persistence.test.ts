import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, describe, it } from 'node:test';
import { PROJECT, testStore } from './open.ts';

describe('a store in a file', () => {
  const dir = mkdtempSync(join(tmpdir(), 'store-file-'));
  after(() => rmSync(dir, { recursive: true }));
  let file: string;
  let project: string;
  let count = 0;
  beforeEach(() => {
    file = join(dir, `${++count}.sqlite`);
    project = join(dir, `project-${count}`);
    cpSync(PROJECT, project, { recursive: true });
  });
  const edit = (path: string, change: (text: string) => string): void => {
    const at = join(project, 'default', path);
    writeFileSync(at, change(readFileSync(at, 'utf8')));
  };

  it('gives no id again that was given after a backup of its file, once it is told of the restore', () => {
    const first = testStore({ packageDirs: [project], file });
    first.insert('Book__c', {});
    first.store.close();
    cpSync(file, `${file}.backup`);
    const lost = testStore({ packageDirs: [project], file });
    const given = [1, 2, 3].map(() => lost.insert('Book__c', {}));
    // the first of its object: the backup knows of none
    const [firstOfAll] = [lost.store.newId('Account')];
    lost.store.close();

    cpSync(`${file}.backup`, file);
    const untold = testStore({ packageDirs: [project], file });
    assert.equal(untold.insert('Book__c', {}), given[0], 'the counter is part of the file');
    untold.store.close();
    cpSync(`${file}.backup`, file);
    const restored = testStore({ packageDirs: [project], file });
    restored.store.skipIds(1_000);
    restored.store.close();
    const again = testStore({ packageDirs: [project], file });
    const later = [1, 2, 3].map(() => again.insert('Book__c', {}));
    assert.deepEqual(
      later.filter((id) => given.includes(id)),
      [],
    );
    assert.notEqual(again.store.newId('Account'), firstOfAll);
    again.store.close();
  });

  it('is the same org with the same records when it is opened again', () => {
    const first = testStore({ packageDirs: [project], file });
    const id = first.insert('Book__c', { Name: 'Emma', Isbn__c: '1' });
    first.store.events.append([
      { object: 'Book_Returned__e', createdAt: 1, createdById: first.admin.userId, values: {}, uuid: 'u' },
    ]);
    first.store.state.put('a', 'b', 'c');
    const { orgId } = first.store;
    first.store.close();
    const again = testStore({ packageDirs: [project], file });
    assert.equal(again.store.orgId, orgId);
    assert.equal(again.admin.userId, first.admin.userId);
    assert.deepEqual(again.query('SELECT Id, Name FROM Book__c'), [{ Id: id, Name: 'Emma' }]);
    assert.deepEqual([again.store.events.newest(), again.store.state.get('a', 'b')], [1, 'c']);
    assert.notEqual(again.insert('Book__c', {}), id);
    again.store.close();
  });

  it('keeps what was committed when nobody closes it', () => {
    const first = testStore({ packageDirs: [project], file });
    first.insert('Book__c', { Name: 'Committed' });
    first.store.begin();
    cpSync(file, `${file}.copy`);
    cpSync(`${file}-wal`, `${file}.copy-wal`);
    const again = testStore({ packageDirs: [project], file: `${file}.copy` });
    assert.deepEqual(again.query('SELECT Name FROM Book__c'), [{ Name: 'Committed' }]);
    again.store.close();
    first.store.close();
  });

  it('takes new fields and objects over, and keeps ids', () => {
    const first = testStore({ packageDirs: [project], file });
    const id = first.insert('Book__c', { Name: 'Emma' });
    const [tariff] = first.query('SELECT Id FROM Tariff__mdt');
    first.store.close();
    cpSync(join(project, 'default/objects/Diary__c'), join(project, 'default/objects/Album__c'), { recursive: true });
    cpSync(
      join(project, 'default/objects/Album__c/Diary__c.object-meta.xml'),
      join(project, 'default/objects/Album__c/Album__c.object-meta.xml'),
    );
    rmSync(join(project, 'default/objects/Album__c/Diary__c.object-meta.xml'));
    cpSync(
      join(project, 'default/objects/Book__c/fields/Pages__c.field-meta.xml'),
      join(project, 'default/objects/Book__c/fields/Leaves__c.field-meta.xml'),
    );
    edit('objects/Book__c/fields/Leaves__c.field-meta.xml', (text) => text.replaceAll('Pages', 'Leaves'));
    const again = testStore({ packageDirs: [project], file });
    again.save('update', 'Book__c', [{ Id: id, Leaves__c: 3 }]);
    assert.deepEqual(again.query('SELECT Id, Leaves__c FROM Book__c'), [{ Id: id, Leaves__c: 3 }]);
    assert.equal(again.store.schema.objects.get('book__c')!.keyPrefix, 'a00');
    assert.match(again.insert('Album__c', {}), /^a04/);
    assert.deepEqual(again.query('SELECT Id FROM Tariff__mdt'), [tariff]);
    again.store.close();
  });

  it('rebuilds a column whose comparison changed, with its values', () => {
    const first = testStore({ packageDirs: [project], file });
    first.insert('Book__c', { Name: 'Emma', Isbn__c: 'aB' });
    assert.equal(first.query("SELECT Id FROM Book__c WHERE Isbn__c = 'AB'").length, 1);
    first.store.close();
    edit('objects/Book__c/fields/Isbn__c.field-meta.xml', (text) =>
      text.replace('<caseSensitive>false', '<caseSensitive>true'),
    );
    const again = testStore({ packageDirs: [project], file });
    assert.deepEqual(
      ["'AB'", "'aB'"].map((value) => again.query(`SELECT Id FROM Book__c WHERE Isbn__c = ${value}`).length),
      [0, 1],
    );
    again.store.close();
  });

  it('follows its custom metadata and permission sets', () => {
    testStore({ packageDirs: [project], file }).store.close();
    edit('customMetadata/Tariff.Standard.md-meta.xml', (text) => text.replace('2.5', '3.5'));
    edit('permissionsets/Reader.permissionset-meta.xml', (text) =>
      text.replace(/<fieldPermissions>.*?<\/fieldPermissions>/s, ''),
    );
    const again = testStore({ packageDirs: [project], file });
    assert.deepEqual(again.query('SELECT Fee__c FROM Tariff__mdt'), [{ Fee__c: 3.5 }]);
    const fields = again.query("SELECT Field FROM FieldPermissions WHERE Parent.Name = 'Reader' ORDER BY Field");
    assert.deepEqual(
      fields.map((row) => row['Field']),
      ['Book__c.Pages__c', 'Case.Subject', 'Diary__c.Text__c'],
    );
    again.store.close();
    rmSync(join(project, 'default/customMetadata/Tariff.Standard.md-meta.xml'));
    const last = testStore({ packageDirs: [project], file });
    assert.deepEqual(last.query('SELECT Id FROM Tariff__mdt'), []);
    last.store.close();
  });
});

describe('an isolated copy', () => {
  it('has the set-up and none of the records', () => {
    const t = testStore();
    t.insert('Book__c', { Name: 'Not seen' });
    t.store.state.put('a', 'b', 'c');
    const copy = t.store.isolatedCopy();
    const count = (object: string): number | undefined =>
      copy.query(`SELECT COUNT() FROM ${object}`, { access: t.admin }).count;
    assert.deepEqual(
      [count('Book__c'), count('User'), count('Tariff__mdt'), count('PermissionSet')! > 1],
      [0, 2, 1, true],
    );
    assert.equal(copy.state.get('a', 'b'), null);
    const transaction = copy.begin();
    copy.save(
      {
        operation: 'insert',
        rows: [{ object: 'Book__c', id: null, values: new Map() }],
        allOrNone: true,
        access: t.admin,
      },
      { hasTriggers: () => false, fire: () => [] },
    );
    transaction.commit();
    assert.deepEqual([count('Book__c'), t.query('SELECT Name FROM Book__c').length], [1, 1]);
    copy.close();
  });
});
