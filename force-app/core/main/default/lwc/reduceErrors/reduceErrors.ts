interface Message {
  message?: unknown;
}

/** The parts of an answer's body that carry messages: Apex and the UI API each fill some of them. */
interface ErrorBody extends Message {
  pageErrors?: Message[];
  fieldErrors?: Record<string, Message[]>;
  output?: { errors?: Message[]; fieldErrors?: Record<string, Message[]> };
}

interface PlatformError extends Message {
  body?: ErrorBody | Message[];
  statusText?: unknown;
}

/** The distinct messages of one error or several, in the order they were found; never an empty text. */
export function reduceErrors(errors: unknown): string[] {
  const list: unknown[] = Array.isArray(errors) ? errors : [errors];
  return [...new Set(list.flatMap(messagesOf))];
}

function messagesOf(error: unknown): string[] {
  if (error === null || error === undefined) return [];
  if (typeof error !== 'object') return [typeof error === 'string' ? error : JSON.stringify(error)];
  const { body, message, statusText } = error as PlatformError;
  const found = texts([...(Array.isArray(body) ? body : bodyMessages(body)), { message }]);
  if (found.length > 0) return found;
  return typeof statusText === 'string' && statusText !== '' ? [statusText] : ['Unknown error'];
}

function bodyMessages(body: ErrorBody | undefined): Message[] {
  if (body === undefined) return [];
  const { output = {}, pageErrors = [], fieldErrors = {} } = body;
  const details = [
    ...pageErrors,
    ...Object.values(fieldErrors).flat(),
    ...(output.errors ?? []),
    ...Object.values(output.fieldErrors ?? {}).flat(),
  ];
  // The message beside details only says that there are details.
  return details.length > 0 ? details : [{ message: body.message }];
}

function texts(messages: Message[]): string[] {
  return messages
    .map(({ message }) => message)
    .filter((text): text is string => typeof text === 'string' && text !== '');
}
