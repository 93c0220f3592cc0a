package dev.plumbline.experiment;

import dev.plumbline.evaluation.MatchesSettings;
import dev.plumbline.evaluation.MultipleChoiceSettings;
import dev.plumbline.evaluation.Player;
import dev.plumbline.evaluation.SampleSheetSettings;
import dev.plumbline.training.PpoSettings;
import dev.plumbline.training.PreferenceSettings;
import dev.plumbline.training.PretrainingSettings;
import dev.plumbline.training.RewardTransform;
import dev.plumbline.training.TrainerSettings;
import dev.plumbline.training.WatchdogSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What each key of a spec means, from {@code docs/specs.md}, which goes into the program as it
 * stands: the reader of the document and the reader of a form see the same words.
 */
public final class SpecHelp {
  private static final Map<Class<?>, String> INNER =
      Map.ofEntries(
          Map.entry(PretrainingSettings.ModelSize.class, "pretraining.model"),
          Map.entry(PreferenceSettings.Part.class, "preference.data"),
          Map.entry(PreferenceSettings.HeldOut.class, "preference.held_out"),
          Map.entry(PreferenceSettings.Split.class, "preference.split"),
          Map.entry(PpoSettings.Reward.class, "rlhf.reward"),
          Map.entry(PpoSettings.Part.class, "rlhf.reward.sum"),
          Map.entry(RewardTransform.class, "rlhf.reward.transform"),
          Map.entry(PpoSettings.Lexical.class, "rlhf.reward.lexical"),
          Map.entry(PpoSettings.PromptPool.class, "rlhf.prompt_pools"),
          Map.entry(PpoSettings.TestReward.class, "rlhf.test_rewards"),
          Map.entry(PpoSettings.HeldOutPrompts.class, "rlhf.held_out"),
          Map.entry(PpoSettings.Ranker.class, "rlhf.ranker"),
          Map.entry(TrainerSettings.class, "trainer"),
          Map.entry(TrainerSettings.LoraSettings.class, "trainer.lora"),
          Map.entry(TrainerSettings.Freeze.class, "trainer.freeze"),
          Map.entry(WatchdogSettings.class, "trainer.watchdog"),
          Map.entry(MatchesSettings.Judge.class, "matches.judges"),
          Map.entry(SampleSheetSettings.PromptSet.class, "sample_sheet.sets"),
          Map.entry(MultipleChoiceSettings.Task.class, "multiple_choice.tasks"),
          Map.entry(Player.class, "players"));

  /** Read once, when a form is first opened. */
  private static final class Document {
    static final Map<String, String> MEANINGS = new HashMap<>();
    static final Map<String, String> STAGES = new HashMap<>();

    static {
      try (InputStream stream = SpecHelp.class.getResourceAsStream("specs.md")) {
        if (stream != null) {
          read(new String(stream.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static void read(List<String> lines) {
      String section = "";
      for (String line : lines) {
        if (line.startsWith("## ")) {
          section = line.substring(3).replace("`", "").strip();
        } else if (line.startsWith("| `")) {
          List<String> cells = List.of(line.substring(2).split(" \\| ", 4));
          if (cells.size() == 4) {
            MEANINGS.put(section + "." + plain(cells.get(0)), plain(end(cells.get(3))));
          }
        } else if (!line.isBlank() && !line.startsWith("|") && !line.startsWith("```")) {
          // The first lines below the heading, to the end of their sentence.
          String before = STAGES.getOrDefault(section, "");
          if (!before.endsWith(".")) {
            int stop = line.indexOf(". ");
            String words = plain(stop < 0 ? line : line.substring(0, stop + 1));
            STAGES.put(section, before.isEmpty() ? words : before + " " + words);
          }
        }
      }
    }

    private static String end(String cell) {
      return cell.endsWith("|") ? cell.substring(0, cell.length() - 1).strip() : cell.strip();
    }

    private static String plain(String text) {
      return text.replace("`", "").strip();
    }
  }

  private SpecHelp() {}

  /**
   * What a key of a settings record means, in a sentence or two.
   *
   * @return empty where the document says nothing
   */
  public static Optional<String> meaning(Class<?> record, String key) {
    String section =
        INNER.getOrDefault(
            record,
            SpecDefaults.STAGES.entrySet().stream()
                .filter(stage -> stage.getValue() == record)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(""));
    return Optional.ofNullable(Document.MEANINGS.get(section + "." + key));
  }

  /** What a stage does, in a sentence. */
  public static String stage(String name) {
    return Document.STAGES.getOrDefault(name, "");
  }
}
