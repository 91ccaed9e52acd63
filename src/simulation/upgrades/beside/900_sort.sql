-- Earlier programs may work beside it.
-- What a program of tomorrow might add: rows of earlier programs get the default.
ALTER TABLE message ADD COLUMN sort text NOT NULL DEFAULT 'usual';
CREATE INDEX message_sort ON message (flow, sort) WHERE state IN ('queued', 'sending');
