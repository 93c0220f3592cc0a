package dev.plumbline.figure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.analysis.ResultTable;
import org.junit.jupiter.api.Test;

class ResultTableTextTest {
  private static final ResultTable TABLE =
      ResultTable.named("t")
          .text("size", "level")
          .number("loss", "nat", "mean")
          .number("n", "", "count")
          .row("a, \"b\" | 50 %", 0.123456789, 1000.0)
          .row("x_1 & {y}", Double.NaN, 3.0)
          .build();

  @Test
  void csvKeepsEveryDigitAndQuotesWhatNeedsIt() {
    assertThat(ResultTableText.csv(TABLE))
        .isEqualTo("size,loss,n\n\"a, \"\"b\"\" | 50 %\",0.123456789,1000\nx_1 & {y},,3\n");
  }

  @Test
  void markdownEscapesItsBars() {
    assertThat(ResultTableText.markdown(TABLE))
        .isEqualTo(
            """
            | size | loss (nat) | n |
            | --- | ---: | ---: |
            | a, "b" \\| 50 % | 0.1235 | 1000 |
            | x_1 & {y} |  | 3 |
            """);
  }

  @Test
  void latexHasRulesAndNoBareSpecialCharacters() {
    assertThat(ResultTableText.booktabs(TABLE))
        .isEqualTo(
            """
            % \\usepackage{booktabs}
            \\begin{tabular}{lrr}
            \\toprule
            size & loss (nat) & n \\\\
            \\midrule
            a, "b" | 50 \\% & 0.1235 & 1000 \\\\
            x\\_1 \\& \\{y\\} & -- & 3 \\\\
            \\bottomrule
            \\end{tabular}
            """);
  }
}
