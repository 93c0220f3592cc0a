package dev.plumbline.app.live;

import dev.plumbline.app.testing.SampleRuns;
import dev.plumbline.experiment.journal.JournalEvent;
import dev.plumbline.experiment.journal.JournalWriter;
import dev.plumbline.training.Metrics;
import dev.plumbline.training.RunState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Six policies: two weights of the KL penalty, three seeds of each; and a preference model. */
final class CompareFixture {
  private CompareFixture() {}

  static void write(Path workspace) {
    SampleRuns.preference(workspace, "helpful-pm");
    for (String lambda : List.of("0.001", "0.01")) {
      for (int seed = 1; seed <= 3; seed++) {
        boolean weak = lambda.equals("0.001");
        Path run =
            SampleRuns.policy(
                workspace,
                (weak ? "weak" : "strong") + "-ppo-seed" + seed,
                weak ? 120 : 90,
                seed,
                RunState.FINISHED);
        try {
          Path spec = run.resolve("spec.json");
          Files.writeString(
              spec,
              Files.readString(spec)
                  .replace("\"lambda_kl\": 0.01", "\"lambda_kl\": " + lambda)
                  .replace("helpful-ppo", "ppo"));
          try (JournalWriter journal = JournalWriter.open(run.resolve("journal.jsonl"))) {
            for (int step = 1; step <= 90; step++) {
              journal.append(
                  new JournalEvent.Metrics(
                      step,
                      step * 64L,
                      step * 1800L,
                      step * 1.62,
                      Map.of(Metrics.KL_K3, 0.05 * step)));
            }
          }
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }
}
