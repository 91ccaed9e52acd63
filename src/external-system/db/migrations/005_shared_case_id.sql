-- Which records share a Case id is asked with every reconciliation: grouped from the index alone.
CREATE INDEX case_record_case_id ON case_record (salesforce_case_id)
  WHERE salesforce_case_id IS NOT NULL AND deleted_at IS NULL AND salesforce_deletion IS NULL;
