package dev.plumbline.diagnosis;

/**
 * A computation whose result is known from elsewhere.
 *
 * @param name what is computed
 * @param expected the known result, for people
 * @param found what this device gave, for people
 * @param error greatest difference
 * @param tolerance how great it may be
 */
public record KnownAnswer(
    String name, String expected, String found, double error, double tolerance) {
  /** Whether the result is the known one. */
  public boolean passed() {
    return error <= tolerance; // false for NaN
  }
}
