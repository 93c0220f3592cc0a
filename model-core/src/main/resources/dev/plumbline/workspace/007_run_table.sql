-- What the table of runs filters, sorts and groups by: statistics of curves, settings by key, what
-- each run was made from, and what people set.

-- Of the finite values of a curve; NULL without any.
ALTER TABLE metric ADD COLUMN finite INTEGER NOT NULL DEFAULT 0;
ALTER TABLE metric ADD COLUMN min_value REAL;
ALTER TABLE metric ADD COLUMN max_value REAL;
ALTER TABLE metric ADD COLUMN mean_value REAL;
UPDATE metric SET (finite, min_value, max_value, mean_value) = (
  SELECT count(*), min(v), max(v), avg(v) FROM (
    SELECT json_extract(p.value, '$[4]') AS v
    FROM metric_chunk c, json_each(c.points) p WHERE c.metric_no = metric.metric_no
    UNION ALL
    SELECT t.value FROM metric_tail t WHERE t.metric_no = metric.metric_no)
  WHERE v IS NOT NULL AND abs(v) < 9e999);

-- All that filters ask of curves, the curves of one name beside each other.
CREATE INDEX metric_name ON metric (name, run_no, points, last_value, min_value, max_value, mean_value);

ALTER TABLE run ADD COLUMN configuration TEXT NOT NULL DEFAULT '';  -- hash of stage and settings, seed left out
ALTER TABLE run ADD COLUMN trashed TEXT;                    -- since when it lies in trash/, or NULL
ALTER TABLE run ADD COLUMN settings_of TEXT NOT NULL DEFAULT '';    -- hash of the spec.json that run_setting was filled from

ALTER TABLE run_edit ADD COLUMN starred INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run_edit ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;

-- The keys of all specs: rlhf.lambda_kl, preference.data[1].fraction.
CREATE TABLE setting (
  setting_no INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE
);
CREATE TABLE run_setting (
  setting_no INTEGER NOT NULL REFERENCES setting,
  run_no INTEGER NOT NULL REFERENCES run,
  text TEXT NOT NULL,                   -- a list of texts as JSON
  number REAL,                          -- NULL where it is none
  PRIMARY KEY (setting_no, run_no)
) WITHOUT ROWID;
CREATE INDEX run_setting_run ON run_setting (run_no);

-- The data and models that a spec names.
CREATE TABLE run_input (
  run_no INTEGER NOT NULL REFERENCES run,
  place INTEGER NOT NULL,               -- from 0
  key TEXT NOT NULL,                    -- where the spec names it
  reference TEXT NOT NULL,              -- as a person wrote it: a path, or run:NAME
  path TEXT NOT NULL,                   -- '' while it is not resolved
  sha256 TEXT NOT NULL,
  from_run TEXT NOT NULL,               -- the run_id that it came from, or ''
  from_step INTEGER,                    -- the checkpoint's, or NULL
  PRIMARY KEY (run_no, place)
) WITHOUT ROWID;
CREATE INDEX run_input_from ON run_input (from_run);

-- Named views of the table of runs: filter, columns, order and grouping as JSON.
CREATE TABLE run_view (
  name TEXT PRIMARY KEY,
  layout TEXT NOT NULL,
  saved TEXT NOT NULL
);

-- What filters read of a run, apart from its long spec: a scan over it is a tenth of one over run.
CREATE INDEX run_face ON run (run_no, run_id, name, stage, state, seed, spec_tags, spec_notes,
  detail, problem, step, total_steps, seconds_left, active_seconds, created, device, threads, configuration, trashed);

CREATE VIEW v_setting AS
SELECT r.run_id, k.key, s.text, s.number
FROM run r JOIN run_setting s ON s.run_no = r.run_no JOIN setting k ON k.setting_no = s.setting_no;

CREATE VIEW v_metric_summary AS
SELECT r.run_id, m.name AS metric, m.points, m.last_step, m.last_value, m.min_value, m.max_value,
  m.mean_value, m.finite
FROM run r JOIN metric m ON m.run_no = r.run_no;

CREATE VIEW v_input AS
SELECT r.run_id, i.key, i.reference, i.path, i.sha256, i.from_run, i.from_step
FROM run r JOIN run_input i ON i.run_no = r.run_no;
