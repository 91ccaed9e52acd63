-- Sums are asked for by ranges of K1, at fifty million records some 250 of them: none reads the whole table.

CREATE INDEX case_record_digest_k1 ON case_record (digest_k1);
