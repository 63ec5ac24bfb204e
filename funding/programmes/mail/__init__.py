"""Mail about programmes. Each function puts one message into the outbox, in the transaction that makes
it true; the key lets it go out once. No mail carries what an applicant wrote."""
