/** What the badge says, as Custom Labels: admins translate and reword them in Setup. */
import title from '@salesforce/label/c.Sync_Badge_Title';
import loading from '@salesforce/label/c.Sync_Badge_Loading';
import refresh from '@salesforce/label/c.Sync_Badge_Refresh';
import refreshFailed from '@salesforce/label/c.Sync_Badge_Refresh_Failed';
import notReadable from '@salesforce/label/c.Sync_Badge_Not_Readable';
import noAccess from '@salesforce/label/c.Sync_Badge_No_Access';
import noAccessMeaning from '@salesforce/label/c.Sync_Badge_No_Access_Meaning';
import noAccessRemedy from '@salesforce/label/c.Sync_Badge_No_Access_Remedy';
import notSynced from '@salesforce/label/c.Sync_Badge_Not_Synced';
import notSyncedMeaning from '@salesforce/label/c.Sync_Badge_Not_Synced_Meaning';
import notSyncedRemedy from '@salesforce/label/c.Sync_Badge_Not_Synced_Remedy';
import notStored from '@salesforce/label/c.Sync_Badge_Not_Stored';
import notStoredMeaning from '@salesforce/label/c.Sync_Badge_Not_Stored_Meaning';
import notStoredRemedy from '@salesforce/label/c.Sync_Badge_Not_Stored_Remedy';
import outOfScope from '@salesforce/label/c.Sync_Badge_Out_Of_Scope';
import outOfScopeMeaning from '@salesforce/label/c.Sync_Badge_Out_Of_Scope_Meaning';
import outOfScopeRemedy from '@salesforce/label/c.Sync_Badge_Out_Of_Scope_Remedy';
import inProgress from '@salesforce/label/c.Sync_Badge_In_Progress';
import requestMeaning from '@salesforce/label/c.Sync_Badge_Request_Meaning';
import writeBackMeaning from '@salesforce/label/c.Sync_Badge_Write_Back_Meaning';
import inProgressRemedy from '@salesforce/label/c.Sync_Badge_In_Progress_Remedy';
import synced from '@salesforce/label/c.Sync_Badge_Synced';
import syncedMeaning from '@salesforce/label/c.Sync_Badge_Synced_Meaning';
import failed from '@salesforce/label/c.Sync_Badge_Failed';
import retriedMeaning from '@salesforce/label/c.Sync_Badge_Retried_Meaning';
import stoppedMeaning from '@salesforce/label/c.Sync_Badge_Stopped_Meaning';
import unansweredMeaning from '@salesforce/label/c.Sync_Badge_Unanswered_Meaning';
import unconfirmedMeaning from '@salesforce/label/c.Sync_Badge_Unconfirmed_Meaning';
import askNowRemedy from '@salesforce/label/c.Sync_Badge_Ask_Now_Remedy';
import retryRemedy from '@salesforce/label/c.Sync_Badge_Retry_Remedy';
import askRemedy from '@salesforce/label/c.Sync_Badge_Ask_Remedy';
import waitOrRetryRemedy from '@salesforce/label/c.Sync_Badge_Wait_Or_Retry_Remedy';
import waitRemedy from '@salesforce/label/c.Sync_Badge_Wait_Remedy';
import unknown from '@salesforce/label/c.Sync_Badge_Unknown';
import unknownMeaning from '@salesforce/label/c.Sync_Badge_Unknown_Meaning';
import unknownRemedy from '@salesforce/label/c.Sync_Badge_Unknown_Remedy';
import reason from '@salesforce/label/c.Sync_Badge_Reason';
import noReason from '@salesforce/label/c.Sync_Badge_No_Reason';
import whatToDo from '@salesforce/label/c.Sync_Badge_What_To_Do';
import externalId from '@salesforce/label/c.Sync_Badge_External_Id';
import version from '@salesforce/label/c.Sync_Badge_Version';
import attempts from '@salesforce/label/c.Sync_Badge_Attempts';
import waitingSince from '@salesforce/label/c.Sync_Badge_Waiting_Since';
import lastSent from '@salesforce/label/c.Sync_Badge_Last_Sent';
import failedAt from '@salesforce/label/c.Sync_Badge_Failed_At';
import nextAttempt from '@salesforce/label/c.Sync_Badge_Next_Attempt';
import errorCode from '@salesforce/label/c.Sync_Badge_Error_Code';
import lastError from '@salesforce/label/c.Sync_Badge_Last_Error';
import retry from '@salesforce/label/c.Sync_Badge_Retry';
import retryDone from '@salesforce/label/c.Sync_Badge_Retry_Done';
import retryDoneText from '@salesforce/label/c.Sync_Badge_Retry_Done_Text';
import retryFailed from '@salesforce/label/c.Sync_Badge_Retry_Failed';

export const LABELS = {
  title,
  loading,
  refresh,
  refreshFailed,
  notReadable,
  noAccess,
  noAccessMeaning,
  noAccessRemedy,
  notSynced,
  notSyncedMeaning,
  notSyncedRemedy,
  notStored,
  notStoredMeaning,
  notStoredRemedy,
  outOfScope,
  outOfScopeMeaning,
  outOfScopeRemedy,
  inProgress,
  requestMeaning,
  writeBackMeaning,
  inProgressRemedy,
  synced,
  syncedMeaning,
  failed,
  retriedMeaning,
  stoppedMeaning,
  unansweredMeaning,
  unconfirmedMeaning,
  askNowRemedy,
  retryRemedy,
  askRemedy,
  waitOrRetryRemedy,
  waitRemedy,
  unknown,
  unknownMeaning,
  unknownRemedy,
  reason,
  noReason,
  whatToDo,
  externalId,
  version,
  attempts,
  waitingSince,
  lastSent,
  failedAt,
  nextAttempt,
  errorCode,
  lastError,
  retry,
  retryDone,
  retryDoneText,
  retryFailed,
};
