package dev.plumbline.app.runs;

import dev.plumbline.app.testing.SampleRuns;
import dev.plumbline.training.RunState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A preference model and three policies of it, with inputs that make a lineage. */
public final class RunsFixture {
  private RunsFixture() {}

  /** Writes them below a workspace. */
  public static void write(Path workspace) {
    Path pm = SampleRuns.preference(workspace, "helpful-pm");
    inputs(
        pm,
        input("preference.base", "../base-world", "/data/base-world"),
        input("preference.data", "../helpful.jsonl.gz", "/data/helpful-train.jsonl.gz"));
    String model = pm + "/checkpoints/125/model";
    for (int seed = 1; seed <= 3; seed++) {
      Path policy =
          SampleRuns.policy(
              workspace,
              "helpful-ppo-" + "x".repeat(seed),
              seed == 2 ? 60 : 120,
              seed,
              seed == 2 ? RunState.FAILED : RunState.FINISHED);
      replace(policy, "\"lambda_kl\": 0.01", "\"lambda_kl\": " + (seed == 3 ? "0.1" : "0.001"));
      replace(policy, "/data/pm", model);
      inputs(
          policy,
          input("rlhf.policy", "../base-world", "/data/base-world"),
          input("rlhf.reward.preference_model", "run:helpful-pm", model));
    }
  }

  private static String input(String key, String reference, String path) {
    return "{\"key\": \"%s\", \"reference\": \"%s\", \"path\": \"%s\", \"sha256\": \"0a1b2c3d4e5f\"}"
        .formatted(key, reference, path);
  }

  private static void inputs(Path run, String... inputs) {
    replace(run, "\"created\"", "\"inputs\": [" + String.join(", ", inputs) + "],\n  \"created\"");
  }

  private static void replace(Path run, String text, String by) {
    try {
      Path spec = run.resolve("spec.json");
      Files.writeString(spec, Files.readString(spec).replace(text, by));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
