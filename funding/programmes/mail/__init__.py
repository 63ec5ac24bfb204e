"""Mail of programmes, a module for each part. Each function puts messages into the outbox, in the
transaction that makes them true, and none carries an applicant's words."""
