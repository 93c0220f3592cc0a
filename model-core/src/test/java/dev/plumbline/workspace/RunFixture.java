package dev.plumbline.workspace;

import dev.plumbline.experiment.journal.JournalEvent;
import dev.plumbline.experiment.journal.JournalWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Run directories written by hand. */
final class RunFixture {
  private RunFixture() {}

  static Path run(Path workspace, String id, List<JournalEvent> events) {
    try {
      Path run = Files.createDirectories(workspace.resolve("runs").resolve(id));
      Files.writeString(
          run.resolve("spec.json"),
          """
          {"name": "%s", "seed": 3, "tags": ["a"], "notes": "n",
           "preference": {"base": "/m", "data": ["/d"], "learning_rate": 0.001},
           "created": "2026-01-01T00:00:00Z", "resolved": true, "spec_hash": "h", "inputs": []}
          """
              .formatted(id));
      append(run, events);
      return run;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void append(Path run, List<JournalEvent> events) {
    try (JournalWriter journal = JournalWriter.open(run.resolve("journal.jsonl"))) {
      for (JournalEvent event : events) {
        journal.append(event);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
