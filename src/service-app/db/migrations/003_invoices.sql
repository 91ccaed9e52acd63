-- Invoices as they were first made, one row for each form: made again they come out the same.
CREATE TABLE invoice (
  contract_number text NOT NULL REFERENCES contract_seal,
  format text NOT NULL CHECK (format IN ('json', 'csv', 'pdf')),
  bytes bytea NOT NULL,
  sha256 text NOT NULL,
  made_at timestamptz NOT NULL,
  made_by text NOT NULL,
  PRIMARY KEY (contract_number, format)
);
