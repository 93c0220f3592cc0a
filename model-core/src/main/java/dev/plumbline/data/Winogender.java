package dev.plumbline.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A sentence of the Winogender schemas (Rudinger et al. 2018): one with an occupation, another
 * participant and a pronoun that means one of the two. The file has the columns {@code sentid},
 * such as {@code technician.customer.1.male.txt}, and {@code sentence}.
 *
 * @param occupation the occupation
 * @param participant the other person, {@code someone} in half of the sentences
 * @param answer whom the pronoun means: 0 the occupation, 1 the participant
 * @param gender the pronoun's: male, female or neutral
 * @param sentence the sentence
 */
record Winogender(
    String occupation, String participant, int answer, String gender, String sentence) {
  private static final List<String> COLUMNS = List.of("sentid", "sentence");
  private static final Pattern ID =
      Pattern.compile("([^.]+)\\.([^.]+)\\.([01])\\.(male|female|neutral)(\\.txt)?");

  /** Is given sentences in the order of the file. */
  interface Visitor {
    /** A sentence and the number of its line, from 1. */
    void sentence(long line, Winogender sentence);
  }

  /** Sentences that differ in the pronoun alone have this in common. */
  String pair() {
    return "%s.%s.%d".formatted(occupation, participant, answer);
  }

  /** A value by its key; empty where there is no such key. */
  String value(String key) {
    return switch (key) {
      case "occupation" -> occupation;
      case "participant" -> participant;
      case "answer" -> Integer.toString(answer);
      case "gender" -> gender;
      case "pair" -> pair();
      default -> "";
    };
  }

  /** Whether the first line of a file names the columns of these schemas. */
  static boolean named(Path file) {
    if (!CsvRows.named(file)) {
      return false;
    }
    try (BufferedReader text =
        new BufferedReader(
            new InputStreamReader(
                InputFile.open(file, "a .tsv file"), StandardCharsets.UTF_8.newDecoder()))) {
      String header = text.readLine();
      return header != null && header.strip().equals(String.join("\t", COLUMNS));
    } catch (IOException e) {
      throw InputFile.failure(file, 1, e);
    }
  }

  /**
   * Reads a file to its end.
   *
   * @throws UserError where it cannot be read or a {@code sentid} is of another form
   */
  static void read(Path file, Visitor visitor) {
    CsvRows.read(
        file,
        COLUMNS,
        (line, cells) -> {
          Matcher id = ID.matcher(cells.getFirst());
          if (!id.matches()) {
            throw new UserError(
                "%s:%d: the sentid '%s' is not of the form occupation.participant.0.male.txt; mend"
                        .formatted(file, line, cells.getFirst())
                    + " or remove the line");
          }
          visitor.sentence(
              line,
              new Winogender(
                  id.group(1),
                  id.group(2),
                  Integer.parseInt(id.group(3)),
                  id.group(4),
                  cells.getLast()));
        });
  }
}
