import type { FromExternal, MessageReceipt } from '../../../shared/case-messages.ts';
import { checkFromExternal, idOf, MALFORMED, withStorableDiagnostics } from '../../../shared/check-message.ts';
import { describeProblem, isKey } from '../../../shared/checks.ts';
import { describeError } from '../../../middle-layer/log.ts';
import type { FlowContext } from '../../../middle-layer/types.ts';

export interface Refusal {
  errorCode: string;
  message: string;
}

/** A message as it came, what is taken in of it, and why it is not taken in. */
export interface Judged {
  given: unknown;
  message: FromExternal | null;
  refusal: Refusal | null;
}

/** Names the culprit in the log, without its values. */
const logRefusal = (context: FlowContext, given: unknown, detail: Record<string, unknown>): void => {
  const { key, kind } = (given ?? {}) as { key?: unknown; kind?: unknown };
  context.log('warn', 'message refused', {
    id: idOf(given),
    key: isKey(key) ? key : null,
    kind: typeof kind === 'string' ? kind : null,
    ...detail,
  });
};

/** Refuses a message that could not be taken in, for good. */
export const refuse = (context: FlowContext, judged: Judged, refusal: Refusal, error: unknown): void => {
  judged.refusal = refusal;
  const isBug = refusal.errorCode === 'INTERNAL_ERROR';
  logRefusal(context, judged.given, { code: refusal.errorCode, ...(isBug ? describeError(error) : {}) });
};

/** Checks each message by itself. Two of one id must say the same: only the first would be taken in. */
export const judgeMessages = (context: FlowContext, messages: readonly unknown[]): Judged[] => {
  const contents = new Map<string, string>();
  return messages.map((given): Judged => {
    const found = checkFromExternal(given);
    const message = found ? null : (given as FromExternal);
    const problem = found ?? repeatProblem(contents, message!);
    if (!problem) return { given, message: withStorableDiagnostics(message!), refusal: null };
    logRefusal(context, given, { code: MALFORMED, field: problem.at });
    return { given, message: null, refusal: { errorCode: MALFORMED, message: describeProblem(problem) } };
  });
};

const repeatProblem = (contents: Map<string, string>, message: FromExternal): { at: string; is: string } | null => {
  const content = JSON.stringify(message);
  const known = contents.get(message.id) ?? content;
  contents.set(message.id, known);
  return known === content ? null : { at: 'id', is: 'is that of another message of this batch; give each its own' };
};

/**
 * The answers of a receipt that can be taken in. A bad one counts as lost: the log names it, `code` is for the audit of
 * the message that it answers, and what is still open is asked for again. An answer is about the key of its message:
 * only that key is locked when it is taken in.
 */
export const judgeAnswers = (
  context: FlowContext,
  key: string,
  answers: readonly unknown[],
): { taken: FromExternal[]; code: string | null } => {
  const judged = judgeMessages(context, answers);
  for (const one of judged.filter(({ message }) => message !== null && message.key !== key)) {
    one.message = null;
    refuse(context, one, { errorCode: MALFORMED, message: 'key must be that of the message it answers' }, null);
  }
  const taken = judged.flatMap(({ message }) => message ?? []);
  return { taken, code: taken.length < judged.length ? MALFORMED : null };
};

export const receiptOf = ({ given, refusal }: Judged): MessageReceipt => {
  const id = idOf(given);
  return refusal ? { id, accepted: false, retryable: false, ...refusal } : { id, accepted: true };
};
