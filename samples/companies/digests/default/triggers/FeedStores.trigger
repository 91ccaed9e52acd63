trigger FeedStores on ti_sucursal__c(before insert, before update) {
    FeedDigests.stamp(Trigger.new, Trigger.oldMap);
}
