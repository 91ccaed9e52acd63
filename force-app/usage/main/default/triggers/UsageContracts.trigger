trigger UsageContracts on Contract(before insert, before update, before delete, after insert, after update) {
    new FulfilledContractGuard(Trigger.new, Trigger.oldMap).run(Trigger.operationType);
}
