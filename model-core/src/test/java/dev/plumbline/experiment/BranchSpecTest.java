package dev.plumbline.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.data.UserError;
import dev.plumbline.training.PpoSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BranchSpecTest {
  @TempDir private Path folder;

  private RunDirectory run(String id, String stage) throws IOException {
    Path run = Files.createDirectories(folder.resolve("runs").resolve(id));
    Files.writeString(
        run.resolve("spec.json"),
        """
        {"name": "hh %s", "seed": 7, "tags": ["1e-3", "yes"], "notes": "a: b # c",
         %s,
         "created": "2026-11-01T12:00:00Z", "resolved": true, "spec_hash": "h",
         "inputs": [{"key": "k", "reference": "r", "path": "p", "sha256": "s"}]}
        """
            .formatted("x".repeat(60), stage));
    return new RunDirectory(run);
  }

  /** Everything but name and policy is as it was, to the last digit, and nothing else is left. */
  @Test
  void aBranchIsTheSameSpecFromTheCheckpoint() throws IOException {
    RunDirectory run =
        run(
            "hh-1",
            """
            "rlhf": {"policy": "/m/base", "reward": {"preference_model":
             "%s/runs/pm-1/checkpoints/125/model"}, "prompts": ["/d/p.jsonl"],
             "lambda_kl": 1.0E-4, "learning_rate": 0.00012345678, "kl_target": null}
            """
                .formatted(folder));
    String text = BranchSpec.text(run, 150);
    assertThat(text).doesNotContain("spec_hash", "inputs", "created", "resolved", "kl_target");
    ExperimentSpec before = run.spec().spec();
    ExperimentSpec branch = ExperimentSpec.parse(folder.resolve("branch.yaml"), text);
    assertThat(branch.name()).hasSizeLessThanOrEqualTo(80).endsWith("-branch-150");
    assertThat(branch.seed()).isEqualTo(7);
    assertThat(branch.tags()).containsExactly("1e-3", "yes");
    assertThat(branch.notes()).isEqualTo("a: b # c");
    PpoSettings old = (PpoSettings) before.settings();
    PpoSettings settings = (PpoSettings) branch.settings();
    assertThat(settings.policy()).isEqualTo("run:hh-1@150");
    assertThat(text).contains("run:pm-1@125");
    assertThat(settings)
        .usingRecursiveComparison()
        .ignoringFields("policy", "reward")
        .isEqualTo(old);
  }

  @Test
  void whatBeginsWithNoModelHasNoBranches() throws IOException {
    RunDirectory run = run("base", "\"pretraining\": {\"data\": [\"/d/t.jsonl\"]}");
    assertThatThrownBy(() -> BranchSpec.text(run, 5))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("begins with no model");
    assertThat(BranchSpec.beginning("rlhf")).contains("rlhf.policy");
    assertThat(BranchSpec.beginning("pretraining")).isEmpty();
  }

  @Test
  void aMistakeInATextNamesItsLine() {
    assertThatThrownBy(() -> ExperimentSpec.parse(folder.resolve("b.yaml"), "rlhf:\n  lambda: 1\n"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("b.yaml:2");
  }
}
