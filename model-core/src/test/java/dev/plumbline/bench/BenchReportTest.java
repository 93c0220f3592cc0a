package dev.plumbline.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.data.UserError;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Statistics of rounds, and the report as people and scripts read it. */
final class BenchReportTest {
  private static final Measurement RATE =
      Measurement.of(
              "training",
              "13M",
              "rate",
              "1",
              Spread.of(List.of(0.5, 9.0, 0.7, 0.6, 0.65)),
              "a note")
          .against(Goal.atLeast(0.6));
  private static final BenchReport REPORT =
      new BenchReport(
          "2026-01-02T03:04:05Z",
          12.5,
          "2.7.1",
          "cpu",
          2,
          4,
          "Linux amd64",
          List.of(
              RATE,
              Measurement.of("ppo", "iteration", "share", "1", Spread.of(List.of(0.04)), "another")
                  .against(Goal.atMost(0.03)),
              Measurement.of(
                  "training", "13M", "throughput", "tokens/s", Spread.of(List.of(12345.6)), "")),
          List.of("how to read it"));

  @Test
  void the_median_stands_for_the_rounds_and_one_wild_round_does_not_move_it() {
    assertThat(Spread.of(List.of(0.5, 9.0, 0.7, 0.6, 0.65)))
        .isEqualTo(new Spread(0.65, 0.6, 0.7, 5));
    assertThat(Spread.of(List.of(1.0, 2.0)).median()).isEqualTo(1.5);
    assertThatThrownBy(() -> Spread.of(List.of())).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_goal_is_met_at_its_bound_and_never_by_what_is_no_number() {
    assertThat(Goal.atLeast(0.6).isMetBy(0.6)).isTrue();
    assertThat(Goal.atLeast(0.6).isMetBy(0.599)).isFalse();
    assertThat(Goal.atMost(0.03).isMetBy(0.03)).isTrue();
    assertThat(Goal.atMost(0.03).isMetBy(Double.NaN)).isFalse();
  }

  @Test
  void every_number_in_the_json_has_unit_n_and_what_became_of_its_goal() throws IOException {
    ObjectMapper mapper = BenchProcess.JSON;
    JsonNode json = mapper.readTree(mapper.writeValueAsBytes(REPORT));
    JsonNode rate = json.path("measurements").path(0);
    assertThat(rate.path("unit").asText()).isEqualTo("1");
    assertThat(rate.path("n").asInt()).isEqualTo(5);
    assertThat(rate.path("value").asDouble()).isEqualTo(0.65);
    assertThat(rate.path("low").asDouble()).isEqualTo(0.6);
    assertThat(rate.path("high").asDouble()).isEqualTo(0.7);
    assertThat(rate.path("goal").path("atLeast").asBoolean()).isTrue();
    assertThat(rate.path("goal").path("bound").asDouble()).isEqualTo(0.6);
    assertThat(rate.path("met").asBoolean()).isTrue();
    assertThat(json.path("measurements").path(1).path("met").asBoolean(true)).isFalse();
    assertThat(json.path("measurements").path(2).path("goal").isNull()).isTrue();
    assertThat(mapper.readValue(mapper.writeValueAsBytes(REPORT), BenchReport.class))
        .isEqualTo(REPORT);
  }

  @Test
  void the_table_has_the_same_numbers() {
    List<String> lines = REPORT.lines();
    assertThat(lines).hasSize(6);
    assertThat(lines.getFirst()).contains("Linux amd64, 4 cores, 2 threads");
    assertThat(lines.get(2))
        .contains("training 13M", "0.650", "0.600 - 0.700", "  5  ", ">= 0.600", "met");
    assertThat(lines.get(3)).contains("0.040", "<= 0.030", "MISSED");
    assertThat(lines.get(4)).contains("12,346").doesNotContain("met");
    assertThat(lines.getLast()).isEqualTo("how to read it");
  }

  @Test
  void settings_that_cannot_be_measured_are_refused_in_a_line() {
    assertThatThrownBy(() -> DecoderSize.parse(List.of("7B")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("'7B'")
        .hasMessageContaining("0.8M, 3M, 13M, 42M");
    assertThat(DecoderSize.parse(List.of("42m", " 3M")))
        .containsExactly(DecoderSize.LARGEST, DecoderSize.MIDDLE);
    assertThatThrownBy(
            () ->
                new BenchSettings(
                    List.of(BenchSettings.Part.MEMORY),
                    List.of(DecoderSize.SMALL),
                    0,
                    true,
                    0,
                    null))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("minutes");
  }

  @Test
  void the_slope_of_memory_is_that_of_the_least_squares_line() {
    // By hand: means 1 and 4, products 1 * 2 + 1 * 4 = 6 over squares 2.
    assertThat(
            MemoryBench.slope(new double[] {0, 1, 2}, new double[] {2, 2, 8}, new int[] {0, 1, 2}))
        .isEqualTo(3);
  }
}
