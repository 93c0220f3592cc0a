-- Rules on what runs measure, what they remember of each run, and where they came true.
CREATE TABLE alert_rule (
  rule_no INTEGER PRIMARY KEY AUTOINCREMENT,
  text TEXT NOT NULL,                   -- kl_exact > 10 for 50 steps
  severity TEXT NOT NULL,               -- info, warning, critical
  action TEXT NOT NULL,                 -- notify, pause, stop
  enabled INTEGER NOT NULL
);

CREATE TABLE alert_memory (
  rule_no INTEGER NOT NULL,
  run_no INTEGER NOT NULL,
  memory TEXT NOT NULL,
  PRIMARY KEY (rule_no, run_no)
) WITHOUT ROWID;

CREATE TABLE alert_hit (
  hit_no INTEGER PRIMARY KEY AUTOINCREMENT,
  run_no INTEGER NOT NULL,
  rule_no INTEGER NOT NULL,
  rule TEXT NOT NULL,                   -- its text then
  severity TEXT NOT NULL,
  action TEXT NOT NULL,                 -- what was done: notify, pause, stop
  sequence INTEGER NOT NULL,            -- of the event in the journal
  step INTEGER NOT NULL,
  time TEXT NOT NULL,
  value REAL,                           -- of the metric; NULL where it is not finite or there is none
  message TEXT NOT NULL,
  acknowledged TEXT                     -- when a person saw it
);
CREATE INDEX alert_hit_run ON alert_hit (run_no);

CREATE VIEW v_alert AS
SELECT r.run_id, h.rule, h.severity, h.action, h.step, h.time, h.value, h.message, h.acknowledged
FROM alert_hit h JOIN run r ON r.run_no = h.run_no;
