"""Mail of programmes, by who does what. Each function puts one message into the outbox, in the
transaction that makes it true. No mail carries words of an application, a review or feedback."""
