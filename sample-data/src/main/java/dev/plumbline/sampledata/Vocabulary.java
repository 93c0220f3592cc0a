package dev.plumbline.sampledata;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** The words of the world, numbers up to 999 apart: what counts as plain language in it. */
final class Vocabulary {
  private static final Set<String> WORDS = load();

  private Vocabulary() {}

  private static Set<String> load() {
    try (InputStream in =
        Objects.requireNonNull(Vocabulary.class.getResourceAsStream("vocabulary.txt"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Set<String> words() {
    return WORDS;
  }

  static boolean has(String word) {
    return WORDS.contains(word) || (word.length() <= 3 && Character.isDigit(word.charAt(0)));
  }
}
