-- Figures that a person keeps: as it was drawn, what was changed of it, and how it looks. All of it
-- is in the row, so that a figure can be redrawn when its runs are gone.
CREATE TABLE figure (
  name TEXT PRIMARY KEY,
  source TEXT NOT NULL,                 -- study:ID, run:ID, or '' for panels put together by hand
  recipe TEXT NOT NULL,                 -- of the catalogue, or ''
  body TEXT NOT NULL,                   -- the figure, or the sheet of panels, as JSON
  edits TEXT NOT NULL,                  -- changes over it as JSON, with those taken back
  style TEXT NOT NULL,                  -- a house style as JSON, or ''
  saved TEXT NOT NULL
);

CREATE VIEW v_figure AS
SELECT name, source, recipe, json_extract(body, '$.title') AS title, saved FROM figure;
