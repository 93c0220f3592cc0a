package dev.plumbline.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.evaluation.AnswerLikelihoodSettings;
import dev.plumbline.evaluation.BestOfKSettings;
import dev.plumbline.evaluation.CollectionSettings;
import dev.plumbline.evaluation.MatchesSettings;
import dev.plumbline.evaluation.MultipleChoiceSettings;
import dev.plumbline.evaluation.OodSettings;
import dev.plumbline.evaluation.Player;
import dev.plumbline.evaluation.PreferenceEvaluationSettings;
import dev.plumbline.evaluation.SampleSheetSettings;
import dev.plumbline.evaluation.TextScoresSettings;
import dev.plumbline.training.DistillationSettings;
import dev.plumbline.training.ModelLadder;
import dev.plumbline.training.PpoSettings;
import dev.plumbline.training.PreferenceSettings;
import dev.plumbline.training.PretrainingSettings;
import dev.plumbline.training.RewardTransform;
import dev.plumbline.training.TrainerSettings;
import dev.plumbline.training.WatchdogSettings;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What docs/specs.md says of keys, their order and their defaults is what specs do. */
class SpecDocumentTest {
  private static final Map<String, Class<?>> MEASUREMENTS =
      Map.ofEntries(
          Map.entry("best_of_k", BestOfKSettings.class),
          Map.entry("collection", CollectionSettings.class),
          Map.entry("matches", MatchesSettings.class),
          Map.entry("matches.judges", MatchesSettings.Judge.class),
          Map.entry("ood", OodSettings.class),
          Map.entry("preference_evaluation", PreferenceEvaluationSettings.class),
          Map.entry("sample_sheet", SampleSheetSettings.class),
          Map.entry("sample_sheet.sets", SampleSheetSettings.PromptSet.class),
          Map.entry("players", Player.class),
          Map.entry("text_scores", TextScoresSettings.class),
          Map.entry("multiple_choice", MultipleChoiceSettings.class),
          Map.entry("multiple_choice.tasks", MultipleChoiceSettings.Task.class),
          Map.entry("answer_likelihood", AnswerLikelihoodSettings.class));

  private static final Map<String, Class<?>> TRAINING =
      Map.ofEntries(
          Map.entry("pretraining", PretrainingSettings.class),
          Map.entry("pretraining.model", PretrainingSettings.ModelSize.class),
          Map.entry("preference", PreferenceSettings.class),
          Map.entry("context_distillation", DistillationSettings.class),
          Map.entry("preference.data", PreferenceSettings.Part.class),
          Map.entry("preference.held_out", PreferenceSettings.HeldOut.class),
          Map.entry("preference.split", PreferenceSettings.Split.class),
          Map.entry("rlhf", PpoSettings.class),
          Map.entry("rlhf.reward", PpoSettings.Reward.class),
          Map.entry("rlhf.reward.sum", PpoSettings.Part.class),
          Map.entry("rlhf.reward.transform", RewardTransform.class),
          Map.entry("rlhf.reward.lexical", PpoSettings.Lexical.class),
          Map.entry("rlhf.prompt_pools", PpoSettings.PromptPool.class),
          Map.entry("rlhf.test_rewards", PpoSettings.TestReward.class),
          Map.entry("rlhf.held_out", PpoSettings.HeldOutPrompts.class),
          Map.entry("rlhf.ranker", PpoSettings.Ranker.class),
          Map.entry("trainer", TrainerSettings.class),
          Map.entry("trainer.lora", TrainerSettings.LoraSettings.class),
          Map.entry("trainer.freeze", TrainerSettings.Freeze.class),
          Map.entry("trainer.watchdog", WatchdogSettings.class));

  @Test
  void everyKeyStandsThereWithItsDefault() throws IOException {
    List<String> lines = Files.readAllLines(Path.of("../docs/specs.md"));
    Map<String, Class<?>> sections = new TreeMap<>(TRAINING);
    sections.putAll(MEASUREMENTS);
    assertThat(sections).containsAllEntriesOf(SpecDefaults.STAGES);
    for (Map.Entry<String, Class<?>> section : sections.entrySet()) {
      List<String> found = rows(lines, section.getKey());
      List<String> expected =
          SpecDefaults.keys(section.getValue()).stream()
              .map(key -> "`" + key.name() + "` | " + fallback(key))
              .toList();
      assertThat(found).as(section.getKey()).containsExactlyElementsOf(expected);
    }
    for (ModelLadder size : ModelLadder.values()) {
      assertThat(String.join("\n", lines)).contains(size.label());
    }
  }

  /** The first two columns of a section's table. */
  private static List<String> rows(List<String> lines, String section) {
    List<String> rows = new ArrayList<>();
    boolean inside = false;
    for (String line : lines) {
      if (line.startsWith("## ")) {
        inside = line.equals("## `" + section + "`");
      } else if (inside && line.startsWith("| `")) {
        String[] cells = line.split(" \\| ", -1);
        rows.add(cells[0].substring(2) + " | " + cells[1]);
      }
    }
    return rows;
  }

  private static String fallback(SpecDefaults.Key key) {
    if (key.required()) {
      return "required";
    }
    return switch (key.fallback()) {
      case null -> "none";
      case Map<?, ?> _ -> "see below";
      case List<?> list -> list.isEmpty() ? "none" : "all";
      case Number number -> new BigDecimal(number.toString()).stripTrailingZeros().toPlainString();
      case String text -> text.isEmpty() ? "empty" : text;
      case Object other -> other.toString();
    };
  }
}
