-- What a run's worker computes on, so that a time can be judged by the machine that took it.
ALTER TABLE run ADD COLUMN device TEXT NOT NULL DEFAULT '';      -- cpu, gpu(N); '' while unknown
ALTER TABLE run ADD COLUMN threads INTEGER NOT NULL DEFAULT 0;   -- of one operation; 0 while unknown

DROP VIEW v_run;
CREATE VIEW v_run AS
SELECT r.run_id, COALESCE(e.name, r.name) AS name, r.stage, r.state, r.detail, r.problem, r.seed,
  r.step, r.total_steps, r.active_seconds, r.created, COALESCE(e.tags, r.spec_tags) AS tags,
  COALESCE(e.notes, r.spec_notes) AS notes, r.spec_hash, r.spec, r.device, r.threads
FROM run r LEFT JOIN run_edit e ON e.run_id = r.run_id;
