import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, test } from 'node:test';

const root = resolve(import.meta.dirname, '../..');

/** What people read: code with its comments and messages, documents. What programs make, and what others wrote, is not ours. */
const READ = /\.(ts|js|mjs|cls|trigger|md|sql|html|sh)$/;
const NOT_OURS = /\/generated\/|\/fixtures\/|^CHANGELOG\.md$|^docs\/glossary\.md$|^tests\/docs\//;

/** Words that came back before, and what to say. */
const RETIRED: [RegExp, string][] = [
  [/\banew\b/i, 'again'],
  [/\bbears?\b/i, 'has, have'],
  [/\bheeds?\b/i, 'keeps to'],
  [/\balike\b/i, 'the same'],
  [/\black(s|ed)?\b/i, 'is missing, has no'],
  [/\bfor (the )?want of\b/i, 'because … is missing'],
  [/\bsave (one|what|perhaps|for)\b/i, 'except'],
  [/\bnone the (fewer|less)\b/i, 'all the same'],
  [/\(step \d|\(steps \d|\bin step \d/i, 'a link to the section: no document numbers steps'],
  [/\b(MOST|LONGEST|LARGEST)_[A-Z]|[A-Z]_AT_MOST\b/, 'MAX_…'],
  [/\b(whereof|thereof|wherefore|hitherto|whilst|lest)\b/i, 'plain words'],
];

/** Files that are in the repository, or will be with the next commit. */
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root })
  .toString()
  .split('\n')
  .filter((path) => path !== '' && existsSync(resolve(root, path)));

const files = tracked.filter((path) => READ.test(path) && !NOT_OURS.test(path));

const places = (word: RegExp, paths = files): string[] =>
  paths.flatMap((path) =>
    readFileSync(resolve(root, path), 'utf8')
      .split('\n')
      .flatMap((line, index) => (word.test(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 160)}`] : [])),
  );

describe('words that were retired do not come back', () => {
  test('there is something to read', () => assert.ok(files.length > 500, `${files.length} files`));
  for (const [word, instead] of RETIRED)
    test(`${word.source}: say ${instead}`, () => assert.deepEqual(places(word), []));
});

/** Words that mean one thing in one part, and must not come in for another: where not, and what to say there. Also in metadata and in names of files. */
const ELSEWHERE: [RegExp, string[], string][] = [
  // the middle layer's audit trail, told of by its name, is all that may be called so
  [/(?<!\/v1\/)audit(?!s? ?trail)/i, ['src/reconciliation', 'scripts/reconciling', 'force-app'], 'content check'],
];

describe('a word means one thing', () => {
  for (const [word, folders, instead] of ELSEWHERE)
    test(`${word.source} in ${folders.join(', ')}: say ${instead}`, () => {
      const paths = tracked.filter((path) => folders.some((folder) => path.startsWith(`${folder}/`)));
      assert.ok(paths.length > 100, `${paths.length} files`);
      assert.deepEqual([...paths.filter((path) => word.test(path)), ...places(word, paths)], []);
    });
});

/** `path` or [text](path): links of documents to files of the repository. */
const LINK = /\]\((?!https?:|#|mailto:)([^)#\s]+)/g;

test('documents link to what is there', () => {
  const dead = files
    .filter((path) => path.endsWith('.md'))
    .flatMap((path) =>
      [...readFileSync(resolve(root, path), 'utf8').matchAll(LINK)]
        .map(([, target]) => target!)
        .filter((target) => !existsSync(resolve(root, path, '..', target)))
        .map((target) => `${path}: ${target}`),
    );
  assert.deepEqual(dead, []);
});
