package dev.plumbline.app.samples;

/** The spec of a sheet of median samples. */
final class SheetFixture {
  /** The stage's part of {@code spec.json}. */
  static final String SPEC =
      """
      "sample_sheet": {
        "players": [{"name": "base", "model": "/data/base"}],
        "sets": [{"tag": "helpful", "files": ["/data/prompts.jsonl"]}],
        "ranker": {"preference_model": "/data/pm"}
      }\
      """;

  private SheetFixture() {}
}
