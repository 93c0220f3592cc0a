package dev.plumbline.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code analyze calibration} and {@code analyze detection} as scripts see them. */
final class AnalyzeCommandTest {
  private static final String PREDICTIONS =
      """
      y,p,prompt
      0,.05,a
      0,.1,a
      1,.2,b
      0,.25,b
      0,.3,c
      1,.3,c
      0,.45,d
      1,.5,d
      1,.6,e
      0,.6,e
      1,.7,f
      1,.8,f
      0,.85,g
      1,.9,g
      1,.95,h
      1,.99,h
      """;
  private static final String SCORES =
      """
      score,label
      .1,0
      .2,0
      .2,0
      .35,0
      .4,0
      .5,0
      .5,0
      .6,0
      .2,1
      .45,1
      .5,1
      .7,1
      .8,1
      .9,1
      """;

  @TempDir Path directory;

  private record Outcome(int code, String out, String err) {
    JsonNode json() throws IOException {
      return new ObjectMapper().readTree(out);
    }
  }

  private static Outcome plumbline(Object... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        CommandLineEntry.run(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
    return new Outcome(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("x.csv"), text);
  }

  private static void assertNumber(JsonNode json, String key, double expected) {
    assertThat(json.path(key).isNumber()).as(key).isTrue();
    assertThat(json.path(key).asDouble()).as(key).isCloseTo(expected, within(1e-9));
  }

  @Test
  void calibration_by_width_has_the_reference_numbers() throws IOException {
    JsonNode json =
        plumbline(
                "analyze",
                "calibration",
                "--csv",
                file(PREDICTIONS),
                "--bins",
                "5",
                "--rule",
                "width",
                "--json")
            .json();
    assertThat(json.path("n").asInt()).isEqualTo(16);
    assertNumber(json, "ece", 0.13375);
    assertNumber(json, "mce", 0.25);
    assertNumber(json, "debiased_l2", -0.053251041666666665);
    assertNumber(json, "brier", 0.1957875);
    assertNumber(json, "log_loss", 0.5610102941368338);
    assertNumber(json, "slope", 0.7165227134574709);
    assertThat(json.path("bins")).hasSize(5);
    assertNumber(json.path("bins").path(2), "mean_p", 0.5375);
    assertNumber(json.path("corp"), "mcb", 0.03745416666666668);
    assertNumber(json.path("corp"), "dsc", 0.08776041666666667);
    assertNumber(json.path("corp"), "unc", 0.24609375);
    assertThat(json.path("if_calibrated").path("draws").asInt()).isEqualTo(1000);
  }

  @Test
  void calibration_by_mass_with_groups_and_without_resampling() throws IOException {
    Path file = file(PREDICTIONS);
    JsonNode grouped =
        plumbline(
                "analyze",
                "calibration",
                "--csv",
                file,
                "--bins",
                "4",
                "--rule",
                "mass",
                "--group",
                "prompt",
                "--json")
            .json();
    assertNumber(grouped, "ece", 0.115);
    assertNumber(grouped, "slope_standard_error", 0.294024637107426);
    assertThat(grouped.path("bootstrap").path("groups").asInt()).isEqualTo(8);
    JsonNode bare =
        plumbline("analyze", "calibration", "--csv", file, "--resamples", "0", "--json").json();
    assertThat(bare.path("bootstrap").isNull()).isTrue();
    assertThat(bare.path("bins").path(0).path("band_low").isNull()).isTrue();
  }

  @Test
  void an_empty_bin_and_an_infinite_slope_are_null_in_json() throws IOException {
    JsonNode json =
        plumbline(
                "analyze",
                "calibration",
                "--csv",
                file("p,y\n0.9,1\n0.1,0\n"),
                "--bins",
                "4",
                "--rule",
                "width",
                "--json")
            .json();
    assertThat(json.path("slope").isNull()).isTrue();
    assertThat(json.path("slope_kind").asText()).isEqualTo("separated");
    assertThat(json.path("bins").path(1).path("n").asInt()).isZero();
    assertThat(json.path("bins").path(1).path("mean_p").isNull()).isTrue();
  }

  @Test
  void tables_for_people_say_their_rules() throws IOException {
    Outcome calibration =
        plumbline("analyze", "calibration", "--csv", file(PREDICTIONS), "--bins", "3");
    assertThat(calibration.code()).isZero();
    assertThat(calibration.out()).contains("(lo, hi]", "ECE", "if calibrated", "95 %");
    Outcome detection = plumbline("analyze", "detection", "--csv", file(SCORES));
    assertThat(detection.out())
        .contains("8 in-distribution, 6 out-of-distribution (positive", "DeLong", "0.770833");
  }

  @Test
  void detection_has_the_reference_numbers() throws IOException {
    JsonNode json =
        plumbline(
                "analyze",
                "detection",
                "--csv",
                file(SCORES),
                "--threshold",
                "0.5",
                "--resamples",
                "100",
                "--json")
            .json();
    assertThat(json.path("n_in").asInt()).isEqualTo(8);
    assertThat(json.path("n_out").asInt()).isEqualTo(6);
    assertNumber(json, "auroc", 0.7708333333333334);
    assertNumber(json, "low", 0.4174754236075995);
    assertNumber(json, "high", 0.9404303278751496);
    assertNumber(json, "fpr95", 0.875);
    assertNumber(json, "average_precision", 0.7763278388278388);
    assertNumber(json.path("operating_point").path("false_reject"), "value", 0.375);
    assertNumber(json.path("operating_point").path("caught"), "value", 4 / 6.0);
    assertThat(json.path("bootstrap").path("auroc_low").asDouble()).isBetween(0.2, 0.77);
  }

  @Test
  void one_class_and_bad_rows_are_one_line_that_says_what_to_do() throws IOException {
    Outcome one = plumbline("analyze", "detection", "--csv", file("score,label\n1,0\n2,0\n"));
    assertThat(one.code()).isEqualTo(1);
    assertThat(one.err().lines()).hasSize(1);
    assertThat(one.err()).contains("one class only", "label 1");
    Outcome bad = plumbline("analyze", "calibration", "--csv", file("p,y\n0.5,1\n1.5,0\n"));
    assertThat(bad.code()).isEqualTo(1);
    assertThat(bad.err()).contains("x.csv:3: column 'p' must be a probability from 0 to 1");
    Outcome level =
        plumbline("analyze", "detection", "--csv", file(SCORES), "--level", "95", "--json");
    assertThat(level.err()).contains("--level 95.0 is no coverage");
    Outcome rule =
        plumbline("analyze", "calibration", "--csv", file(PREDICTIONS), "--rule", "height");
    assertThat(rule.code()).isEqualTo(2);
    Outcome bins = plumbline("analyze", "calibration", "--csv", file(PREDICTIONS), "--bins", "0");
    assertThat(bins.err()).contains("--bins 0 is too small");
  }
}
