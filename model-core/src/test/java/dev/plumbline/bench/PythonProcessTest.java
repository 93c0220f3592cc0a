package dev.plumbline.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.data.UserError;
import dev.plumbline.testing.PythonWithTorch;
import dev.plumbline.torch.TorchRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Python that we compare with does the same work: same logits, same loss, same training. */
final class PythonProcessTest {
  @TempDir Path directory;

  @Test
  void the_same_weights_give_the_same_logits_and_the_same_course_of_training()
      throws IOException, InterruptedException {
    String interpreter = PythonWithTorch.find();
    try (TorchRuntime runtime = TorchRuntime.start(1);
        TrainingWork work = new TrainingWork(runtime, DecoderSize.SMALL, 4, 24)) {
      Path model = directory.resolve("model");
      work.save(model);
      try (PythonProcess python = PythonProcess.start(interpreter, directory, model, 1)) {
        List<int[]> ids = work.ids();
        python.batch(ids, work.wanted());
        JsonNode there = python.ask(Map.of("do", "check")).path("logits");
        List<float[]> here = work.model().nextLogits(ids);
        for (int b = 0; b < here.size(); b++) {
          for (int v = 0; v < DecoderSize.VOCABULARY; v++) {
            assertThat(there.path(b).path(v).asDouble())
                .as("logit %d of sequence %d", v, b)
                .isCloseTo(here.get(b)[v], within(1e-4));
          }
        }
        for (int step = 0; step < 4; step++) {
          assertThat(python.ask(Map.of("do", "step")).path("loss").asDouble())
              .as("loss before update %d", step + 1)
              .isCloseTo(work.step(), within(2e-4));
        }
        assertThat(python.ask(Map.of("do", "check")).path("loss").asDouble())
            .isCloseTo(work.loss(), within(2e-4));
      }
    }
  }

  @Test
  void an_interpreter_that_is_not_there_is_one_clear_line() {
    assertThatThrownBy(() -> PythonProcess.start("/no/such/python", directory, directory, 1))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("/no/such/python")
        .hasMessageContaining("--python");
  }
}
