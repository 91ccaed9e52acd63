trigger UsageContracts on Contract(before insert, before update, before delete) {
    new FulfilledContractGuard(Trigger.new, Trigger.oldMap).run(Trigger.operationType);
}
