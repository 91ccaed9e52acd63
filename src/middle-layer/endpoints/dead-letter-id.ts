import { RequestError, type RoutedRequest } from '../../shared/router.ts';

export const deadLetterId = (request: RoutedRequest): number => {
  const { id = '' } = request.params;
  if (!/^\d{1,15}$/.test(id))
    throw new RequestError(
      400,
      'BAD_REQUEST',
      `a dead letter's id is a whole number, not ${JSON.stringify(id.slice(0, 40))}`,
    );
  return Number(id);
};

export const unknownDeadLetter = (id: number): RequestError =>
  new RequestError(404, 'NOT_FOUND', `there is no dead letter ${id}: it may be gone by retention`);
