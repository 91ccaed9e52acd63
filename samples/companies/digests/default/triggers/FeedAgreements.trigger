trigger FeedAgreements on ti_acuerdo__c(before insert, before update) {
    FeedDigests.stamp(Trigger.new, Trigger.oldMap);
}
