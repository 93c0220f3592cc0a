package dev.plumbline.app.data;

import dev.plumbline.data.JsonLinesWriter;
import dev.plumbline.dialogue.Comparison;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Data files of a few hundred rows. */
final class DataFixture {
  private static final List<String> ASKED =
      List.of(
          "could you tell me how to bake bread without an oven?",
          "what is the way from the station to the old market?",
          "please help me to write a letter to my landlord.",
          "why is the sky red in the evening?",
          "how many days are there between the two holidays?",
          "my neighbour plays loud music at night, what can i do?");
  private static final List<String> SAID =
      List.of(
          "you can use a heavy pan with a lid on low heat.",
          "walk two streets east, the market is beside the red tower.",
          "i am not sure that i understand what you mean.",
          "that is a good question, and there are many things to say about it.",
          "talk to them first, in the day and in a friendly way.",
          "sorry, i can not help with that.",
          "light that comes from far away loses its blue part.");

  private DataFixture() {}

  /**
   * Comparisons in the hh form; the line of number 40 is damaged, the last one repeats the first.
   */
  static Path comparisons(Path file, int rows, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    try (JsonLinesWriter writer = new JsonLinesWriter(file)) {
      Comparison first = null;
      for (int i = 0; i < rows; i++) {
        StringBuilder prompt = new StringBuilder("\n\nHuman: ");
        prompt.append("[").append(random.nextInt(rows / 3)).append("] ");
        prompt.append(ASKED.get(random.nextInt(ASKED.size())));
        for (int turn = random.nextInt(3); turn > 0; turn--) {
          prompt.append("\n\nAssistant:").append(said(random));
          prompt.append("\n\nHuman: ").append(ASKED.get(random.nextInt(ASKED.size())));
        }
        prompt.append("\n\nAssistant:");
        Map<String, String> known = new LinkedHashMap<>();
        known.put("tranche", i % 5 == 0 ? "online" : i % 3 == 0 ? "rejection sampled" : "base");
        known.put("domain", i % 2 == 0 ? "cooking" : "town");
        known.put("annotator", "ann-0" + random.nextInt(4));
        known.put("strength", Integer.toString(1 + random.nextInt(4)));
        Comparison made =
            i == rows - 1 && first != null
                ? first
                : new Comparison(prompt.toString(), said(random), said(random), known);
        first = first == null ? made : first;
        if (i == 40) {
          writer.write(Map.of("chosen", "nothing"));
        }
        writer.write(made);
      }
    }
    return file;
  }

  private static String said(SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      text.append(' ').append(SAID.get(random.nextInt(SAID.size())));
    }
    return text.toString();
  }

  /** A CSV of columns that have no usual names, of whose rows two cannot be used. */
  static Path unknown(Path file) {
    StringBuilder text = new StringBuilder("frage,gut,schlecht,quelle\n");
    for (int i = 0; i < 30; i++) {
      text.append(
          "\"%s (%d)\",\"%s\",\"%s\",web%n"
              .formatted(
                  ASKED.get(i % ASKED.size()),
                  i,
                  SAID.get(i % SAID.size()),
                  SAID.get((i + 1) % SAID.size())));
    }
    text.append("one,two\nthree,four,five,six,seven\n");
    try {
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
