-- What people labelled, from labels/<id>/ alone; a batch is written anew when its logs have grown.
CREATE TABLE label_batch (
  batch_no INTEGER PRIMARY KEY,
  batch_id TEXT NOT NULL UNIQUE,        -- name of the directory below labels/
  name TEXT NOT NULL,
  mode TEXT NOT NULL,                   -- helpful, red-team
  levels INTEGER NOT NULL,              -- strengths on each side
  blind INTEGER NOT NULL,               -- 1 where model names were hidden until it was closed
  closed INTEGER NOT NULL,
  seed INTEGER NOT NULL,
  guideline_version INTEGER NOT NULL,   -- the newest; 0 without any
  pairs INTEGER NOT NULL,
  conflicts INTEGER NOT NULL,           -- answers of one person on two machines that differ
  revision INTEGER NOT NULL
);

-- The pairs, and what is made of their labels.
CREATE TABLE label_pair (
  batch_no INTEGER NOT NULL REFERENCES label_batch,
  place INTEGER NOT NULL,               -- in items.jsonl, from 0
  item_id TEXT NOT NULL,
  model_first TEXT NOT NULL,            -- '' where not known
  model_second TEXT NOT NULL,
  selected_by TEXT NOT NULL,            -- random, or what it was chosen by
  expected TEXT NOT NULL,               -- first or second for a control item, else ''
  result TEXT NOT NULL,                 -- single, unanimous, adjudicated; why it makes no
                                        -- comparison; '' while nobody labelled it
  chosen TEXT NOT NULL,                 -- first or second: what trains as the better one; or ''
  level INTEGER NOT NULL,               -- weakest strength among those who decided; 0 without
  attributes TEXT NOT NULL,             -- JSON object
  PRIMARY KEY (batch_no, place)
) WITHOUT ROWID;

-- The answers that stand: neither taken back nor replaced.
CREATE TABLE label (
  batch_no INTEGER NOT NULL REFERENCES label_batch,
  event_id TEXT NOT NULL,
  place INTEGER NOT NULL,               -- of its pair
  annotator TEXT NOT NULL,
  time TEXT NOT NULL,
  outcome TEXT NOT NULL,                -- first, second, tie, both_bad, cannot_judge, skipped
  level INTEGER NOT NULL,               -- strength from 1, the weakest; 0 without a choice
  first_left INTEGER NOT NULL,
  repeat INTEGER NOT NULL,              -- 1 for a hidden repeat
  seconds REAL,                         -- active; NULL where not known
  guideline_version INTEGER NOT NULL,
  blind INTEGER NOT NULL,
  answers TEXT NOT NULL,                -- JSON list of {outcome, level}, the batch's question first
  ratings TEXT NOT NULL,                -- JSON list, 0 for none
  edited TEXT NOT NULL,                 -- first or second where a response was changed, else ''
  PRIMARY KEY (batch_no, event_id)
) WITHOUT ROWID;

CREATE VIEW v_label_batch AS
SELECT b.batch_id, b.name, b.mode, b.levels, b.blind, b.closed, b.seed, b.guideline_version, b.pairs,
  b.conflicts,
  (SELECT count(*) FROM label l
    WHERE l.batch_no = b.batch_no AND l.repeat = 0 AND l.outcome <> 'skipped') AS labels,
  (SELECT count(*) FROM label_pair p WHERE p.batch_no = b.batch_no AND p.chosen <> '')
    AS comparisons
FROM label_batch b;

-- One row for each pair; chosen_model and rejected_model are empty where it makes no comparison.
CREATE VIEW v_label_pair AS
SELECT b.batch_id, b.mode, p.place, p.item_id, p.model_first, p.model_second, p.selected_by,
  p.expected, p.result, p.level,
  CASE p.chosen WHEN 'first' THEN p.model_first WHEN 'second' THEN p.model_second ELSE '' END
    AS chosen_model,
  CASE p.chosen WHEN 'first' THEN p.model_second WHEN 'second' THEN p.model_first ELSE '' END
    AS rejected_model,
  p.attributes
FROM label_batch b JOIN label_pair p ON p.batch_no = b.batch_no;

-- One row for each answer. In a red-team batch the chosen response is the more harmful one.
CREATE VIEW v_label AS
SELECT b.batch_id, b.mode, p.item_id, l.annotator, l.time, l.outcome, l.level,
  CASE l.outcome WHEN 'first' THEN l.level WHEN 'second' THEN -l.level WHEN 'tie' THEN 0 END
    AS signed,
  CASE l.outcome WHEN 'first' THEN l.first_left WHEN 'second' THEN 1 - l.first_left END
    AS chose_left,
  l.repeat, l.seconds, l.guideline_version, l.blind, p.model_first, p.model_second, p.selected_by,
  CASE WHEN p.expected = '' THEN NULL ELSE p.expected = l.outcome END AS control_right,
  l.answers, l.ratings, l.edited, l.event_id
FROM label_batch b
JOIN label l ON l.batch_no = b.batch_no
JOIN label_pair p ON p.batch_no = b.batch_no AND p.place = l.place;
