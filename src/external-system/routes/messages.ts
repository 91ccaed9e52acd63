import { MESSAGE_BATCH_LIMIT, type MessageReceipt, type ToExternal } from '../../shared/case-messages.ts';
import { acceptedReceipt } from '../../shared/receipts.ts';
import { json, LARGE_BODY_BYTES } from 'kernel/http.ts';
import { messagesIn } from '../../shared/batches.ts';
import type { Routes } from '../../shared/router.ts';
import type { Database } from '../../shared/sql/types.ts';
import type { Context } from '../context.ts';
import type { Faults } from '../faults/faults.ts';
import { receiveMessages } from '../messages/receive.ts';

/** The door for the middle layer: a batch of messages in, a receipt for each, in order. */
export const messageRoutes = (
  context: Context,
  db: Database,
  faults: Faults,
  onError: (error: unknown) => void,
): Routes => ({
  'POST /v1/messages': {
    mostBytes: LARGE_BODY_BYTES,
    handle: async (request) => {
      const messages = messagesIn(request, MESSAGE_BATCH_LIMIT);
      const { lost, kept } = faults.incoming(messages);
      // by the message itself: two may have one id, and the malformed ones may have none
      const receipts = new Map<unknown, MessageReceipt>();
      const received = await receiveMessages(context, db, kept, onError);
      for (const [place, message] of kept.entries()) receipts.set(message, faults.receipt(received[place]!));
      for (const message of lost) receipts.set(message, acceptedReceipt(message as ToExternal));
      return json(202, { results: messages.map((message) => receipts.get(message)) });
    },
  },
});
