package dev.plumbline.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.dialogue.Comparison;
import dev.plumbline.dialogue.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads comparisons in the form of the hh-rlhf files (paper section 1.4): JSON Lines, gzip or not,
 * each line an object with the transcripts {@code chosen} and {@code rejected}; other keys become
 * attributes. The prompt is everything up to and with the last {@code "\n\nAssistant:"}; nothing is
 * taken for granted about it, because real files hold lines whose prompts differ.
 */
public final class ComparisonReader {
  private ComparisonReader() {}

  /**
   * Reads a file to its end.
   *
   * @throws UserError where the file is absent, unreadable or a damaged gzip; malformed lines are
   *     in the report, see {@link ImportReport#requireClean()}
   */
  public static ComparisonFile read(Path file) {
    List<Comparison> kept = new ArrayList<>();
    ImportReport report = read(file, (_, comparison) -> kept.add(comparison));
    return new ComparisonFile(kept, report);
  }

  /** Is given comparisons with equal prompts, in the order of the file. */
  public interface Visitor {
    /** A comparison and the number of its line, from 1, blank lines counted. */
    void comparison(long line, Comparison comparison);
  }

  /**
   * Reads a file to its end and keeps nothing of it, so that memory does not grow with the file.
   *
   * @throws UserError as {@link #read(Path)}
   */
  public static ImportReport read(Path file, Visitor visitor) {
    Collector collector = new Collector(visitor);
    long lines = JsonLines.read(file, collector);
    return collector.report(file, lines);
  }

  /**
   * Reads the comparison on one line.
   *
   * @param line its number in the file, from 1, blank lines counted
   * @throws UserError where the file or the line cannot be read, or the line's prompts are unequal
   */
  public static Comparison read(Path file, long line) {
    List<Comparison> kept = new ArrayList<>();
    Collector collector = new Collector((_, comparison) -> kept.add(comparison));
    JsonLines.read(
        file,
        new JsonLines.Visitor() {
          @Override
          public void object(long number, ObjectNode object) {
            if (number == line) {
              collector.object(number, object);
            }
          }

          @Override
          public void malformed(long number, String reason) {
            if (number == line) {
              collector.malformed(number, reason);
            }
          }
        });
    collector.report(file, line).requireClean();
    if (kept.isEmpty()) {
      throw new UserError(
          file
              + ":"
              + line
              + (collector.unequal > 0
                  ? ": the two prompts are unequal, so it is not used"
                  : ": there is no comparison on this line"));
    }
    return kept.getFirst();
  }

  /** Prompt and response of a transcript. */
  record Parts(String prompt, String response) {
    /** Null where the text is not a transcript with an assistant turn. */
    static @Nullable Parts of(String transcript) {
      int at = transcript.lastIndexOf(Role.ASSISTANT.marker());
      boolean opens =
          transcript.startsWith(Role.HUMAN.marker())
              || transcript.startsWith(Role.ASSISTANT.marker());
      if (at < 0 || !opens) {
        return null;
      }
      int end = at + Role.ASSISTANT.marker().length();
      return new Parts(transcript.substring(0, end), transcript.substring(end));
    }
  }

  static int assistantTurns(String transcript) {
    int turns = 0;
    String marker = Role.ASSISTANT.marker();
    for (int at = transcript.indexOf(marker); at >= 0; at = transcript.indexOf(marker, at + 1)) {
      turns++;
    }
    return turns;
  }

  private static final class Collector implements JsonLines.Visitor {
    private final Visitor visitor;
    private final List<ImportReport.Problem> problems = new ArrayList<>();
    private final SortedMap<Integer, Long> turns = new TreeMap<>();
    private long lines;
    private long malformed;
    private long unequal;
    private long empty;
    private long identical;

    Collector(Visitor visitor) {
      this.visitor = visitor;
    }

    @Override
    public void malformed(long line, String reason) {
      lines++;
      malformed++;
      if (problems.size() < ImportReport.MOST_PROBLEMS) {
        problems.add(new ImportReport.Problem(line, reason));
      }
    }

    @Override
    public void object(long line, ObjectNode object) {
      String chosen = JsonLines.text(object, "chosen");
      String rejected = JsonLines.text(object, "rejected");
      if (chosen == null || rejected == null) {
        malformed(line, "no text under \"" + (chosen == null ? "chosen" : "rejected") + "\"");
        return;
      }
      Parts better = Parts.of(chosen);
      Parts worse = Parts.of(rejected);
      if (better == null || worse == null) {
        malformed(
            line,
            "\""
                + (better == null ? "chosen" : "rejected")
                + "\" is no transcript that begins with a turn and has an assistant's turn");
        return;
      }
      lines++;
      turns.merge(assistantTurns(chosen), 1L, Long::sum);
      if (better.response().isBlank() || worse.response().isBlank()) {
        empty++;
      }
      if (chosen.equals(rejected)) {
        identical++;
      }
      if (better.prompt().equals(worse.prompt())) {
        visitor.comparison(
            line,
            new Comparison(
                better.prompt(), better.response(), worse.response(), attributes(object)));
      } else {
        unequal++;
      }
    }

    private static Map<String, String> attributes(ObjectNode object) {
      Map<String, String> attributes = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> entry : object.properties()) {
        String key = entry.getKey();
        if (!key.equals("chosen") && !key.equals("rejected") && !entry.getValue().isNull()) {
          JsonNode value = entry.getValue();
          attributes.put(key, value.isValueNode() ? value.asText() : value.toString());
        }
      }
      return attributes;
    }

    ImportReport report(Path file, long allLines) {
      return new ImportReport(
          file,
          lines,
          allLines - lines,
          lines - malformed,
          malformed,
          unequal,
          empty,
          identical,
          turns,
          problems);
    }
  }
}
