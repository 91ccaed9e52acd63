-- What a program of tomorrow might rename: no statement of an earlier program that queues, claims or settles works any more.
ALTER TABLE message RENAME COLUMN turn_at TO stands_at;
