package dev.plumbline.evaluation;

import dev.plumbline.data.ChoiceItem;
import dev.plumbline.data.ChoiceReader;
import dev.plumbline.data.UserError;
import dev.plumbline.lm.Randomness;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The questions of a task and everything about them that is drawn. Chance goes by a question's
 * words and not by its place: neither the order of the questions in a file nor that of their
 * options changes what is asked.
 */
final class ChoiceTask {
  private final String name;
  private final Randomness randomness;
  private final boolean shuffle;
  private final List<Question> questions;
  private final List<ChoiceItem> pool;
  private final int left;

  /**
   * A question and where it stands.
   *
   * @param file its file
   * @param item the question
   */
  record Question(String file, ChoiceItem item) {}

  private ChoiceTask(
      String name,
      Randomness randomness,
      boolean shuffle,
      List<Question> questions,
      List<ChoiceItem> pool,
      int left) {
    this.name = name;
    this.randomness = randomness;
    this.shuffle = shuffle;
    this.questions = questions;
    this.pool = pool;
    this.left = left;
  }

  /** Reads a task and draws its questions. */
  static ChoiceTask read(
      MultipleChoiceSettings.Task task, MultipleChoiceSettings settings, Randomness randomness) {
    List<Question> all = questions(task.files());
    List<ChoiceItem> pool =
        (task.shotsFrom().isEmpty() ? all : questions(task.shotsFrom()))
            .stream()
                .map(Question::item)
                .sorted(
                    Comparator.comparingLong(
                            (ChoiceItem item) -> randomness.key("pool " + words(item)))
                        .thenComparing(ChoiceTask::words))
                .toList();
    int[] chosen =
        IntStream.range(0, all.size())
            .boxed()
            .sorted(
                Comparator.comparingLong(
                    i -> randomness.key("question " + words(all.get(i).item()))))
            .limit(settings.maxItems())
            .mapToInt(Integer::intValue)
            .sorted()
            .toArray();
    List<Question> drawn = Arrays.stream(chosen).mapToObj(all::get).toList();
    return new ChoiceTask(task.name(), randomness, settings.shuffle(), drawn, pool, 0);
  }

  private static List<Question> questions(List<String> files) {
    List<Question> questions = new ArrayList<>();
    for (String file : files) {
      ChoiceReader.read(Path.of(file)).forEach(item -> questions.add(new Question(file, item)));
    }
    return questions;
  }

  /** The task with some of its questions alone; the others are counted. */
  ChoiceTask only(List<Question> some) {
    return new ChoiceTask(
        name, randomness, shuffle, List.copyOf(some), pool, left + questions.size() - some.size());
  }

  /** What tables call it. */
  String name() {
    return name;
  }

  /** The questions that are asked. */
  List<Question> questions() {
    return questions;
  }

  /** Questions that were left out. */
  int leftOut() {
    return left;
  }

  /** What makes a question itself, whatever the order of its options. */
  private static String words(ChoiceItem item) {
    return item.question() + "\n" + String.join("\n", item.choices().stream().sorted().toList());
  }

  /** A question with its options as a draw lists them. */
  ChoicePrompt.Shown shown(ChoiceItem item, int draw) {
    int n = item.choices().size();
    if (!shuffle) {
      return new ChoicePrompt.Shown(item, IntStream.range(0, n).boxed().toList());
    }
    List<Integer> sorted =
        IntStream.range(0, n).boxed().sorted(Comparator.comparing(item.choices()::get)).toList();
    int[] places = randomness.permutation(n, "options " + words(item), draw);
    return new ChoicePrompt.Shown(item, Arrays.stream(places).mapToObj(sorted::get).toList());
  }

  /**
   * Questions whose answers are shown before one that is asked: never the same one, nor one of its
   * cluster.
   *
   * @throws UserError where there are not so many
   */
  List<ChoicePrompt.Shown> shots(ChoiceItem asked, int count, int draw) {
    if (count == 0) {
      return List.of();
    }
    List<ChoicePrompt.Shown> shots = new ArrayList<>();
    Set<String> questions = new HashSet<>(Set.of(asked.question()));
    for (int i : randomness.permutation(pool.size(), "shots " + words(asked), draw)) {
      ChoiceItem item = pool.get(i);
      boolean related = !item.cluster().isEmpty() && item.cluster().equals(asked.cluster());
      if (!related && questions.add(item.question())) {
        shots.add(shown(item, draw));
        if (shots.size() == count) {
          return shots;
        }
      }
    }
    throw new UserError(
        "task %s: %d questions can be shown before one that is asked, and shots wants %d; lower it"
            .formatted(name, shots.size(), count));
  }

  /** What a coin with as many sides as options would get, mean over the questions. */
  double chance() {
    return questions.stream()
        .mapToDouble(question -> 1.0 / question.item().choices().size())
        .average()
        .orElse(Double.NaN);
  }

  /**
   * Accuracy of picking the longest or the shortest option by characters; of several one is drawn,
   * so that the right one among them counts its share.
   */
  double byLength(boolean longest) {
    return questions.stream()
        .mapToDouble(question -> byLength(question.item(), longest))
        .average()
        .orElse(Double.NaN);
  }

  private static double byLength(ChoiceItem item, boolean longest) {
    int[] lengths = item.choices().stream().mapToInt(String::length).toArray();
    IntStream all = Arrays.stream(lengths);
    int wanted = (longest ? all.max() : all.min()).orElse(0);
    long alike = Arrays.stream(lengths).filter(length -> length == wanted).count();
    return lengths[item.answer()] == wanted ? 1.0 / alike : 0;
  }
}
