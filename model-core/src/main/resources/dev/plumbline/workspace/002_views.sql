-- The views for pandas, DuckDB, Datasette and whoever else reads SQLite.

CREATE VIEW v_run AS
SELECT r.run_id, COALESCE(e.name, r.name) AS name, r.stage, r.state, r.detail, r.problem, r.seed,
  r.step, r.total_steps, r.active_seconds, r.created, COALESCE(e.tags, r.spec_tags) AS tags,
  COALESCE(e.notes, r.spec_notes) AS notes, r.spec_hash, r.spec
FROM run r LEFT JOIN run_edit e ON e.run_id = r.run_id;

CREATE VIEW v_metric AS
SELECT r.run_id, m.name AS metric, json_extract(p.value, '$[0]') AS step,
  json_extract(p.value, '$[1]') AS samples, json_extract(p.value, '$[2]') AS tokens,
  json_extract(p.value, '$[3]') AS seconds, json_extract(p.value, '$[4]') AS value
FROM run r JOIN metric m ON m.run_no = r.run_no
  JOIN metric_chunk c ON c.metric_no = m.metric_no, json_each(c.points) p
UNION ALL
SELECT r.run_id, m.name, t.step, t.samples, t.tokens, t.seconds, t.value
FROM run r JOIN metric m ON m.run_no = r.run_no JOIN metric_tail t ON t.metric_no = m.metric_no;

CREATE VIEW v_sample AS
SELECT r.run_id, s.step, s.idx, s.prompt, s.response, s.pm_score, s.log_probability,
  s.reference_log_probability, s.tokens, s.ended
FROM run r JOIN sample s ON s.run_no = r.run_no;

CREATE VIEW v_mark AS
SELECT r.run_id, k.sequence, k.time, k.step, k.kind, k.label, k.parameter, k.value_before,
  k.value_after, k.superseded
FROM run r JOIN mark k ON k.run_no = r.run_no;

CREATE VIEW v_checkpoint AS
SELECT r.run_id, k.step, max(k.time) AS time, 'runs/' || r.run_id || '/checkpoints/' || k.step AS directory
FROM run r JOIN mark k ON k.run_no = r.run_no
WHERE k.kind = 'checkpoint' AND k.superseded = 0
GROUP BY r.run_id, k.step;
