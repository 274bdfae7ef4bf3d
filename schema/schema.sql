-- What a database of postroom looks like: the sum of the numbered migrations, for readers. Nothing runs it;
-- a test compares it with what the migrations produce.

PRAGMA application_id = 0x50726f6d;  -- "Prom"
PRAGMA user_version = 6;

-- The desk: tickets, their messages and where these lie, what happened, and what waits to be sent.
-- All times: milliseconds since 1970, UTC. All lists: JSON arrays of strings.

CREATE TABLE counters (
  name TEXT PRIMARY KEY,
  next INTEGER NOT NULL CHECK (next > 0)
) STRICT, WITHOUT ROWID;

INSERT INTO counters VALUES ('ticket', 1), ('message', 1);

-- same_as: these are all addresses of one customer. status: how the desk stands to the customer, a word that rules ask for, such as vip. Empty: nothing is known.
CREATE TABLE customers (
  id INTEGER PRIMARY KEY,
  address TEXT NOT NULL UNIQUE CHECK (address <> ''),
  name TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT '',
  same_as INTEGER REFERENCES customers (id)
) STRICT;

CREATE INDEX customers_same_as ON customers (same_as) WHERE same_as IS NOT NULL;

-- merged_into: all its messages are the other's now, and so is further mail to it. resolved: when, if it is.
CREATE TABLE tickets (
  number INTEGER PRIMARY KEY CHECK (number > 0),
  queue TEXT NOT NULL,
  channel TEXT NOT NULL,
  priority TEXT NOT NULL CHECK (priority IN ('low', 'normal', 'high')),
  status TEXT NOT NULL CHECK (status IN ('new', 'open', 'waiting', 'resolved')),
  owner TEXT NOT NULL,
  customer INTEGER REFERENCES customers (id),
  subject TEXT NOT NULL,
  tags TEXT NOT NULL,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  merged_into INTEGER REFERENCES tickets (number),
  resolved INTEGER
) STRICT;

CREATE INDEX tickets_by_queue ON tickets (queue, status, created);
CREATE INDEX tickets_by_customer ON tickets (customer) WHERE customer IS NOT NULL;
CREATE INDEX tickets_by_owner ON tickets (owner, created) WHERE owner <> '';
CREATE INDEX tickets_merged ON tickets (merged_into) WHERE merged_into IS NOT NULL;

-- gone: schema/gone.h. ticket is NULL for spam; digest is NULL for what the desk itself has written.
CREATE TABLE messages (
  number INTEGER PRIMARY KEY CHECK (number > 0),
  ticket INTEGER REFERENCES tickets (number),
  digest BLOB UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('inbound', 'answer', 'acknowledgement', 'notice', 'note')),
  message_id TEXT NOT NULL,
  sender TEXT NOT NULL,
  subject TEXT NOT NULL,
  automatic TEXT NOT NULL,
  at INTEGER NOT NULL,
  published INTEGER NOT NULL CHECK (published IN (0, 1)),
  gone TEXT NOT NULL DEFAULT '' CHECK (gone IN ('', 'erasing', 'erased', 'expiring', 'expired')),
  CHECK (kind <> 'inbound' OR digest IS NOT NULL)
) STRICT;

CREATE INDEX messages_by_ticket ON messages (ticket) WHERE ticket IS NOT NULL;
CREATE INDEX messages_unpublished ON messages (number) WHERE published = 0 AND digest IS NOT NULL;
CREATE INDEX messages_going ON messages (number) WHERE gone IN ('erasing', 'expiring');
CREATE INDEX messages_ticketless ON messages (at) WHERE ticket IS NULL AND gone = '';

-- lost: the file was found in no folder when it had to move, and is not looked for through the whole desk.
CREATE TABLE places (
  message INTEGER PRIMARY KEY REFERENCES messages (number),
  mailbox TEXT NOT NULL CHECK (mailbox <> ''),
  folder TEXT NOT NULL,
  file TEXT NOT NULL CHECK (file <> ''),
  lost INTEGER NOT NULL DEFAULT 0 CHECK (lost IN (0, 1))
) STRICT;

-- To whom a message came, under its number: new rows lie side by side, where digests would scatter them.
CREATE TABLE deliveries (
  message INTEGER NOT NULL REFERENCES messages (number),
  recipient TEXT NOT NULL,
  orcpt TEXT NOT NULL,
  queue_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (message, recipient, orcpt)
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  ticket INTEGER REFERENCES tickets (number),
  message INTEGER REFERENCES messages (number),
  at INTEGER NOT NULL,
  who TEXT NOT NULL CHECK (who <> ''),
  what TEXT NOT NULL CHECK (what <> ''),
  why TEXT NOT NULL
) STRICT;

CREATE INDEX events_by_ticket ON events (ticket) WHERE ticket IS NOT NULL;

-- answers: the customer's message; nothing is sent before that lies in its folder.
-- The body is dropped as soon as the mail is settled: sent, failed, or uncertain (the program died in between).
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  ticket INTEGER NOT NULL REFERENCES tickets (number),
  message INTEGER NOT NULL UNIQUE REFERENCES messages (number),
  answers INTEGER NOT NULL REFERENCES messages (number),
  kind TEXT NOT NULL CHECK (kind IN ('acknowledgement', 'notice')),
  recipient TEXT NOT NULL CHECK (recipient <> ''),
  message_id TEXT NOT NULL,
  body BLOB,
  state TEXT NOT NULL CHECK (state IN ('queued', 'claimed', 'sent', 'failed', 'uncertain')),
  tries INTEGER NOT NULL DEFAULT 0,
  next_try INTEGER NOT NULL,
  created INTEGER NOT NULL,
  why TEXT NOT NULL DEFAULT '',
  CHECK ((state IN ('queued', 'claimed')) = (body IS NOT NULL))
) STRICT;

CREATE INDEX outbox_due ON outbox (next_try) WHERE state = 'queued';
CREATE INDEX outbox_claimed ON outbox (id) WHERE state = 'claimed';
CREATE INDEX outbox_by_recipient ON outbox (recipient, kind, created);
CREATE UNIQUE INDEX outbox_one_acknowledgement ON outbox (answers) WHERE kind = 'acknowledgement';

-- How many acknowledgements were queued in which minute since 1970, for the limit over everybody.
CREATE TABLE acknowledged_minutes (
  minute INTEGER PRIMARY KEY,
  n INTEGER NOT NULL
) STRICT;

-- Round robin: who got the last ticket of the queue.
CREATE TABLE queues (
  name TEXT PRIMARY KEY,
  last_owner TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- hash: thread_hash('id', its own Message-ID) or thread_hash('named', one in its References). The ticket is the
-- message's.
CREATE TABLE thread_keys (
  hash INTEGER NOT NULL,
  message INTEGER NOT NULL REFERENCES messages (number),
  PRIMARY KEY (hash, message)
) STRICT, WITHOUT ROWID;

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
