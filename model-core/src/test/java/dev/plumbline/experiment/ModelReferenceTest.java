package dev.plumbline.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.data.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelReferenceTest {
  @TempDir Path workspace;
  private RunDirectory run = new RunDirectory(Path.of(""));

  @BeforeEach
  void aRunWithTwoCheckpointsAndAHalfOne() throws IOException {
    Files.writeString(workspace.resolve("text.jsonl"), "{\"text\": \"x\"}\n");
    Path spec =
        Files.writeString(
            workspace.resolve("base.yaml"), "name: base\npretraining:\n  data: text.jsonl\n");
    run = new Runs(workspace).create(spec);
    for (String step : new String[] {"100", "20", "200.tmp"}) {
      Path model = Files.createDirectories(run.path().resolve("checkpoints/" + step + "/model"));
      Files.writeString(model.resolve("config.json"), "{}");
    }
  }

  private Path checkpoint(int step) {
    return run.path().resolve("checkpoints/" + step + "/model");
  }

  private static Path resolve(Object argument, @Nullable Path workspace) {
    return ModelReference.resolve(argument.toString(), workspace);
  }

  @Test
  void aDirectoryIsTheModelItsCheckpointOrItsRun() {
    assertThat(resolve(checkpoint(20), null)).isEqualTo(checkpoint(20));
    assertThat(resolve(run.path().resolve("checkpoints/20"), null)).isEqualTo(checkpoint(20));
    assertThat(resolve(run.path(), null)).isEqualTo(checkpoint(100));
  }

  @Test
  void aNameIsLookedUpInTheWorkspace() {
    for (String name : new String[] {"base", "run:base", "run:" + run.id(), run.id()}) {
      assertThat(resolve(name, workspace)).isEqualTo(checkpoint(100));
      assertThat(resolve(name + "@20", workspace)).isEqualTo(checkpoint(20));
    }
  }

  @Test
  void whatIsNotThereIsNamed() {
    refused(workspace, null, "holds no model: no config.json in it or in its model directory");
    refused("run:base", null, "name a workspace to look up runs in");
    refused("run:other", workspace, "no run named 'other' in " + workspace);
    refused("run:base@30", workspace, "has no checkpoint of step 30; it has [20, 100]");
  }

  private static void refused(Object argument, @Nullable Path workspace, String message) {
    assertThatThrownBy(() -> resolve(argument, workspace))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(message);
  }
}
