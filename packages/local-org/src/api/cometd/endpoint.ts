/** POST /cometd/67.0: the Streaming API. Requests carry Bayeux messages in a list. */
import { bearerToken, useSession } from '../auth/sessions.ts';
import type { Answer } from '../call.ts';
import type { OpenEndpoint, OpenRequest } from '../endpoint.ts';
import { apiError } from '../errors.ts';
import { isObject, parseJson, type Json } from '../json-body.ts';
import type { ApiDeps } from '../types.ts';
import { Clients, type Client } from './clients.ts';
import { connect } from './connect.ts';
import {
  AUTHENTICATION_INVALID,
  failure,
  NO_TOKEN,
  RETRY,
  success,
  unauthenticated,
  unknownClient,
  type Message,
  type Reply,
} from './message.ts';
import { subscribe } from './subscribe.ts';

/** Events are kept for 72 hours (Platform Events Developer Guide). */
const RETENTION = 72 * 3_600_000;
const EXPIRING = new Set(['/meta/handshake', '/meta/subscribe']);

export const cometdEndpoints = (deps: ApiDeps): OpenEndpoint[] => {
  const clients = new Clients();
  const run = (request: OpenRequest): Promise<Answer> => answer(deps, clients, request);
  return ['/cometd/:version', '/cometd/:version/*'].flatMap((path): OpenEndpoint[] => [
    { access: 'open', methods: ['POST'], path, run },
    // Clients try to open a web socket first and fall back to long polling.
    { access: 'open', methods: ['GET'], path, run: () => ({ status: 400, text: 'Unknown Bayeux Transport' }) },
  ]);
};

const answer = async (deps: ApiDeps, clients: Clients, { request }: OpenRequest): Promise<Answer> => {
  const messages = messagesOf(request.body, request.headers['content-type'] ?? '');
  const token = bearerToken(request.headers);
  const refuse = (reason: string): Answer => ({
    status: 200,
    body: messages.map((message) => unauthenticated(message, reason)),
  });
  if (!token) return refuse(NO_TOKEN);
  const session = useSession(deps, token);
  if (!session) return refuse(AUTHENTICATION_INVALID);

  // A connect that comes with other messages is not held, or their answers would wait for it.
  const hold = messages.every(({ channel }) => channel === '/meta/connect');
  const replies: Reply[] = [];
  const connects = messages.filter(({ channel }) => channel === '/meta/connect');
  for (const message of messages) {
    if (message.channel !== '/meta/connect') replies.push(...handle(deps, clients, session.userId, message));
  }
  for (const message of connects) {
    const client = clients.find(message.clientId, session.userId);
    replies.push(
      ...(client ? await connect(deps, client, message, { hold, signal: request.signal }) : [unknownClient(message)]),
    );
  }
  // While a connect was held the caller may have gone, with the org perhaps, or the session may have ended.
  if (request.signal?.aborted || useSession(deps, token)) return { status: 200, body: replies };
  return refuse(AUTHENTICATION_INVALID);
};

const handle = (deps: ApiDeps, clients: Clients, userId: string, message: Message): Reply[] => {
  // What is retained matters to those who begin to listen.
  if (EXPIRING.has(message.channel)) deps.store.events.expire(deps.clock.now() - RETENTION);
  if (message.channel === '/meta/handshake') return [handshake(deps, clients, userId, message)];
  const client = clients.find(message.clientId, userId);
  if (!client) return [unknownClient(message)];
  client.seenAt = deps.clock.now();
  switch (message.channel) {
    case '/meta/subscribe': {
      const replies = subscribe(deps, client, message);
      client.wake?.();
      return replies;
    }
    case '/meta/unsubscribe':
      return unsubscribe(client, message);
    case '/meta/disconnect':
      clients.remove(client);
      return [success(message)];
    default:
      return [failure(message, '403::Publishing over the Streaming API is not allowed')];
  }
};

const handshake = (deps: ApiDeps, clients: Clients, userId: string, message: Message): Reply => {
  const types = message.supportedConnectionTypes ?? [];
  const fixed = { version: '1.0', minimumVersion: '1.0', supportedConnectionTypes: ['long-polling'] };
  if (!types.includes('long-polling')) return failure(message, '406::Unsupported connection type', fixed);
  const { id } = clients.add(userId, deps.clock.now(), deps.random);
  return success(
    { ...message, clientId: id },
    { ...fixed, ext: { replay: true, 'payload.format': true }, advice: RETRY },
  );
};

const unsubscribe = (client: Client, message: Message): Reply[] =>
  [message.subscription ?? []].flat().map((channel) => {
    client.subscriptions.delete(channel);
    return success(message, { subscription: channel });
  });

/** A list of messages, or one, as JSON or in a form. */
const messagesOf = (body: string, contentType: string): Message[] => {
  const text = contentType.includes('form-urlencoded') ? (new URLSearchParams(body).get('message') ?? '') : body;
  const messages = [parseJson(text)].flat<Json[]>();
  if (messages.length > 0 && messages.every((message) => isObject(message) && typeof message.channel === 'string')) {
    return messages as unknown as Message[];
  }
  throw apiError('JSON_PARSER_ERROR', 'Expected a list of Bayeux messages, each with a channel');
};
