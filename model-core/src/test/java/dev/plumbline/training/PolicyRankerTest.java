package dev.plumbline.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.data.ComparisonReader;
import dev.plumbline.data.UserError;
import dev.plumbline.dialogue.Comparison;
import dev.plumbline.lm.LanguageModel;
import dev.plumbline.torch.TorchRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyRankerTest {
  @TempDir Path directory;

  /** Against a walk over the tokens one by one, each from the logits after what stands before. */
  @Test
  void itPrefersTheLikelierTokensEndTokenIncluded() throws IOException {
    try (TorchRuntime runtime = TorchRuntime.start(1)) {
      TinyWorld world = new TinyWorld(directory, runtime);
      List<Comparison> comparisons =
          ComparisonReader.read(world.comparisons).comparisons().subList(0, 6);
      try (LanguageModel model = LanguageModel.load(runtime, world.base)) {
        PolicyRanker ranker =
            new PolicyRanker(
                model, comparisons, text -> SequenceFormat.prompt(model.tokenizer(), text));
        PolicyRanker.Ranking ranking = ranker.rank(model);
        double byMean = 0;
        double bySum = 0;
        for (Comparison comparison : comparisons) {
          double[] chosen = walk(model, comparison.prompt(), comparison.chosen());
          double[] rejected = walk(model, comparison.prompt(), comparison.rejected());
          bySum += sum(chosen) > sum(rejected) ? 1 : 0;
          byMean += sum(chosen) / chosen.length > sum(rejected) / rejected.length ? 1 : 0;
        }
        assertThat(ranking.byMean().accuracy()).isEqualTo(byMean / 6);
        assertThat(ranking.bySum().accuracy()).isEqualTo(bySum / 6);
        assertThat(ranking.byMean().n()).isEqualTo(6);
        assertThat(ranker.leftOut()).isZero();
      }
    }
  }

  private static double sum(double[] values) {
    return Arrays.stream(values).sum();
  }

  private static double[] walk(LanguageModel model, String prompt, String response) {
    int[] sequence = SequenceFormat.prompt(model.tokenizer(), prompt);
    int[] tokens = model.tokenizer().encodeAfter(response);
    tokens = Arrays.copyOf(tokens, tokens.length + 1);
    tokens[tokens.length - 1] = SequenceFormat.endToken(model);
    double[] logProbabilities = new double[tokens.length];
    for (int t = 0; t < tokens.length; t++) {
      float[] logits = model.nextLogits(List.of(sequence)).getFirst();
      double normaliser = 0;
      for (float logit : logits) {
        normaliser += Math.exp(logit);
      }
      logProbabilities[t] = logits[tokens[t]] - Math.log(normaliser);
      sequence = Arrays.copyOf(sequence, sequence.length + 1);
      sequence[sequence.length - 1] = tokens[t];
    }
    return logProbabilities;
  }

  @Test
  void whatIsLongerThanTheContextIsLeftOut() throws IOException {
    try (TorchRuntime runtime = TorchRuntime.start(1)) {
      TinyWorld world = new TinyWorld(directory, runtime);
      Comparison one = ComparisonReader.read(world.comparisons).comparisons().getFirst();
      try (LanguageModel model = LanguageModel.load(runtime, world.base)) {
        assertThatThrownBy(() -> new PolicyRanker(model, List.of(one), text -> new int[64]))
            .isInstanceOf(UserError.class)
            .hasMessageContaining("none of the 1 comparisons");
      }
    }
  }
}
