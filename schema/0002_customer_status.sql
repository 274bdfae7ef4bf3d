-- How the desk stands to a customer: a word that rules ask for, such as vip. Empty: nothing is known.

ALTER TABLE customers ADD COLUMN status TEXT NOT NULL DEFAULT '';
