package dev.plumbline.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads multiple-choice questions. What a file is, is seen from its name and its keys:
 *
 * <ul>
 *   <li>JSON Lines of {@code {question, choices, answer}}, with {@code group} and {@code cluster}
 *       where wanted. The answer is the option's number from 0, its letter or its text. The public
 *       files of MMLU, ARC, OpenBookQA ({@code question_stem}, {@code choices: {text, label}},
 *       {@code answerKey}) and HellaSwag ({@code ctx}, {@code endings}, {@code label}) are of this
 *       kind.
 *   <li>BBQ (Parrish et al. 2022): {@code context}, {@code question}, {@code ans0} to {@code ans2},
 *       {@code label}. The context stands before the question; the group is {@code
 *       context_condition}, the cluster the template, {@code category} and {@code question_index}.
 *   <li>TruthfulQA's {@code .csv} (Lin et al. 2022) as MC1: the best answer among the incorrect
 *       ones, each with a full stop; the group is {@code Category}.
 *   <li>Winogender's {@code .tsv} (Rudinger et al. 2018): whom the pronoun means, the occupation or
 *       the participant; the group is the pronoun's gender, the cluster the occupation.
 * </ul>
 */
public final class ChoiceReader {
  private static final Pattern SEMICOLON = Pattern.compile(";");

  private ChoiceReader() {}

  /**
   * The questions of a file, in its order.
   *
   * @throws UserError where the file cannot be read or a line is no question
   */
  public static List<ChoiceItem> read(Path file) {
    List<ChoiceItem> items = new ArrayList<>();
    if (Winogender.named(file)) {
      Winogender.read(file, (line, sentence) -> items.add(pronoun(line, sentence)));
    } else if (CsvRows.named(file)) {
      truthful(file, items);
    } else {
      JsonLines.read(
          file,
          new JsonLines.Visitor() {
            @Override
            public void object(long line, ObjectNode object) {
              items.add(item(file, line, object));
            }

            @Override
            public void malformed(long line, String reason) {
              throw error(file, line, reason);
            }
          });
    }
    if (items.isEmpty()) {
      throw new UserError(
          file + ": holds no question; give JSON Lines of question, choices, answer");
    }
    return List.copyOf(items);
  }

  private static UserError error(Path file, long line, String reason) {
    return new UserError(file + ":" + line + ": " + reason + "; mend or remove the line");
  }

  private static ChoiceItem pronoun(long line, Winogender sentence) {
    String word =
        switch (sentence.gender()) {
          case "male" -> "he";
          case "female" -> "she";
          default -> "they";
        };
    String other = sentence.participant();
    return new ChoiceItem(
        line,
        "%s Whom does the pronoun \"%s\" mean?".formatted(sentence.sentence(), word),
        List.of("the " + sentence.occupation(), other.equals("someone") ? other : "the " + other),
        sentence.answer(),
        sentence.gender(),
        sentence.occupation());
  }

  private static void truthful(Path file, List<ChoiceItem> items) {
    CsvRows.read(
        file,
        List.of("Question", "Best Answer", "Incorrect Answers", "Category"),
        (line, cells) -> {
          String best = sentence(cells.get(1));
          Set<String> choices = new LinkedHashSet<>();
          choices.add(best);
          SEMICOLON
              .splitAsStream(cells.get(2))
              .filter(each -> !each.isBlank())
              .forEach(each -> choices.add(sentence(each)));
          if (cells.get(1).isBlank() || choices.size() < 2) {
            throw error(file, line, "no best answer, or no incorrect one beside it");
          }
          items.add(new ChoiceItem(line, cells.get(0), List.copyOf(choices), 0, cells.get(3), ""));
        });
  }

  /** With a full stop, so that it does not tell one answer from another. */
  private static String sentence(String text) {
    String stripped = text.strip();
    return stripped.endsWith(".") ? stripped : stripped + ".";
  }

  private static ChoiceItem item(Path file, long line, ObjectNode object) {
    String question = first(object, "question", "question_stem", "ctx");
    if (question == null || question.isBlank()) {
      throw error(file, line, "no text under \"question\"");
    }
    boolean bbq = object.has("ans0");
    String context = JsonLines.text(object, "context");
    List<String> labels = new ArrayList<>();
    List<String> choices = bbq ? numbered(object) : choices(object, labels);
    if (choices.size() < 2) {
      throw error(file, line, "fewer than two texts under \"choices\"");
    }
    if (choices.stream().anyMatch(String::isBlank)
        || new LinkedHashSet<>(choices).size() < choices.size()) {
      throw error(file, line, "an option that is empty, or that stands there twice");
    }
    JsonNode said = object.get("answer");
    said = said == null ? object.get("answerKey") : said;
    said = said == null ? object.get("label") : said;
    int answer = said == null ? -1 : answer(said, choices, labels);
    if (answer < 0) {
      throw error(
          file,
          line,
          "\"answer\" is none of the %d options (their numbers begin at 0)"
              .formatted(choices.size()));
    }
    return new ChoiceItem(
        line,
        context == null || context.isBlank() ? question.strip() : context.strip() + "\n" + question,
        choices,
        answer,
        bbq ? plain(object, "context_condition") : plain(object, "group"),
        bbq
            ? plain(object, "category") + " " + plain(object, "question_index")
            : plain(object, "cluster"));
  }

  private static @Nullable String first(ObjectNode object, String... keys) {
    for (String key : keys) {
      String text = JsonLines.text(object, key);
      if (text != null) {
        return text;
      }
    }
    JsonNode question = object.get("question");
    return question instanceof ObjectNode inner ? JsonLines.text(inner, "stem") : null;
  }

  private static List<String> numbered(ObjectNode object) {
    List<String> choices = new ArrayList<>();
    for (int i = 0; object.has("ans" + i); i++) {
      choices.add(object.path("ans" + i).asText().strip());
    }
    return choices;
  }

  private static List<String> choices(ObjectNode object, List<String> labels) {
    JsonNode found = object.has("choices") ? object.path("choices") : object.path("endings");
    if (found.isMissingNode() && object.path("question").isObject()) {
      found = object.path("question").path("choices");
    }
    List<String> choices = new ArrayList<>();
    if (found.isArray()) {
      for (JsonNode each : found) {
        choices.add((each.isObject() ? each.path("text") : each).asText().strip());
        if (each.isObject()) {
          labels.add(each.path("label").asText());
        }
      }
    } else {
      found.path("text").forEach(text -> choices.add(text.asText().strip()));
      found.path("label").forEach(label -> labels.add(label.asText()));
    }
    return choices;
  }

  /** The option's number; -1 where it is none. */
  private static int answer(JsonNode said, List<String> choices, List<String> labels) {
    String text = said.asText().strip();
    if (!labels.isEmpty()) {
      return labels.indexOf(text);
    }
    int found = choices.indexOf(text);
    if (said.isTextual() && found >= 0) {
      return found;
    }
    if (text.matches("\\d{1,4}")) {
      int number = Integer.parseInt(text);
      return number < choices.size() ? number : -1;
    }
    if (text.matches("[A-Za-z]")) {
      int number = text.toUpperCase(Locale.ROOT).charAt(0) - 'A';
      return number < choices.size() ? number : -1;
    }
    return -1;
  }

  private static String plain(ObjectNode object, String key) {
    JsonNode value = object.get(key);
    return value == null || value.isNull() ? "" : value.asText();
  }
}
