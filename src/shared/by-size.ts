/** Cuts messages into consecutive batches whose payloads stay below `maxBytes` of JSON; one that is larger travels alone. */
export const bySize = <M extends { payload: object }>(messages: readonly M[], maxBytes: number): M[][] => {
  const batches: M[][] = [];
  let room = 0;
  for (const message of messages) {
    const size = Buffer.byteLength(JSON.stringify(message.payload));
    if (batches.length === 0 || size > room) {
      batches.push([]);
      room = maxBytes;
    }
    batches.at(-1)!.push(message);
    room -= size;
  }
  return batches;
};
