/** System.UserInfo: the context user and the organisation. */
import type { PlatformRuntime, UserDetails } from '../services.ts';
import type { StdFactory } from '../types.ts';
import { TimeZoneObject } from './TimeZone.ts';

const factory: StdFactory = (runtime) => {
  const user = (): UserDetails => (runtime as PlatformRuntime).services.user();
  return {
    name: 'UserInfo',
    s: {
      getuserid: () => user().id,
      getusername: () => user().username,
      getname: () => user().name,
      getfirstname: () => user().firstName,
      getlastname: () => user().lastName,
      getuseremail: () => user().email,
      getprofileid: () => user().profileId,
      getuserroleid: () => user().roleId,
      getusertype: () => user().userType,
      getlocale: () => user().locale,
      getlanguage: () => user().language,
      gettimezone: () => new TimeZoneObject(user().timeZone),
      getorganizationid: () => user().organizationId,
      getorganizationname: () => user().organizationName,
      getdefaultcurrency: () => user().defaultCurrency,
      getsessionid: () => user().sessionId,
      ismulticurrencyorganization: () => user().multiCurrency,
    },
  };
};

export default factory;
