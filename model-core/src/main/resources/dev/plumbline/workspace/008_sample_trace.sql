-- What is known of each token of a response, a JSON object with an array for each quantity (see
-- TokenTrace). Apart from the responses, so that a list of them does not drag the tokens along.
CREATE TABLE sample_trace (
  run_no INTEGER NOT NULL REFERENCES run,
  step INTEGER NOT NULL,
  idx INTEGER NOT NULL,
  trace TEXT NOT NULL,
  PRIMARY KEY (run_no, step, idx)
);

CREATE VIEW v_sample_token AS
SELECT r.run_id, t.step, t.idx, e.key AS position, e.value AS text_end,
  json_extract(t.trace, '$.log_probability[' || e.key || ']') AS log_probability,
  json_extract(t.trace, '$.reference_log_probability[' || e.key || ']')
    AS reference_log_probability,
  json_extract(t.trace, '$.kl[' || e.key || ']') AS kl,
  json_extract(t.trace, '$.entropy[' || e.key || ']') AS entropy,
  json_extract(t.trace, '$.value[' || e.key || ']') AS value,
  json_extract(t.trace, '$.advantage[' || e.key || ']') AS advantage
FROM run r JOIN sample_trace t ON t.run_no = r.run_no, json_each(t.trace, '$.end') e;
