trigger ContractSealings on Contract_Sealing__c(before insert, before update, before delete) {
    ContractSealingGuard.run(Trigger.new ?? Trigger.old);
}
