package dev.plumbline.sampledata;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sums and differences of small whole numbers. */
record Sum(int left, boolean plus, int right) implements Question {
  private static final int LARGEST = 12;
  private static final Pattern ASKED = Pattern.compile("\\b(\\d{1,3}) (plus|minus) (\\d{1,3})\\b");
  private static final Pattern CLAIM =
      Pattern.compile("\\b(\\d{1,3}) (plus|minus) (\\d{1,3}) (?:is|makes) (\\d{1,4})\\b");
  private static final Pattern NUMBER = Pattern.compile("\\b\\d{1,4}\\b");

  static Sum draw(Dice dice) {
    int a = dice.between(1, LARGEST);
    int b = dice.between(1, LARGEST);
    return dice.chance(0.6) ? new Sum(a, true, b) : new Sum(Math.max(a, b), false, Math.min(a, b));
  }

  static Optional<Question> parse(Reading request) {
    for (int i = request.sentences().size() - 1; i >= 0; i--) {
      Matcher asked = ASKED.matcher(request.sentences().get(i));
      if (asked.find()) {
        return Optional.of(
            new Sum(
                Integer.parseInt(asked.group(1)),
                asked.group(2).equals("plus"),
                Integer.parseInt(asked.group(3))));
      }
    }
    return Optional.empty();
  }

  int result() {
    return plus ? left + right : left - right;
  }

  private String operation() {
    return left + (plus ? " plus " : " minus ") + right;
  }

  @Override
  public String domain() {
    return "sums";
  }

  @Override
  public String ask(Dice dice) {
    return dice.pick(List.of("what is %s?", "how much is %s?", "tell me what %s is.", "count %s."))
        .formatted(operation());
  }

  @Override
  public String right(Dice dice) {
    return claim(dice, result());
  }

  @Override
  public String terse(Dice dice) {
    return result() + ".";
  }

  @Override
  public String wrong(Dice dice) {
    int shift = dice.pick(List.of(-3, -2, -1, 1, 2, 3));
    return claim(dice, Math.max(0, result() + (result() + shift < 0 ? -shift : shift)));
  }

  private String claim(Dice dice, int value) {
    return operation() + dice.pick(List.of(" is ", " makes ")) + value + ".";
  }

  @Override
  public List<String> details() {
    int c = result();
    return plus
        ? List.of(
            "you can check that " + c + " minus " + right + " is " + left + ".",
            "also " + right + " plus " + left + " is " + c + ".")
        : List.of(
            "you can check that " + c + " plus " + right + " is " + left + ".",
            "also " + left + " minus " + c + " is " + right + ".");
  }

  @Override
  public String falseDetail(Dice dice) {
    int off = result() + dice.between(1, 4);
    return plus
        ? "you can check that " + off + " minus " + right + " is " + left + "."
        : "you can check that " + off + " plus " + right + " is " + left + ".";
  }

  @Override
  public Answer judge(Reading text) {
    OptionalInt answer = OptionalInt.empty();
    OptionalInt bare = OptionalInt.empty();
    Set<String> trueClaims = new HashSet<>();
    Set<String> falseClaims = new HashSet<>();
    for (String sentence : text.sentences()) {
      Matcher claim = CLAIM.matcher(sentence);
      boolean claims = false;
      while (claim.find()) {
        claims = true;
        int a = Integer.parseInt(claim.group(1));
        int b = Integer.parseInt(claim.group(3));
        int value = Integer.parseInt(claim.group(4));
        boolean adds = claim.group(2).equals("plus");
        if (a == left && b == right && adds == plus) {
          answer = answer.isPresent() ? answer : OptionalInt.of(value);
        } else if (mine(a) || mine(b) || mine(value)) {
          boolean holds = (adds ? a + b : a - b) == value;
          (holds ? trueClaims : falseClaims).add(claim.group());
        }
      }
      Matcher number = NUMBER.matcher(sentence);
      if (!claims && bare.isEmpty() && number.find()) {
        bare = OptionalInt.of(Integer.parseInt(number.group()));
      }
    }
    OptionalInt given = answer.isPresent() ? answer : bare;
    double content = given.isEmpty() ? -0.8 : content(Math.abs(given.getAsInt() - result()));
    return new Answer(content, trueClaims.size(), falseClaims.size());
  }

  /** Whether a claim with this number has to do with the question. */
  private boolean mine(int number) {
    return number == left || number == right;
  }

  private static double content(int error) {
    return switch (error) {
      case 0 -> 1.6;
      case 1 -> -0.5;
      case 2 -> -0.7;
      default -> -1.0;
    };
  }
}
