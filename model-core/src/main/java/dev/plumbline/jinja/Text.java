package dev.plumbline.jinja;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A text that remembers which of its characters came from outside the template. What a person wrote
 * may spell out {@code <|im_end|>}; only the template's own characters may become that token.
 */
public final class Text {
  static final Text EMPTY = new Text("", new BitSet());

  private final String characters;
  private final BitSet foreign;

  private Text(String characters, BitSet foreign) {
    this.characters = characters;
    this.foreign = foreign;
  }

  /** A text of the template's own. */
  static Text own(String characters) {
    return new Text(characters, new BitSet());
  }

  /** A text from outside. */
  static Text foreign(String characters) {
    BitSet all = new BitSet();
    all.set(0, characters.length());
    return new Text(characters, all);
  }

  /** The characters. */
  public String characters() {
    return characters;
  }

  /** Whether the character at a place (a UTF-16 unit) came from outside. */
  public boolean isForeign(int at) {
    return foreign.get(at);
  }

  /** Whether any character from {@code from} to before {@code to} came from outside. */
  public boolean anyForeign(int from, int to) {
    int next = foreign.nextSetBit(from);
    return next >= 0 && next < to;
  }

  int length() {
    return characters.length();
  }

  boolean isEmpty() {
    return characters.isEmpty();
  }

  Text part(int from, int to) {
    return new Text(characters.substring(from, to), foreign.get(from, to));
  }

  /** Other characters in place of these, from outside if any of these are. */
  Text become(String other) {
    return foreign.isEmpty() ? own(other) : foreign(other);
  }

  static Text join(List<Text> parts, Text between) {
    Builder builder = new Builder();
    for (int i = 0; i < parts.size(); i++) {
      if (i > 0) {
        builder.append(between);
      }
      builder.append(parts.get(i));
    }
    return builder.text();
  }

  Text plus(Text other) {
    return join(List.of(this, other), EMPTY);
  }

  /** Strips characters at the ends. */
  Text strip(boolean left, boolean right, @Nullable String of) {
    int from = 0;
    int to = characters.length();
    while (left && from < to && stripped(characters.charAt(from), of)) {
      from++;
    }
    while (right && to > from && stripped(characters.charAt(to - 1), of)) {
      to--;
    }
    return part(from, to);
  }

  private static boolean stripped(char c, @Nullable String of) {
    return of == null ? isSpace(c) : of.indexOf(c) >= 0;
  }

  /** Python's white space. */
  static boolean isSpace(char c) {
    return Character.isWhitespace(c)
        || Character.isSpaceChar(c)
        || c == '\u0085'
        || (c >= '\u001c' && c <= '\u001f');
  }

  /** Splits at each place of a separator, at most {@code most} times where that is not negative. */
  List<Text> split(String separator, int most) {
    List<Text> parts = new ArrayList<>();
    int from = 0;
    int at;
    while ((most < 0 || parts.size() < most) && (at = characters.indexOf(separator, from)) >= 0) {
      parts.add(part(from, at));
      from = at + separator.length();
    }
    parts.add(part(from, length()));
    return parts;
  }

  /** Splits at runs of white space. */
  List<Text> words() {
    List<Text> parts = new ArrayList<>();
    int from = 0;
    while (true) {
      while (from < length() && isSpace(characters.charAt(from))) {
        from++;
      }
      if (from == length()) {
        return parts;
      }
      int to = from;
      while (to < length() && !isSpace(characters.charAt(to))) {
        to++;
      }
      parts.add(part(from, to));
      from = to;
    }
  }

  /** Each code point alone. */
  List<Text> separate() {
    List<Text> parts = new ArrayList<>();
    for (int from = 0; from < length(); ) {
      int to = from + Character.charCount(characters.codePointAt(from));
      parts.add(part(from, to));
      from = to;
    }
    return parts;
  }

  /** Python's slice, counted in code points. */
  Text slice(@Nullable Long from, @Nullable Long to, long step) {
    int n = codePoints();
    List<Text> chosen = new ArrayList<>();
    int[] places = Slices.places(n, from, to, step);
    if (step == 1) {
      return places.length == 0
          ? EMPTY
          : part(offset(places[0]), offset(places[places.length - 1] + 1));
    }
    List<Text> separate = separate();
    for (int place : places) {
      chosen.add(separate.get(place));
    }
    return join(chosen, EMPTY);
  }

  int codePoints() {
    return characters.codePointCount(0, length());
  }

  private int offset(int codePoint) {
    return characters.offsetByCodePoints(0, codePoint);
  }

  Text upper() {
    return mapped(characters.toUpperCase(Locale.ROOT));
  }

  Text lower() {
    return mapped(characters.toLowerCase(Locale.ROOT));
  }

  Text capitalised() {
    return isEmpty()
        ? this
        : mapped(
            characters.substring(0, 1).toUpperCase(Locale.ROOT)
                + characters.substring(1).toLowerCase(Locale.ROOT));
  }

  Text titled() {
    StringBuilder title = new StringBuilder();
    boolean begins = true;
    for (int i = 0; i < length(); i++) {
      char c = characters.charAt(i);
      title.append(begins ? Character.toUpperCase(c) : Character.toLowerCase(c));
      begins = !Character.isLetterOrDigit(c) && c != '\'';
    }
    return mapped(title.toString());
  }

  private Text mapped(String other) {
    return other.length() == length() ? new Text(other, foreign) : become(other);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Text text && characters.equals(text.characters);
  }

  @Override
  public int hashCode() {
    return characters.hashCode();
  }

  @Override
  public String toString() {
    return characters;
  }

  /** Puts texts together. */
  static final class Builder {
    private final StringBuilder characters = new StringBuilder();
    private final BitSet foreign = new BitSet();

    void append(Text text) {
      int at = characters.length();
      if (at + text.length() > Budget.LONGEST) {
        throw new Values.WrongValue("a text of more than " + Budget.LONGEST + " characters");
      }
      characters.append(text.characters);
      for (int i = text.foreign.nextSetBit(0); i >= 0; i = text.foreign.nextSetBit(i)) {
        int end = text.foreign.nextClearBit(i);
        foreign.set(at + i, at + end);
        i = end;
      }
    }

    int length() {
      return characters.length();
    }

    Text text() {
      return new Text(characters.toString(), (BitSet) foreign.clone());
    }
  }
}
