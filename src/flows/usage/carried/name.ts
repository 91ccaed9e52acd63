/** The name of the flow, wherever it is written down. */
export const USAGE = 'usage';
