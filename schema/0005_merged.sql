-- A merged ticket leads straight to the one that has its messages, however often that was merged on since.
UPDATE tickets SET merged_into = coalesce(
  (WITH RECURSIVE up (number) AS (
     SELECT tickets.merged_into
     UNION SELECT t.merged_into FROM tickets AS t JOIN up ON t.number = up.number WHERE t.merged_into IS NOT NULL)
   SELECT up.number FROM up JOIN tickets AS t ON t.number = up.number WHERE t.merged_into IS NULL),
  merged_into)
WHERE merged_into IN (SELECT number FROM tickets WHERE merged_into IS NOT NULL);
