import type { PlatformRows } from '../records/platform-rows.ts';
import { standardPriceBook } from '../save/price-books.ts';

/** Profiles of a new org with their licence, and what they grant by themselves. */
const PROFILES: { name: string; license: string; access: 'everything' | 'standard objects' | 'nothing' }[] = [
  { name: 'System Administrator', license: 'Salesforce', access: 'everything' },
  { name: 'Standard User', license: 'Salesforce', access: 'standard objects' },
  { name: 'Minimum Access - Salesforce', license: 'Salesforce', access: 'nothing' },
  { name: 'Minimum Access - API Only Integrations', license: 'Salesforce Integration', access: 'nothing' },
  { name: 'Salesforce API Only System Integrations', license: 'Salesforce Integration', access: 'nothing' },
];
/** What the Standard User profile may create, read, edit and delete. */
const STANDARD_USER_OBJECTS = ['Account', 'Asset', 'Case', 'Contact', 'Contract', 'Lead', 'Opportunity'];
/** What it may only read. */
const STANDARD_USER_READS = ['Pricebook2', 'Product2', 'Report', 'UserExternalCredential'];

const REGION = { TimeZoneSidKey: 'GMT', LanguageLocaleKey: 'en_US' };

export interface BaseSetup {
  organizationId: string;
  userId: string;
  username: string;
}

/** The rows of an org nobody has touched yet: the organization, its licences and profiles, its first users, the standard price book. */
export function writeBaseSetup(rows: PlatformRows, orgId: string, username: string): BaseSetup {
  rows.write({
    object: 'Organization',
    id: orgId,
    values: new Map(
      Object.entries({
        Name: 'Local Org',
        OrganizationType: 'Developer Edition',
        InstanceName: 'LOCAL',
        IsSandbox: false,
        IsReadOnly: false,
        DefaultLocaleSidKey: 'en_US',
        ...REGION,
        DefaultAccountAccess: 'Edit',
        DefaultContactAccess: 'ControlledByParent',
        DefaultOpportunityAccess: 'Edit',
        DefaultCaseAccess: 'ReadEditTransfer',
        FiscalYearStartMonth: 1,
      }),
    ),
  });
  const profiles = new Map(PROFILES.map((profile) => [profile.name, writeProfile(rows, profile)]));
  const userId = writeUser(rows, {
    Username: username,
    FirstName: 'Local',
    LastName: 'Administrator',
    Alias: 'admin',
    UserType: 'Standard',
    ProfileId: profiles.get('System Administrator')!,
  });
  rows.owner = userId;
  standardPriceBook(rows);
  const domain = orgId.toLowerCase();
  writeUser(rows, {
    Username: `autoproc@${domain}`,
    FirstName: 'Automated',
    LastName: 'Process',
    Alias: 'autoproc',
    UserType: 'AutomatedProcess',
    ProfileId: null,
  });
  return { organizationId: orgId, userId, username };
}

function writeUser(
  rows: PlatformRows,
  user: {
    Username: string;
    FirstName: string;
    LastName: string;
    Alias: string;
    UserType: string;
    ProfileId: string | null;
  },
): string {
  return rows.ensure(
    'User',
    { Alias: user.Alias, UserType: user.UserType },
    {
      ...user,
      ...REGION,
      Name: `${user.FirstName} ${user.LastName}`,
      Email: 'admin@example.com',
      CommunityNickname: user.Alias,
      IsActive: true,
      LocaleSidKey: 'en_US',
      EmailEncodingKey: 'UTF-8',
      DefaultGroupNotificationFrequency: 'N',
      DigestFrequency: 'N',
    },
  );
}

function writeProfile(rows: PlatformRows, { name, license, access }: (typeof PROFILES)[number]): string {
  const UserLicenseId = rows.ensure('UserLicense', { Name: license });
  const all = access === 'everything';
  const flags = {
    PermissionsApiEnabled: true,
    PermissionsModifyAllData: all,
    PermissionsViewAllData: all,
    PermissionsViewSetup: all,
    PermissionsAuthorApex: all,
    PermissionsManageUsers: all,
    PermissionsCustomizeApplication: all,
    PermissionsActivateContract: all,
    PermissionsDeleteActivatedContract: all,
  };
  const id = rows.ensure('Profile', { Name: name }, { UserLicenseId, UserType: 'Standard', ...flags });
  const setId = writeProfilePermissionSet(rows, id, flags);
  if (access !== 'standard objects') return id;
  for (const object of [...STANDARD_USER_OBJECTS, ...STANDARD_USER_READS]) {
    const write = STANDARD_USER_OBJECTS.includes(object);
    rows.ensure(
      'ObjectPermissions',
      { ParentId: setId, SobjectType: object },
      {
        PermissionsRead: true,
        PermissionsCreate: write,
        PermissionsEdit: write,
        PermissionsDelete: write,
      },
    );
  }
  return id;
}

/** Every profile owns a permission set that holds what it grants. */
export function writeProfilePermissionSet(
  rows: PlatformRows,
  profileId: string,
  flags: Record<string, boolean>,
): string {
  return rows.ensure(
    'PermissionSet',
    { ProfileId: profileId, IsOwnedByProfile: true },
    { Name: `X${profileId}`, Label: profileId, IsCustom: false, Type: 'Profile', ...flags },
  );
}
