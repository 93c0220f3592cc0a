-- The workspace of Plumbline, filled from the journals of its runs. Times are ISO 8601 in UTC,
-- scores and log-probabilities are in nats, durations in seconds. Read the views (v_run, v_metric,
-- v_sample, v_mark, v_checkpoint); tables may change with the schema's version, the views keep
-- their columns.

-- One row. The revision grows with every change that readers can see.
CREATE TABLE store (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  revision INTEGER NOT NULL
);
INSERT INTO store VALUES (1, 0);

-- One row for each run directory, and how far its journal has been taken up.
CREATE TABLE run (
  run_no INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL UNIQUE,          -- name of the directory below runs/
  name TEXT NOT NULL,                   -- the spec's
  stage TEXT NOT NULL,                  -- pretraining, preference, rlhf; '' if spec.json is unreadable
  seed INTEGER NOT NULL,
  spec TEXT NOT NULL,                   -- spec.json
  spec_hash TEXT NOT NULL,
  spec_tags TEXT NOT NULL,              -- JSON list
  spec_notes TEXT NOT NULL,
  created TEXT NOT NULL,
  journal_state TEXT NOT NULL,          -- the last state in the journal
  state TEXT NOT NULL,                  -- the same, or lost, or starting
  state_time TEXT NOT NULL,
  detail TEXT NOT NULL,
  phase TEXT NOT NULL,
  problem TEXT NOT NULL,                -- what is wrong with the run's files, or ''
  step INTEGER NOT NULL,
  total_steps INTEGER NOT NULL,
  seconds_left REAL,                    -- NULL while unknown
  active_seconds REAL NOT NULL,         -- work, pauses left out
  journal_offset INTEGER NOT NULL,      -- bytes taken up
  journal_sequence INTEGER NOT NULL,    -- the last event taken up
  revision INTEGER NOT NULL
);
CREATE INDEX run_revision ON run (revision);

-- What people changed; ingest never touches it. NULL: as in the spec.
CREATE TABLE run_edit (
  run_id TEXT PRIMARY KEY,
  name TEXT,
  notes TEXT,
  tags TEXT,                            -- JSON list
  edited TEXT NOT NULL
);

-- One row for each curve.
CREATE TABLE metric (
  metric_no INTEGER PRIMARY KEY,
  run_no INTEGER NOT NULL REFERENCES run,
  name TEXT NOT NULL,
  points INTEGER NOT NULL,              -- in chunks and tail
  chunks INTEGER NOT NULL,              -- full chunks
  last_step INTEGER,
  last_value REAL,                      -- NULL: not a number
  UNIQUE (run_no, name)
);

-- Full chunks of a curve: 1024 points as JSON, [[step, samples, tokens, seconds, value], ...], so
-- that every SQL tool can read them; null is NaN, 9e999 an infinity.
CREATE TABLE metric_chunk (
  metric_no INTEGER NOT NULL REFERENCES metric,
  chunk INTEGER NOT NULL,
  first_step INTEGER NOT NULL,
  last_step INTEGER NOT NULL,
  points TEXT NOT NULL,
  PRIMARY KEY (metric_no, chunk)
);

-- The points behind the last full chunk.
CREATE TABLE metric_tail (
  metric_no INTEGER NOT NULL REFERENCES metric,
  step INTEGER NOT NULL,
  samples INTEGER NOT NULL,
  tokens INTEGER NOT NULL,
  seconds REAL,
  value REAL,
  PRIMARY KEY (metric_no, step)
) WITHOUT ROWID;

-- Responses of the model in training.
CREATE TABLE sample (
  run_no INTEGER NOT NULL REFERENCES run,
  step INTEGER NOT NULL,
  idx INTEGER NOT NULL,
  prompt TEXT NOT NULL,
  response TEXT NOT NULL,
  pm_score REAL,
  log_probability REAL,
  reference_log_probability REAL,
  tokens INTEGER NOT NULL,
  ended INTEGER NOT NULL,
  PRIMARY KEY (run_no, step, idx)
);

-- States, steering, checkpoints and resumes, in the order of the journal. A steering or checkpoint
-- that a resume went back behind is superseded.
CREATE TABLE mark (
  run_no INTEGER NOT NULL REFERENCES run,
  sequence INTEGER NOT NULL,
  time TEXT NOT NULL,
  step INTEGER NOT NULL,
  kind TEXT NOT NULL,                   -- state, steered, checkpoint, resumed
  label TEXT NOT NULL,
  parameter TEXT NOT NULL,
  value_before REAL,
  value_after REAL,
  superseded INTEGER NOT NULL,
  PRIMARY KEY (run_no, sequence)
);
