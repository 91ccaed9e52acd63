/** The flow's name: in the tables of the queue, on the records of Salesforce, on command lines. */
export const CASES = 'cases';
