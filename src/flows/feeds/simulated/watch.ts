/** What the programs of feeds send: counted, and now and then somebody in Salesforce acts in between. */
import type { Handler, Transport } from 'kernel/http.ts';
import { tellsRowLock } from '../../../shared/salesforce/row-lock.ts';
import { isPlain, isText, parsed, type Plain } from '../../../shared/shapes.ts';
import { Violation } from '../../../simulation/process.ts';
import { nameOf, OBJECTS } from './config.ts';
import type { Course } from './judge.ts';
import type { World } from '../../../simulation/world.ts';
import type { Books } from './books.ts';

/** Keys of runs, and of refusals, in what is sent to the book of runs. */
const BOOKED = /(?<=Run_Key__c\/)[-0-9a-f]+|(?<="Refusal_Key__c":")[^"]+/g;

/** Of which records of a call the answer says that others hold them; results are in the order of the records. */
const lockedIn = (asked: string, answered: string, externalId: string): string[] => {
  const [request, results] = [parsed(asked), parsed(answered)];
  if (!isPlain(request) || !Array.isArray(request.records) || !Array.isArray(results)) return [];
  return request.records.flatMap((record: Plain, at) => {
    const id = record[externalId] ?? record.id;
    return isText(id) && tellsRowLock(JSON.stringify(results[at])) ? [id, id.toLowerCase()] : [];
  });
};

/** What is watched. */
interface Watched {
  world: World;
  books: Books;
  chanceOfMeeting(share: number): boolean;
  meeting(): Promise<void>;
  isOwnSession(authorization: string): boolean;
}

export class Watch {
  readonly #scene: Watched;
  /** What each process is at, by its name. */
  readonly courses = new Map<string, Course>();
  /** Who wrote to a feed last, and who before: two that take turns overlap. */
  readonly #writers = new Map<string, Course[]>();
  #underWay = 0;
  /** The probability that somebody acts between two requests. */
  meets = 0;

  constructor(scene: Watched) {
    this.#scene = scene;
  }

  over(inner: Transport, process: string): Transport {
    return async (request) => {
      const course = this.courses.get(process);
      const { pathname } = new URL(request.url);
      if (course) this.#note(course, request.method, pathname);
      if (this.meets > 0 && this.#scene.chanceOfMeeting(this.meets)) await this.#scene.meeting();
      this.#underWay++;
      try {
        const response = await inner(request);
        if (course && tellsRowLock(response.body))
          for (const id of lockedIn(request.body, response.body, OBJECTS[course.feed].externalId))
            course.locked.add(id);
        return response;
      } finally {
        this.#underWay--;
      }
    };
  }

  #note(course: Course, method: string, path: string): void {
    const { object } = OBJECTS[course.feed];
    const isUpsert = method === 'PATCH' && path.includes(`/composite/sobjects/${object}/`);
    const isUpdate = method === 'PATCH' && path.endsWith('/composite/sobjects');
    const isJob = method === 'POST' && path.endsWith('/jobs/ingest');
    if (!isUpsert && !isUpdate && !isJob) return;
    course.writes++;
    const name = nameOf(course.company, course.feed);
    const writers = this.#writers.get(name) ?? [];
    if (writers.at(-1) === course) return;
    writers.push(course);
    this.#writers.set(name, writers);
    const [a, b, c, d] = writers.slice(-4);
    if (d && a === c && b === d) throw new Violation(`two runs of ${name} write by turns`);
  }

  /** A copy of a request of the feeds that comes long after its answer is told apart. */
  overOrg(inner: Handler): Handler {
    return async (request) => {
      const isFeeds = this.#scene.isOwnSession(request.headers.authorization ?? '');
      if (!isFeeds || this.#underWay > 0 || request.method === 'GET') return inner(request);
      this.#scene.world.network.count('late copy of a request of feeds');
      for (const [text] of `${request.url} ${request.body}`.matchAll(BOOKED)) this.#scene.books.late.add(text);
      return this.#scene.books.byOthers(() => inner(request), { isLate: true });
    };
  }
}
