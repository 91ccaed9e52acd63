trigger ContractSeals on Contract_Seal__c(before insert, before update, before delete) {
    new ContractSealGuard(Trigger.new, Trigger.oldMap).run(Trigger.operationType);
}
