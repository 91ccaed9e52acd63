trigger UsageEntries on Usage_Entry__c(before insert, before update, before delete, after undelete) {
    new UsageEntryGuard(Trigger.new, Trigger.old).run(Trigger.operationType);
}
