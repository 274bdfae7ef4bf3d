-- Threads: what leads from one message to the ticket of another, who takes part, how tickets are related.

-- Further addresses of a customer, by the admin's word.
ALTER TABLE customers ADD COLUMN same_as INTEGER REFERENCES customers (id);
CREATE INDEX customers_same_as ON customers (same_as) WHERE same_as IS NOT NULL;

-- All messages of a merged ticket are the other's; so is further mail to it.
ALTER TABLE tickets ADD COLUMN merged_into INTEGER REFERENCES tickets (number);
CREATE INDEX tickets_merged ON tickets (merged_into) WHERE merged_into IS NOT NULL;
-- When it was resolved, if it is.
ALTER TABLE tickets ADD COLUMN resolved INTEGER;
UPDATE tickets SET resolved = updated WHERE status = 'resolved';

-- hash: thread_hash('id', its own Message-ID) or thread_hash('named', one in its References). The ticket is the
-- message's.
CREATE TABLE thread_keys (
  hash INTEGER NOT NULL,
  message INTEGER NOT NULL REFERENCES messages (number),
  PRIMARY KEY (hash, message)
) STRICT, WITHOUT ROWID;

INSERT INTO thread_keys
  SELECT thread_hash('id', message_id), number FROM messages
  WHERE message_id <> '' AND ticket IS NOT NULL;
DROP INDEX messages_by_id;

-- hash: thread_hash('content', what the message says); where that has HTML beside its words, there is a second row
-- with thread_hash('words', the words). By the hour (since 1970) of the arrival: only recent
-- ones are asked for, and new rows lie side by side.
CREATE TABLE contents (
  hour INTEGER NOT NULL,
  hash INTEGER NOT NULL,
  message INTEGER NOT NULL REFERENCES messages (number),
  PRIMARY KEY (hour, hash, message)
) STRICT, WITHOUT ROWID;

-- Later arrivals of a mail that is kept as this message, so that retries of theirs are known, too.
CREATE TABLE repeats (
  digest BLOB PRIMARY KEY,
  message INTEGER NOT NULL REFERENCES messages (number)
) STRICT, WITHOUT ROWID;
CREATE INDEX repeats_by_message ON repeats (message);

-- Besides the requester.
CREATE TABLE participants (
  ticket INTEGER NOT NULL REFERENCES tickets (number),
  customer INTEGER NOT NULL REFERENCES customers (id),
  since INTEGER NOT NULL REFERENCES messages (number),
  PRIMARY KEY (ticket, customer)
) STRICT, WITHOUT ROWID;

CREATE TABLE links (
  ticket INTEGER NOT NULL REFERENCES tickets (number),
  other INTEGER NOT NULL REFERENCES tickets (number),
  relation TEXT NOT NULL CHECK (relation IN ('possibly the same as', 'continues', 'split from', 'linked to')),
  at INTEGER NOT NULL,
  PRIMARY KEY (ticket, other, relation)
) STRICT, WITHOUT ROWID;
CREATE INDEX links_by_other ON links (other);

-- Files that have to go to another folder: written with the change that asks for it, done after its commit.
CREATE TABLE moves (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  message INTEGER NOT NULL UNIQUE REFERENCES messages (number),
  mailbox TEXT NOT NULL CHECK (mailbox <> ''),
  folder TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;

-- A merged ticket brings its acknowledgement along: one for each message, no longer one for each ticket.
DROP INDEX outbox_one_acknowledgement;
CREATE UNIQUE INDEX outbox_one_acknowledgement ON outbox (answers) WHERE kind = 'acknowledgement';
