-- What else scored a response, a JSON object of nats by name (test/NAME, part/NAME, gold).
ALTER TABLE sample ADD COLUMN scores TEXT NOT NULL DEFAULT '{}';

CREATE VIEW v_sample_score AS
SELECT r.run_id, s.step, s.idx, j.key AS scorer, j.value AS score
FROM run r JOIN sample s ON s.run_no = r.run_no, json_each(s.scores) j;
