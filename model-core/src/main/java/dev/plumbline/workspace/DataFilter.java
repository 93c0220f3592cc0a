package dev.plumbline.workspace;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A filter over the rows of a data file. Words and {@code "phrases"} are searched in the texts
 * without the markers of turns, a word with {@code *} behind it by its beginning; {@code prompt:},
 * {@code chosen:} and {@code rejected:} search there alone; {@code -} before a term leaves its rows
 * out, {@code OR} between words takes either. Columns are compared: {@code turns>=3}, {@code
 * words:20..40}, {@code margin<0.5}, {@code tranche:online}. {@code is:duplicate} and the like ask
 * what a row is, {@code opening_in:NAME}, {@code prompt_in:NAME} and {@code row_in:NAME} whether
 * another file has it.
 *
 * @param terms the parts, of which all must hold
 * @param problem what cannot be understood, in a few words; empty where all can
 */
public record DataFilter(List<Term> terms, String problem) {
  /** Lets every row through. */
  public static final DataFilter NONE = new DataFilter(List.of(), "");

  private static final Map<String, String> NUMBERS =
      Map.ofEntries(
          Map.entry("line", "r.line"),
          Map.entry("turns", "r.turns"),
          Map.entry("prompt_words", "r.prompt_words"),
          Map.entry("words", "r.chosen_words"),
          Map.entry("chosen_words", "r.chosen_words"),
          Map.entry("rejected_words", "r.rejected_words"),
          Map.entry("longer", "(r.chosen_words - r.rejected_words)"),
          Map.entry("margin", "r.margin"),
          Map.entry("score_chosen", "r.score_chosen"),
          Map.entry("score_rejected", "r.score_rejected"));

  private static final Map<String, String> FLAGS =
      Map.of(
          "duplicate",
          "r.pair IN (SELECT pair FROM row GROUP BY pair HAVING count(*) > 1)",
          "contradicted",
          "r.pair IN (SELECT pair FROM row GROUP BY pair HAVING min(sided) < max(sided))",
          "near",
          "r.id IN (SELECT id FROM near)",
          "empty",
          "(r.chosen_words = 0 OR r.rejected_words = 0)",
          "same",
          "r.same = 1");

  private static final Map<String, String> SHARED =
      Map.of("opening_in", "opening", "prompt_in", "prompt", "row_in", "pair");

  private static final Pattern COMPARISON =
      Pattern.compile("([a-z_]+)(>=|<=|>|<|=|:)(.*)", Pattern.DOTALL);
  private static final String NUMBER = "-?[0-9]+(?:\\.[0-9]+)?";
  private static final Pattern RANGE = Pattern.compile("(" + NUMBER + ")\\.\\.(" + NUMBER + ")");

  /** Copies the list. */
  public DataFilter {
    terms = List.copyOf(terms);
  }

  /** A part of a filter. */
  public sealed interface Term {
    /** Texts that the full-text index finds. */
    record Match(String expression, boolean without) implements Term {}

    /** A column between two values. */
    record Between(String column, double low, boolean lowToo, double high, boolean highToo)
        implements Term {}

    /** A column that is a text, or is not. */
    record Is(String column, String value, boolean without) implements Term {}

    /** Something that holds of a row, or does not. */
    record Flag(String name, boolean without) implements Term {}

    /** What another file has too, or has not. */
    record Shared(String column, String file, boolean without) implements Term {}
  }

  /** Reads a filter; what cannot be understood is its {@link #problem}. */
  public static DataFilter parse(String text) {
    List<Term> terms = new ArrayList<>();
    StringBuilder words = new StringBuilder();
    boolean either = false;
    for (String part : parts(text)) {
      boolean without = part.length() > 1 && part.startsWith("-");
      String plain = without ? part.substring(1) : part;
      if (plain.equals("OR")) {
        either = words.length() > 0;
        continue;
      }
      Matcher comparison = COMPARISON.matcher(plain);
      String name = comparison.matches() ? comparison.group(1).toLowerCase(Locale.ROOT) : "";
      if (!name.isEmpty() && known(name)) {
        if (comparison.group(3).isEmpty()) {
          return new DataFilter(List.of(), plain); // its value is still to be typed
        }
        Optional<Term> term =
            term(name, comparison.group(2), unquoted(comparison.group(3)), without);
        if (term.isEmpty()) {
          return new DataFilter(List.of(), plain);
        }
        terms.add(term.get());
        continue;
      }
      String searched = searched(plain);
      if (searched.isEmpty()) {
        continue; // marks alone, as while a phrase is being typed
      }
      if (without) {
        terms.add(new Term.Match(searched, true));
      } else {
        words.append(words.length() == 0 ? "" : either ? " OR " : " AND ").append(searched);
        either = false;
      }
    }
    if (words.length() > 0) {
      terms.addFirst(new Term.Match(words.toString(), false));
    }
    return new DataFilter(terms, "");
  }

  private static boolean known(String name) {
    return NUMBERS.containsKey(name)
        || SHARED.containsKey(name)
        || List.of("tranche", "source", "is").contains(name);
  }

  private static Optional<Term> term(String name, String operator, String value, boolean without) {
    String column = NUMBERS.get(name);
    if (column != null) {
      return without ? Optional.empty() : number(column, operator, value);
    }
    if (!operator.equals(":") && !operator.equals("=")) {
      return Optional.empty();
    }
    String shared = SHARED.get(name);
    if (shared != null) {
      return Optional.of(new Term.Shared(shared, value, without));
    }
    if (name.equals("is")) {
      return FLAGS.containsKey(value)
          ? Optional.of(new Term.Flag(value, without))
          : Optional.empty();
    }
    return Optional.of(new Term.Is(name, value, without));
  }

  private static Optional<Term> number(String column, String operator, String text) {
    Matcher range = RANGE.matcher(text);
    if (range.matches() && (operator.equals(":") || operator.equals("="))) {
      return Optional.of(
          new Term.Between(
              column,
              Double.parseDouble(range.group(1)),
              true,
              Double.parseDouble(range.group(2)),
              true));
    }
    if (!text.matches(NUMBER)) {
      return Optional.empty();
    }
    double value = Double.parseDouble(text);
    double least = Double.NEGATIVE_INFINITY;
    double most = Double.POSITIVE_INFINITY;
    return Optional.of(
        switch (operator) {
          case ">" -> new Term.Between(column, value, false, most, true);
          case ">=" -> new Term.Between(column, value, true, most, true);
          case "<" -> new Term.Between(column, least, true, value, false);
          case "<=" -> new Term.Between(column, least, true, value, true);
          default -> new Term.Between(column, value, true, value, true);
        });
  }

  /** A word or phrase for FTS5, quoted so that nothing in it is an operator. */
  private static String searched(String part) {
    String column = "";
    String text = part;
    for (String each : List.of("prompt", "chosen", "rejected")) {
      if (part.startsWith(each + ":")) {
        column = "{" + each + "} : ";
        text = part.substring(each.length() + 1);
      }
    }
    boolean prefix = text.endsWith("*");
    String plain = text.replace("\"", "").replace("*", "").strip();
    if (plain.codePoints().noneMatch(Character::isLetterOrDigit)) {
      return "";
    }
    return column + "\"" + plain + "\"" + (prefix ? "*" : "");
  }

  private static String unquoted(String text) {
    return text.replace("\"", "");
  }

  /** The parts between white space; quotes hold together what stands in them. */
  private static List<String> parts(String text) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      }
      if (Character.isWhitespace(c) && !quoted) {
        if (part.length() > 0) {
          parts.add(part.toString());
          part.setLength(0);
        }
      } else {
        part.append(c);
      }
    }
    if (part.length() > 0) {
      parts.add(part.toString());
    }
    return parts;
  }

  /** A filter's text for rows whose column is a value, quoted where it must be. */
  public static String text(String column, String value) {
    return column + ":" + (value.matches("[^\\s\"]+") ? value : "\"" + value + "\"");
  }

  /** The words and phrases that are searched, as they stand in the texts, to be marked there. */
  public List<String> marked() {
    List<String> marked = new ArrayList<>();
    for (Term term : terms) {
      if (term instanceof Term.Match(String expression, boolean without) && !without) {
        Matcher quoted = Pattern.compile("\"([^\"]+)\"").matcher(expression);
        while (quoted.find()) {
          marked.add(quoted.group(1));
        }
      }
    }
    return marked;
  }

  /** The files that it names. */
  List<String> files() {
    return terms.stream()
        .filter(Term.Shared.class::isInstance)
        .map(term -> ((Term.Shared) term).file())
        .distinct()
        .toList();
  }

  /**
   * What a row must meet.
   *
   * @param arguments takes the values of the places
   * @param schema gives the name under which another file's index is attached
   */
  String where(List<Object> arguments, Function<String, String> schema) {
    List<String> conditions = new ArrayList<>();
    for (Term term : terms) {
      conditions.add(
          switch (term) {
            case Term.Match(String expression, boolean without) -> {
              arguments.add(expression);
              yield without
                  ? "r.id NOT IN (SELECT rowid FROM text WHERE text MATCH ?)"
                  : "r.id IN (SELECT rowid FROM text WHERE text MATCH ?)";
            }
            case Term.Between between -> between(between, arguments);
            case Term.Is(String column, String value, boolean without) -> {
              arguments.add(value);
              yield "r." + column + (without ? " <> ?" : " = ?");
            }
            case Term.Flag(String name, boolean without) -> {
              String flag = FLAGS.getOrDefault(name, "0");
              yield without ? "NOT " + flag : flag;
            }
            case Term.Shared(String column, String file, boolean without) ->
                "r.%s %sIN (SELECT %s FROM %s.row)"
                    .formatted(column, without ? "NOT " : "", column, schema.apply(file));
          });
    }
    return conditions.isEmpty() ? "1" : String.join(" AND ", conditions);
  }

  private static String between(Term.Between between, List<Object> arguments) {
    List<String> parts = new ArrayList<>();
    if (Double.isFinite(between.low())) {
      arguments.add(between.low());
      parts.add(between.column() + (between.lowToo() ? " >= ?" : " > ?"));
    }
    if (Double.isFinite(between.high())) {
      arguments.add(between.high());
      parts.add(between.column() + (between.highToo() ? " <= ?" : " < ?"));
    }
    return String.join(" AND ", parts);
  }

  /** Whether it is a search of texts alone, which needs no other table. */
  Optional<String> onlyMatch() {
    return terms.size() == 1
            && terms.getFirst() instanceof Term.Match(String expression, boolean without)
            && !without
        ? Optional.of(expression)
        : Optional.empty();
  }
}
