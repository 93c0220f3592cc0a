-- Tables that runs measured: one row here for each, and its rows below.
CREATE TABLE result (
  result_no INTEGER PRIMARY KEY,
  run_no INTEGER NOT NULL REFERENCES run,
  name TEXT NOT NULL,
  step INTEGER NOT NULL,                -- of the run; 0 where a run only measures
  columns TEXT NOT NULL,                -- JSON list of {name, kind, unit, definition}
  rows INTEGER NOT NULL,
  UNIQUE (run_no, name, step)
);

-- Cells as a JSON list in the order of the columns; null is NaN, 9e999 an infinity.
CREATE TABLE result_row (
  result_no INTEGER NOT NULL REFERENCES result,
  row INTEGER NOT NULL,                 -- from 0
  cells TEXT NOT NULL,
  PRIMARY KEY (result_no, row)
) WITHOUT ROWID;

CREATE VIEW v_result AS
SELECT r.run_id, t.name, t.step, t.rows, t.columns
FROM run r JOIN result t ON t.run_no = r.run_no;

-- One row for each cell.
CREATE VIEW v_result_cell AS
SELECT r.run_id, t.name, t.step, w.row, json_extract(c.value, '$.name') AS column,
  json_extract(c.value, '$.unit') AS unit, json_extract(w.cells, '$[' || c.key || ']') AS value
FROM run r
JOIN result t ON t.run_no = r.run_no
JOIN result_row w ON w.result_no = t.result_no
JOIN json_each(t.columns) c;
