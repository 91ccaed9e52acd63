/**
 * What the local org makes of each metadata type, by file suffix. A type that changes how records are
 * saved or shared and is not implemented is an error; so is a suffix that is in no list.
 */

/** Loaded by the store. */
export const LOADED = new Set([
  'object', 'field', 'validationRule', 'recordType', 'standardValueSet', 'globalValueSet', 'md', 'permissionset', 'profile',
  'customPermission', 'queue',
]);

/** Without any effect on records: compiled, served or shown by other parts, or not at all. */
export const WITHOUT_EFFECT_ON_RECORDS = new Set([
  'app', 'appMenu', 'asset', 'businessProcess', 'cachePartition', 'cls', 'cmp', 'communities', 'compactLayout', 'component', 'connectedApp',
  'contentAsset', 'corsWhitelistOrigin', 'cspTrustedSite', 'customMetadata', 'dashboard', 'dashboardFolder', 'document', 'documentFolder',
  'duplicateFolder', 'eca', 'ecaOauth', 'ecaGlblOauth', 'ecaOauthPlcy', 'ecaPlcy', 'email', 'emailFolder', 'evt', 'externalCredential', 'fieldSet', 'flexipage', 'folder',
  'globalPicklist', 'group', 'homePageComponent', 'homePageLayout', 'iframeWhiteListUrlSettings', 'index', 'js', 'json', 'labels', 'layout',
  'letter', 'listView', 'messageChannel', 'mlDomain', 'namedCredential', 'navigationMenu', 'network', 'notiftype', 'page', 'pathAssistant',
  'platformEventChannel', 'platformEventChannelMember', 'platformEventSubscriberConfig', 'PlatformEventSubscriberConfig',
  'quickAction', 'remoteSite', 'report', 'reportFolder', 'reportType', 'resource', 'role', 'settings', 'sharingReason', 'site', 'snapshot', 'sitedotcom', 'tab',
  'testSuite', 'theme', 'topicsForObjects', 'translation', 'objectTranslation', 'fieldTranslation', 'trigger', 'weblink', 'webLink', 'xmd',
]);

/** These change what a save or a query does. */
export const UNSUPPORTED = new Set([
  'approvalProcess', 'assignmentRules', 'autoResponseRules', 'dataSource', 'duplicateRule', 'escalationRules', 'flow', 'flowDefinition',
  'matchingRule', 'muting', 'mutingpermissionset', 'permissionsetgroup', 'restrictionRule', 'sharingRules', 'territory', 'territory2', 'transactionSecurityPolicy', 'workflow',
]);
