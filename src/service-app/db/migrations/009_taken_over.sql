-- Earlier programs may work beside it.
-- Bookings of a sealed contract that this application had lost may be taken over from Salesforce.
ALTER TABLE ad_change DROP CONSTRAINT ad_change_what_check;
ALTER TABLE ad_change ADD CONSTRAINT ad_change_what_check
  CHECK (what IN ('booked', 'corrected', 'moved', 'cancelled', 'repaired', 'withdrawn', 'restored', 'taken over'));
