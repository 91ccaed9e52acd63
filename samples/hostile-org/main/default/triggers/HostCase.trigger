/**
 * Automation of the org's own: it makes Contacts for new Cases, and saves each Case once more, in the save of the Case.
 */
trigger HostCase on Case(after insert, after update) {
    if (Trigger.isInsert) {
        HostCaseContacts.makeFor(Trigger.new);
    }
    HostCaseHandler.saveAgain(Trigger.new);
}
