/** Anonymous Apex that makes users of an org and gives them rights. */

/** Makes a user with no other right than those of the profile. */
export const userOf = ({ username, alias, profile }: { username: string; alias: string; profile: string }): string =>
  `insert new User(
     Username = '${username}', Email = '${username}', LastName = '${alias}', Alias = '${alias.slice(0, 8)}',
     ProfileId = [SELECT Id FROM Profile WHERE Name = '${profile}'].Id,
     TimeZoneSidKey = 'GMT', LocaleSidKey = 'en_US', EmailEncodingKey = 'UTF-8', LanguageLocaleKey = 'en_US'
   );`;

/** Gives those of the permission sets that the org has. `user`: Apex that answers the user's id. */
export const assignPermissionSets = (user: string, permissionSets: readonly string[]): string =>
  `Id assignee = ${user};
   List<PermissionSetAssignment> assignments = new List<PermissionSetAssignment>();
   for (PermissionSet granted : [SELECT Id FROM PermissionSet WHERE Name IN ('${permissionSets.join("', '")}')]) {
     assignments.add(new PermissionSetAssignment(AssigneeId = assignee, PermissionSetId = granted.Id));
   }
   insert assignments;`;
