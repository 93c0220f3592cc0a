package dev.plumbline.app.shell;

import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import javafx.util.StringConverter;
import org.jspecify.annotations.Nullable;

/** The words of a list's values; words lead back to the value in the list that has them. */
public final class Words<T> extends StringConverter<T> {
  private final Supplier<List<T>> values;
  private final Function<T, String> words;

  private Words(Supplier<List<T>> values, Function<T, String> words) {
    this.values = values;
    this.words = words;
  }

  /**
   * @param values what can be chosen now
   * @param words how a value is said; of no value too, where the list can be without one
   */
  public static <T> Words<T> of(Supplier<List<T>> values, Function<T, String> words) {
    return new Words<>(values, words);
  }

  @Override
  public String toString(T value) {
    return words.apply(value);
  }

  /** The value that is said so; null where there is none. */
  @Override
  public @Nullable T fromString(String text) {
    return values.get().stream()
        .filter(value -> words.apply(value).equals(text))
        .findFirst()
        .orElse(null);
  }
}
