-- Studies and runs that wait for their turn. What is done is in their own directories: an entry
-- only says what is to happen, and in which order.
CREATE TABLE queue (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  paused INTEGER NOT NULL,              -- 1: nothing new is begun
  at_a_time INTEGER NOT NULL            -- entries at work at a time; 0: as many as the machine carries
);
INSERT INTO queue VALUES (1, 0, 1);

CREATE TABLE queue_entry (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  place REAL NOT NULL,                  -- only the order counts
  kind TEXT NOT NULL,                   -- study, run
  target TEXT NOT NULL,                 -- its id
  title TEXT NOT NULL,
  state TEXT NOT NULL,                  -- waiting, running, paused, finished, failed, cancelled
  wish TEXT NOT NULL,                   -- asked of one at work: none, pause, cancel
  device TEXT NOT NULL,
  workers INTEGER NOT NULL,
  added TEXT NOT NULL,
  begun TEXT,
  ended TEXT,
  detail TEXT NOT NULL,
  cleared INTEGER NOT NULL              -- 1: over, and shown no more
);
CREATE INDEX queue_entry_place ON queue_entry (place);

CREATE VIEW v_queue AS
SELECT number, row_number() OVER (ORDER BY place, number) AS place, kind, target, title, state, wish,
  device, workers, added, begun, ended, detail
FROM queue_entry WHERE cleared = 0;
