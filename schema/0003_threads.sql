-- Threads: what leads from one message to the ticket of another, who takes part, how tickets are related.

-- Further addresses of a customer, by the admin's word.
ALTER TABLE customers ADD COLUMN same_as INTEGER REFERENCES customers (id);
CREATE INDEX customers_same_as ON customers (same_as) WHERE same_as IS NOT NULL;

-- All messages of a merged ticket are the other's; so is further mail to it.
ALTER TABLE tickets ADD COLUMN merged_into INTEGER REFERENCES tickets (number);
-- When it was resolved, if it is.
ALTER TABLE tickets ADD COLUMN resolved INTEGER;

-- hash: thread_hash() of a Message-ID or of a content; kind: 'id' the message's own, 'named' in its
-- References, 'content'. The ticket is the message's.
CREATE TABLE thread_keys (
  hash INTEGER NOT NULL,
  message INTEGER NOT NULL REFERENCES messages (number),
  kind TEXT NOT NULL CHECK (kind IN ('id', 'named', 'content')),
  PRIMARY KEY (hash, message)
) STRICT, WITHOUT ROWID;

INSERT OR IGNORE INTO thread_keys
  SELECT thread_hash('id', message_id), number, 'id' FROM messages
  WHERE message_id <> '' AND ticket IS NOT NULL;
DROP INDEX messages_by_id;

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
