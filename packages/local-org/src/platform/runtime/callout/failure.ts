/** No answer came to a callout: what Apex sees as System.CalloutException. */
export class CalloutFailure extends Error {
  override name = 'CalloutFailure';
}
