trigger FeedRuns on Feed_Run__c(before insert, before update, after insert, after update) {
    new FeedRunGuard(Trigger.new, Trigger.oldMap).run(Trigger.operationType);
}
