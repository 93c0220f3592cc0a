package dev.plumbline.training;

import dev.plumbline.data.Sha256;
import dev.plumbline.dialogue.Comparison;
import java.nio.charset.StandardCharsets;

/**
 * Short names of comparisons in result tables, made of their text alone, so that the same one has
 * the same name in every run and is found again in the file that it came from.
 */
public final class ComparisonId {
  private static final int DIGITS = 16;

  private ComparisonId() {}

  /** First 16 hexadecimal digits of the SHA-256 of both transcripts. */
  public static String of(Comparison comparison) {
    return hash(comparison.chosenTranscript() + "\n\n\n" + comparison.rejectedTranscript());
  }

  /** Likewise of what the comparisons of one conversation have in common. */
  public static String conversation(Comparison comparison) {
    return hash(comparison.conversationKey());
  }

  private static String hash(String text) {
    return Sha256.of(text.getBytes(StandardCharsets.UTF_8)).substring(0, DIGITS);
  }
}
