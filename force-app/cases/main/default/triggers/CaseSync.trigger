trigger CaseSync on Case(before insert, before update, after insert, after update, after delete, after undelete) {
    new CaseSyncHandler(Trigger.new, Trigger.old, Trigger.oldMap).run(Trigger.operationType);
}
