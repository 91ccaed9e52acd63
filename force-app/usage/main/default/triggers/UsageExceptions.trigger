trigger UsageExceptions on Usage_Exception__c(before update, before delete, after update) {
    new UsageExceptionGuard(Trigger.new, Trigger.oldMap).run(Trigger.operationType);
}
