import { testStore } from '../open.ts';
import type { TestStore } from '../open.ts';

/** Epoch milliseconds. */
const at = (iso: string): number => Date.parse(iso);

/** A store with the few books, copies and cases that the fixtures ask for. */
export function library(): TestStore {
  const test = testStore();
  const { insert, save } = test;
  const group = insert('Account', { Name: 'Big Group' });
  const acme = insert('Account', { Name: 'Acme Press', ParentId: group });
  const emma = insert('Book__c', {
    Name: 'Emma',
    Isbn__c: '978-1',
    Shelf_Mark__c: 'A1',
    Pages__c: 474,
    Weight__c: 0.451,
    Price__c: 12.5,
    Discount__c: 10,
    Genre__c: 'Novel',
    Mood__c: 'Calm',
    Language__c: 'en',
    Tags__c: 'classic;funny',
    Published__c: '1815-12-23',
    Acquired__c: at('2026-01-15T09:00:00Z'),
    Publisher__c: acme,
    Opens__c: 9 * 3_600_000,
  });
  const odes = insert('Book__c', {
    Name: 'Odes',
    Subtitle__c: 'Five of them',
    Isbn__c: '978-2',
    Pages__c: 120,
    Price__c: 5,
    Genre__c: 'Poetry',
    Mood__c: 'Wild',
    Tags__c: 'classic;sad',
    Published__c: '1819-05-01',
    Acquired__c: at('2026-01-14T23:59:59Z'),
    Lendable__c: false,
    Opens__c: 7 * 3_600_000,
  });
  const walden = insert('Book__c', {
    Name: 'Walden',
    Isbn__c: '978-3',
    Shelf_Mark__c: 'a1',
    Pages__c: 352,
    Price__c: 8,
    Genre__c: 'Essay',
    Language__c: 'de',
    Published__c: '1854-08-09',
    Acquired__c: at('2025-12-31T12:00:00Z'),
    Publisher__c: acme,
  });
  insert('Book__c', { Name: `O'Neill's "Tales"`, Genre__c: 'Novel', Published__c: '2001-01-01', Due__c: null });
  insert('Book__c', { Name: '100% True', Genre__c: 'Novel', Mood__c: 'Wild', Sequel_To__c: emma });
  for (const [Book__c, State__c] of [
    [emma, 'New'],
    [emma, 'Lost'],
    [walden, 'Worn'],
    [emma, 'Worn'],
  ])
    insert('Copy__c', { Book__c: Book__c!, State__c: State__c! });
  const [queue] = test.query("SELECT Id FROM Group WHERE Type = 'Queue'");
  insert('Case', { Subject: 'beta', AccountId: acme, OwnerId: queue!['Id'] as string });
  insert('Case', { Subject: 'Alpha', AccountId: acme, Book__c: odes });
  insert('Case', { Subject: 'Gamma' });
  save('delete', 'Case', [{ Id: insert('Case', { Subject: 'Deleted' }) }]);
  return test;
}
