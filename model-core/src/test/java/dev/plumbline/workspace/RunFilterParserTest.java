package dev.plumbline.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RunFilterParserTest {
  private static RunFilter read(String text) {
    RunFilterParser.Result result = RunFilterParser.parse(text);
    assertThat(result.problem()).as(text).isEmpty();
    return result.filter();
  }

  private static RunField field(String text) {
    return RunField.parse(text).orElseThrow();
  }

  private static RunFilter bound(String field, RunFilter.Side side, double bound) {
    return new RunFilter.Bound(field(field), side, bound);
  }

  private static RunFilter is(String field, String value) {
    return new RunFilter.OneOf(field(field), List.of(new RunFilter.Value(value, Double.NaN)));
  }

  @Test
  void everyKindOfConditionIsRead() {
    assertThat(read("state:finished tag:pm rlhf.lambda_kl<0.01 reward.last>1 name~\"hh\""))
        .isEqualTo(
            new RunFilter.And(
                List.of(
                    is("state", "finished"),
                    is("tags", "pm"),
                    bound("rlhf.lambda_kl", RunFilter.Side.BELOW, 0.01),
                    bound("reward", RunFilter.Side.ABOVE, 1),
                    new RunFilter.Matches(field("name"), "hh"))));
    assertThat(read("stage in (rlhf, \"preference\") and eval/accuracy.best >= 70%"))
        .isEqualTo(
            new RunFilter.And(
                List.of(
                    new RunFilter.OneOf(
                        field("stage"),
                        List.of(
                            new RunFilter.Value("rlhf", Double.NaN),
                            new RunFilter.Value("preference", Double.NaN))),
                    bound("eval/accuracy.best", RunFilter.Side.AT_LEAST, 0.7))));
    assertThat(read("-tag:old is:starred has:gold_reward"))
        .isEqualTo(
            new RunFilter.And(
                List.of(
                    new RunFilter.Not(is("tags", "old")),
                    new RunFilter.Is(RunFilter.Mark.STARRED),
                    new RunFilter.Has(field("gold_reward.last")))));
    assertThat(read("time>10min age<7d"))
        .isEqualTo(
            new RunFilter.And(
                List.of(
                    bound("time", RunFilter.Side.ABOVE, 600),
                    bound("age", RunFilter.Side.BELOW, 604800))));
    assertThat(read("created:2026-11"))
        .isEqualTo(
            new RunFilter.When(RunFilter.Side.AT, "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"));
    assertThat(read("  ")).isEqualTo(RunFilter.ALL);
  }

  @Test
  void andBindsCloserThanOrAndBracketsCloserStill() {
    RunFilter a = new RunFilter.Contains("a");
    RunFilter b = new RunFilter.Contains("b");
    RunFilter c = new RunFilter.Contains("c");
    assertThat(read("a b or c"))
        .isEqualTo(new RunFilter.Or(List.of(new RunFilter.And(List.of(a, b)), c)));
    assertThat(read("a (b OR c)"))
        .isEqualTo(new RunFilter.And(List.of(a, new RunFilter.Or(List.of(b, c)))));
    assertThat(read("not (a or b)")).isEqualTo(new RunFilter.Not(new RunFilter.Or(List.of(a, b))));
    assertThat(read("\"or\"")).isEqualTo(new RunFilter.Contains("or"));
    assertThat(read("helpful-ppo-2")).isEqualTo(new RunFilter.Contains("helpful-ppo-2"));
    assertThat(read("rlhf.learning_rate:2e-4"))
        .isEqualTo(
            new RunFilter.OneOf(
                field("rlhf.learning_rate"), List.of(new RunFilter.Value("2e-4", 2e-4))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "pm_score>|9|1|a number is needed",
        "pm_score>abc|9|3|compared with a number",
        "name>2|0|4|is a text",
        "(a or b|0|1|not closed",
        "a)|1|1|closes nothing",
        "a or|4|1|needed here",
        "name~\"[\"|5|3|regular expression",
        "\"abc|0|4|no end",
        "state:done|6|4|no state is called 'done'",
        "is:red|3|3|starred, archived or active",
        "<3|0|1|needs a field",
        "state in (paused, lost|9|1|not closed",
        "state in (paused lost)|17|4|a comma or )",
        "created>yesterday|8|9|is no day",
        "3x>2|0|2|is no field",
        "and b|0|3|joins two conditions",
        "a,b|1|1|lists alone",
      })
  void aMistakeIsShownWhereItIs(String text, int position, int length, String message) {
    RunFilterParser.Problem problem = RunFilterParser.parse(text).problem().orElseThrow();
    assertThat(problem.message()).contains(message);
    assertThat(problem.position()).isEqualTo(position);
    assertThat(problem.length()).isEqualTo(length);
  }

  @Test
  void bracketsAreBounded() {
    assertThat(RunFilterParser.parse("(".repeat(100_000) + "a").problem()).isPresent();
  }

  /** Whatever is typed, there is an answer, and a problem lies in the text or at its end. */
  @Property
  void nothingThatIsTypedThrows(@ForAll("typed") String text) {
    RunFilterParser.parse(text)
        .problem()
        .ifPresent(
            problem -> {
              assertThat(problem.position()).isBetween(0, text.length());
              assertThat(problem.length()).isPositive();
              assertThat(problem.message()).isNotBlank().doesNotContain("\n");
            });
  }

  @Provide
  Arbitrary<String> typed() {
    Arbitrary<String> pieces =
        Arbitraries.of(
            "(",
            ")",
            ",",
            "\"",
            "'",
            "<",
            ">=",
            "!~",
            "~",
            ":",
            "!",
            "-",
            "or",
            "and",
            "not",
            "in",
            "has",
            "is",
            "state",
            "tag",
            "pm_score.best",
            "rlhf.lambda_kl",
            "0.01",
            "7d",
            "[",
            "\\",
            "ü",
            " ",
            "created",
            "2026-11-01",
            "finished",
            "*");
    return Arbitraries.oneOf(
        pieces.list().ofMaxSize(14).map(parts -> String.join("", parts)),
        pieces.list().ofMaxSize(14).map(parts -> String.join(" ", parts)),
        Arbitraries.strings().ofMaxLength(30));
  }

  /** What {@link #written} writes is read back as it was. */
  @Property
  void whatIsWrittenOutIsReadBack(@ForAll("filters") RunFilter filter) {
    assertThat(read(written(filter))).isEqualTo(filter);
  }

  private static String written(RunFilter filter) {
    return switch (filter) {
      case RunFilter.And(List<RunFilter> parts) -> joined(parts, " and ");
      case RunFilter.Or(List<RunFilter> parts) -> joined(parts, " or ");
      case RunFilter.Not(RunFilter part) -> "not (" + written(part) + ")";
      case RunFilter.Contains(String text) -> quoted(text);
      case RunFilter.Has(RunField field) -> "has:" + field.text();
      case RunFilter.Is(RunFilter.Mark mark) -> "is:" + mark.name();
      case RunFilter.OneOf(RunField field, List<RunFilter.Value> values) ->
          field.text()
              + ":("
              + String.join(", ", values.stream().map(v -> quoted(v.text())).toList())
              + ")";
      case RunFilter.Bound(RunField field, RunFilter.Side side, double bound) ->
          field.text() + side.sign() + bound;
      case RunFilter.When _ -> throw new IllegalArgumentException("not generated");
      case RunFilter.Matches(RunField field, String expression) ->
          field.text() + "~" + quoted(expression);
    };
  }

  private static String joined(List<RunFilter> parts, String by) {
    return String.join(by, parts.stream().map(part -> "(" + written(part) + ")").toList());
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\"", "\\\"") + "\"";
  }

  @Provide
  Arbitrary<RunFilter> filters() {
    Arbitrary<RunField> text = Arbitraries.of(field("name"), field("tags"), field("rlhf.x[0].y"));
    Arbitrary<RunField> number = Arbitraries.of(field("pm_score.best"), field("step"));
    Arbitrary<String> words =
        Arbitraries.strings().alpha().numeric().withChars(" ()<>,'").ofMinLength(1).ofMaxLength(8);
    Arbitrary<RunFilter> leaves =
        Arbitraries.oneOf(
            words.map(RunFilter.Contains::new),
            text.map(RunFilter.Has::new),
            Arbitraries.of(RunFilter.Mark.values()).map(RunFilter.Is::new),
            net.jqwik.api.Combinators.combine(text, words.list().ofMinSize(1).ofMaxSize(3))
                .as(
                    (field, values) ->
                        new RunFilter.OneOf(
                            field,
                            values.stream()
                                .map(value -> new RunFilter.Value(value, Double.NaN))
                                .toList())),
            net.jqwik.api.Combinators.combine(
                    number,
                    Arbitraries.of(RunFilter.Side.BELOW, RunFilter.Side.AT_LEAST),
                    Arbitraries.doubles().between(-1e9, 1e9))
                .as(RunFilter.Bound::new),
            net.jqwik.api.Combinators.combine(text, Arbitraries.of("a.*b", "x|y", "\\d+"))
                .as(RunFilter.Matches::new));
    return Arbitraries.recursive(
        () -> leaves,
        inner ->
            Arbitraries.oneOf(
                inner.list().ofMinSize(2).ofMaxSize(3).map(RunFilter.And::new),
                inner.list().ofMinSize(2).ofMaxSize(3).map(RunFilter.Or::new),
                inner.map(RunFilter.Not::new)),
        0,
        3);
  }
}
