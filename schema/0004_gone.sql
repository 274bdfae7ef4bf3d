-- Mail that was taken away, by policy or because its customer wished it. 'erasing' and 'expiring': its files
-- are being unlinked; 'erased' and 'expired': nothing is left but the row, for the figures.
ALTER TABLE messages ADD COLUMN gone TEXT NOT NULL DEFAULT ''
  CHECK (gone IN ('', 'erasing', 'erased', 'expiring', 'expired'));
CREATE INDEX messages_going ON messages (number) WHERE gone IN ('erasing', 'expiring');
CREATE INDEX messages_ticketless ON messages (at) WHERE ticket IS NULL AND gone = '';
