trigger FeedAccounts on Account(before insert, before update) {
    FeedDigests.stamp(Trigger.new, Trigger.oldMap);
}
