-- Studies, from studies/<id>/study.json and the studies' own journals.
CREATE TABLE study (
  study_no INTEGER PRIMARY KEY,
  study_id TEXT NOT NULL UNIQUE,        -- name of the directory below studies/
  name TEXT NOT NULL,
  title TEXT NOT NULL,
  figures TEXT NOT NULL,                -- of the paper
  analysis TEXT NOT NULL,               -- '' where it has none
  created TEXT NOT NULL,
  state TEXT NOT NULL,
  detail TEXT NOT NULL,
  done INTEGER NOT NULL,                -- runs finished
  total INTEGER NOT NULL,
  seconds_left REAL,                    -- NULL while unknown
  analysed TEXT NOT NULL,               -- when the results were computed last, or ''
  journal_offset INTEGER NOT NULL,
  journal_sequence INTEGER NOT NULL,
  revision INTEGER NOT NULL
);

-- The runs of a study, each behind those that it builds on.
CREATE TABLE study_run (
  study_no INTEGER NOT NULL REFERENCES study,
  place INTEGER NOT NULL,               -- from 0
  run_id TEXT NOT NULL,
  role TEXT NOT NULL,
  levels TEXT NOT NULL,                 -- JSON object: axis to level
  PRIMARY KEY (study_no, place)
) WITHOUT ROWID;
CREATE INDEX study_run_id ON study_run (run_id);

-- The tables of a study's last analysis; columns and cells as in result and result_row.
CREATE TABLE study_result (
  study_result_no INTEGER PRIMARY KEY,
  study_no INTEGER NOT NULL REFERENCES study,
  name TEXT NOT NULL,
  columns TEXT NOT NULL,
  rows INTEGER NOT NULL,
  UNIQUE (study_no, name)
);
CREATE TABLE study_result_row (
  study_result_no INTEGER NOT NULL REFERENCES study_result,
  row INTEGER NOT NULL,
  cells TEXT NOT NULL,
  PRIMARY KEY (study_result_no, row)
) WITHOUT ROWID;

-- What the paper says beside what was measured, of a study's last analysis.
CREATE TABLE card (
  study_no INTEGER NOT NULL REFERENCES study,
  place INTEGER NOT NULL,
  card_id TEXT NOT NULL,
  figure TEXT NOT NULL,
  claim TEXT NOT NULL,
  verdict TEXT NOT NULL,                -- same, changed, absent, undecided
  measured TEXT NOT NULL,
  PRIMARY KEY (study_no, place)
) WITHOUT ROWID;

CREATE VIEW v_study AS
SELECT study_id, name, title, figures, analysis, state, detail, done, total, seconds_left, created,
  analysed
FROM study;

CREATE VIEW v_study_run AS
SELECT s.study_id, s.name AS study, m.place, m.run_id, m.role, m.levels, r.state, r.step
FROM study s JOIN study_run m ON m.study_no = s.study_no LEFT JOIN run r ON r.run_id = m.run_id;

CREATE VIEW v_card AS
SELECT s.study_id, s.name AS study, c.place, c.card_id, c.figure, c.claim, c.verdict, c.measured
FROM study s JOIN card c ON c.study_no = s.study_no;

-- One row for each cell.
CREATE VIEW v_study_cell AS
SELECT s.study_id, s.name AS study, t.name, w.row, json_extract(c.value, '$.name') AS column,
  json_extract(c.value, '$.unit') AS unit, json_extract(w.cells, '$[' || c.key || ']') AS value
FROM study s
JOIN study_result t ON t.study_no = s.study_no
JOIN study_result_row w ON w.study_result_no = t.study_result_no
JOIN json_each(t.columns) c;
