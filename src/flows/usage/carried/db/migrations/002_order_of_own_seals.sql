-- Earlier programs may work beside it.
-- Since when the application's bookings come to what it said: what it said earlier replaces nothing.
ALTER TABLE usage_seal ADD COLUMN own_since timestamptz(3);
