import type { PlatformRows } from '../records/platform-rows.ts';
import type { MetadataFile } from '../schema/find-metadata.ts';
import { MetadataError } from '../schema/problems.ts';
import { readXml } from '../schema/xml.ts';
import type { Schema } from '../types.ts';

/** Makes the rows of a `*.queue-meta.xml`: a Group of type Queue and the objects it may own. Members are data, not metadata of this project. */
export function writeQueue(rows: PlatformRows, schema: Schema, file: MetadataFile): void {
  const root = readXml(file.path, 'Queue');
  root.only(
    new Set([
      'description',
      'doesSendEmailToMembers',
      'email',
      'fullName',
      'name',
      'queueRoutingConfig',
      'queueSobject',
    ]),
  );
  const id = rows.ensure(
    'Group',
    { DeveloperName: file.name, Type: 'Queue' },
    {
      Name: root.needed('name'),
      Email: root.text('email'),
      DoesSendEmailToMembers: root.flag('doesSendEmailToMembers'),
    },
  );
  for (const element of root.all('queueSobject')) {
    const object = schema.objects.get(element.needed('sobjectType').toLowerCase());
    if (object === undefined)
      throw new MetadataError(`<queueSobject> names ${element.text('sobjectType')}, which does not exist`);
    rows.ensure('QueueSobject', { QueueId: id, SobjectType: object.name });
  }
}
