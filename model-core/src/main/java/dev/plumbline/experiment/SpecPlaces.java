package dev.plumbline.experiment;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the key that a mistake is about by its line, or else by the key that its message names. */
final class SpecPlaces {
  private static final Pattern WORD = Pattern.compile("[a-z]+(_[a-z]+)*");

  private SpecPlaces() {}

  /** The path of the key; the stage's own where nothing closer is known. */
  static String of(SpecNode root, SpecProblem problem) {
    if (!(root instanceof SpecNode.Fields fields)) {
      return "";
    }
    for (Map.Entry<String, SpecNode.Field> entry : fields.fields().entrySet()) {
      String key = entry.getKey();
      Optional<String> close = inside(key, entry.getValue().value(), problem.line());
      if (close.isPresent()) {
        return close.get();
      }
      if (entry.getValue().line() == problem.line()) {
        Class<?> stage = SpecDefaults.STAGES.get(key);
        return stage == null ? key : named(key, stage, problem.message());
      }
    }
    return "";
  }

  /** The deepest key that begins on a line. */
  private static Optional<String> inside(String path, SpecNode node, int line) {
    if (node instanceof SpecNode.Items items) {
      for (int i = 0; i < items.items().size(); i++) {
        Optional<String> found = inside(path + "[" + (i + 1) + "]", items.items().get(i), line);
        if (found.isPresent()) {
          return found;
        }
      }
    } else if (node instanceof SpecNode.Fields fields) {
      for (Map.Entry<String, SpecNode.Field> entry : fields.fields().entrySet()) {
        String place = path + "." + entry.getKey();
        Optional<String> found = inside(place, entry.getValue().value(), line);
        if (found.isPresent()) {
          return found;
        }
        if (entry.getValue().line() == line) {
          return Optional.of(place);
        }
      }
    }
    return Optional.empty();
  }

  /** The first key of a stage that a message names: those that stand nowhere have no line. */
  private static String named(String path, Class<?> stage, String message) {
    Matcher words = WORD.matcher(message);
    while (words.find()) {
      if (SpecDefaults.key(stage, words.group()).isPresent()) {
        return path + "." + words.group();
      }
    }
    return path;
  }
}
