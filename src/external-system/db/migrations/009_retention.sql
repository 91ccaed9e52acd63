-- What retention looks for, and what it must know to leave the newest of each record.
CREATE INDEX outbox_over ON outbox (created_at) WHERE state <> 'queued';
CREATE INDEX case_request_of_key ON case_request (key, version);
CREATE INDEX case_request_at ON case_request (at);
CREATE INDEX case_revision_at ON case_revision (at);
