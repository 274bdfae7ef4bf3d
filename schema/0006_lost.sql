-- 1: the file was found in no folder when it had to move. It is looked for at its place and in the target from
-- then on, but not through the whole desk, until it has moved again.
ALTER TABLE places ADD COLUMN lost INTEGER NOT NULL DEFAULT 0 CHECK (lost IN (0, 1));
