trigger UsageExceptions on Usage_Exception__c(before delete) {
    UsageExceptionGuard.refuse(Trigger.old);
}
