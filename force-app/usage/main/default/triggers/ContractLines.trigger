trigger ContractLines on Contract_Line__c(before insert, before update, before delete, after undelete) {
    new ContractLineGuard(Trigger.new, Trigger.oldMap).run(Trigger.operationType);
}
