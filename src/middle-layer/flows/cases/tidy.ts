import { dropAnsweredExtra } from '../../db/queries/drop-answered-extra.ts';
import { purgeConflicts } from '../../db/queries/purge-conflicts.ts';
import { purgeDeadMessages } from '../../db/queries/purge-dead-messages.ts';
import { purgeInbox } from '../../db/queries/purge-inbox.ts';
import { purgeSettledMessages } from '../../db/queries/purge-settled-messages.ts';
import { purgeTombstones } from '../../db/queries/purge-tombstones.ts';
import type { Context } from '../../types.ts';

/** Enforces retention: what was settled, received or dead for longer than the settings say is deleted. The audit stays. */
export const tidy = async ({ db, clock, settings: { retention }, log }: Context): Promise<void> => {
  const before = (ms: number): Date => new Date(clock.now() - ms);
  const deleted = {
    messages: await purgeSettledMessages(db, before(retention.doneMs)),
    deadLetters: await purgeDeadMessages(db, before(retention.deadLetterMs)),
    conflicts: await purgeConflicts(db, before(retention.deadLetterMs)),
    inbox: await purgeInbox(db, before(retention.inboxMs)),
    tombstones: await purgeTombstones(db, before(retention.doneMs)),
  };
  await dropAnsweredExtra(db);
  if (Object.values(deleted).some((count) => count > 0)) log('info', 'retention', deleted);
};
