trigger UsageAccounts on Account(before delete, after delete) {
    new UsageAccountGuard(Trigger.old).run(Trigger.operationType);
}
