package dev.plumbline.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.data.UserError;
import dev.plumbline.training.PreferenceSettings;
import dev.plumbline.training.PretrainingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StudyReaderTest {
  private static final String GRID =
      """
      name: scaling
      title: a grid
      figures: "7, 31"
      minutes: 2.5
      settings: {TEXT: text.jsonl, STEPS: 40}
      axes:
        size:
          tiny: {LAYERS: 1, WIDTH: 32}
          small: {LAYERS: 2, WIDTH: 64, STEPS: 80}
        data: [500, 1000]
        seed: [1, 2, 3]
      runs:
        - role: pm
          over: [size, data, seed]
          where: {data: 1000}
          spec:
            seed: "${seed}"
            preference:
              base: run:base
              data: ["pairs.jsonl"]
              max_comparisons: "${data}"
        - role: base
          over: size
          spec:
            pretraining:
              data: ["${TEXT}"]
              steps: "${STEPS}"
              model: {layers: "${LAYERS}", d_model: "${WIDTH}"}
      analysis: some-analysis
      """;

  @TempDir Path directory;

  private Path study(String text) throws IOException {
    return Files.writeString(directory.resolve("study.yaml"), text);
  }

  private StudyPlan plan(String text) throws IOException {
    return StudyPlan.read(study(text), Map.of());
  }

  private void refused(String text, String message) throws IOException {
    Path file = study(text);
    assertThatThrownBy(() -> StudyPlan.read(file, Map.of()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(message)
        .satisfies(error -> assertThat(String.valueOf(error.getMessage()).lines()).hasSize(1));
  }

  @Test
  void a_grid_is_the_product_of_its_axes_and_each_run_stands_behind_what_it_builds_on()
      throws IOException {
    StudyPlan plan = plan(GRID);
    assertThat(plan.about())
        .isEqualTo(new StudyPlan.About("scaling", "a grid", "7, 31", 2.5, "some-analysis"));
    // 2 sizes of the base; 2 sizes x 1 of the data x 3 seeds of the preference model. The base
    // stands second in the file and first in the plan.
    assertThat(plan.members())
        .extracting(member -> member.spec().name())
        .containsExactly(
            "base-tiny",
            "base-small",
            "pm-tiny-data1000-seed1",
            "pm-tiny-data1000-seed2",
            "pm-tiny-data1000-seed3",
            "pm-small-data1000-seed1",
            "pm-small-data1000-seed2",
            "pm-small-data1000-seed3");
    StudyPlan.Member last = plan.members().getLast();
    assertThat(last.role()).isEqualTo("pm");
    assertThat(last.levels())
        .containsExactly(
            Map.entry("size", "small"), Map.entry("data", "1000"), Map.entry("seed", "3"));
    assertThat(last.after()).containsExactly("base-small");
    assertThat(last.spec().seed()).isEqualTo(3);
    assertThat(last.spec().tags()).containsExactly("scaling");
    PreferenceSettings preference = (PreferenceSettings) last.spec().settings();
    assertThat(preference.base()).isEqualTo("run:base-small");
    assertThat(preference.maxComparisons()).isEqualTo(1000);
    assertThat(preference.data().getFirst().files())
        .containsExactly(directory.resolve("pairs.jsonl").toString());
    PretrainingSettings tiny = (PretrainingSettings) plan.members().get(0).spec().settings();
    PretrainingSettings small = (PretrainingSettings) plan.members().get(1).spec().settings();
    assertThat(tiny.steps()).as("the setting").isEqualTo(40);
    assertThat(small.steps()).as("a level overrides the setting").isEqualTo(80);
    assertThat(small.model().dModel()).isEqualTo(64);
  }

  @Test
  void values_from_outside_fill_settings_and_choose_levels() throws IOException {
    Path file = study(GRID);
    StudyPlan plan =
        StudyPlan.read(file, Map.of("STEPS", "7", "size", "tiny", "data", "1000", "seed", "9,10"));
    assertThat(plan.members())
        .extracting(member -> member.spec().name())
        .containsExactly("base-tiny", "pm-tiny-data1000-seed9", "pm-tiny-data1000-seed10");
    assertThat(((PretrainingSettings) plan.members().getFirst().spec().settings()).steps())
        .isEqualTo(7);
    assertThat(plan.hash()).isNotEqualTo(StudyPlan.read(file, Map.of()).hash());
    assertThat(StudyPlan.read(file, Map.of()).hash())
        .isEqualTo(StudyPlan.read(file, Map.of()).hash());
    assertThatThrownBy(() -> StudyPlan.read(file, Map.of("size", "huge")))
        .isInstanceOf(UserError.class)
        .hasMessage("--set size=huge: 'huge' is no level; they are tiny, small");
    assertThatThrownBy(() -> StudyPlan.read(file, Map.of("STEP", "7")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("asks for no value of 'STEP'; it asks for ");
  }

  @Test
  void lists_and_groups_can_be_given_from_outside() throws IOException {
    StudyPlan plan =
        StudyPlan.read(
            study(GRID),
            Map.of(
                "TEXT", "[a.jsonl, b.jsonl]",
                "size", "{large: {LAYERS: 3, WIDTH: 96}}",
                "seed", "[7]"));
    assertThat(plan.members())
        .extracting(member -> member.spec().name())
        .containsExactly("base-large", "pm-large-data1000-seed7");
    PretrainingSettings base = (PretrainingSettings) plan.members().getFirst().spec().settings();
    assertThat(base.model().dModel()).isEqualTo(96);
    assertThat(base.data())
        .as("a list as an item of a list becomes its items")
        .containsExactly(
            directory.resolve("a.jsonl").toString(), directory.resolve("b.jsonl").toString());
    assertThatThrownBy(() -> StudyPlan.read(study(GRID), Map.of("TEXT", "[a.jsonl")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("--set TEXT:1:");
  }

  @Test
  void a_placeholder_can_stand_for_a_list_and_a_reference_can_name_levels() throws IOException {
    StudyPlan plan =
        plan(
            """
            settings: {other: -1}
            axes:
              mix: {one: [a.jsonl], two: [a.jsonl, b.jsonl]}
              seed: [1, 2]
            runs:
              - role: text
                over: [mix, seed]
                spec: {seed: "${seed}", pretraining: {data: "${mix}"}}
              - role: last
                spec:
                  preference:
                    base: "run:text[mix=two, seed=1]@30"
                    data: ["c${other}.jsonl"]
            """);
    assertThat(((PretrainingSettings) plan.members().get(3).spec().settings()).data())
        .containsExactly(
            directory.resolve("a.jsonl").toString(), directory.resolve("b.jsonl").toString());
    PreferenceSettings last = (PreferenceSettings) plan.members().getLast().spec().settings();
    assertThat(last.base()).isEqualTo("run:text-two-seed1@30");
    assertThat(last.data().getFirst().files())
        .containsExactly(directory.resolve("c-1.jsonl").toString());
    assertThat(plan.members().getLast().after()).containsExactly("text-two-seed1");
  }

  @Test
  void all_runs_of_a_role_are_meant_by_a_star() {
    StudyReferences references =
        new StudyReferences(
            Path.of("s.yaml"),
            Map.of("size", "tiny"),
            role ->
                role.equals("pm")
                    ? Optional.of(
                        new StudyReferences.Target(
                            Map.of("size", List.of("tiny", "small"), "seed", List.of("1", "2")),
                            new LinkedHashMap<>(
                                Map.of(
                                    Map.of("size", "tiny", "seed", "1"), "pm-tiny-1",
                                    Map.of("size", "small", "seed", "1"), "pm-small-1"))))
                    : Optional.empty());
    SpecNode text = new SpecNode.Scalar(4, SpecNode.Kind.TEXT, "run:pm[seed=*]");
    SpecNode resolved = references.resolve(new SpecNode.Items(4, List.of(text)));
    assertThat(((SpecNode.Items) resolved).items())
        .containsExactly(new SpecNode.Scalar(4, SpecNode.Kind.TEXT, "run:pm-tiny-1"));
    assertThat(references.matching()).containsExactly("size");
    SpecNode outside = new SpecNode.Scalar(4, SpecNode.Kind.TEXT, "run:elsewhere@7");
    assertThat(references.resolve(outside)).isEqualTo(outside);
  }

  @Test
  void a_list_of_specs_goes_one_after_the_other() throws IOException {
    for (String name : List.of("a", "b")) {
      Files.writeString(
          directory.resolve(name + ".yaml"),
          "pretraining: {data: [text.jsonl], steps: \"${STEPS:-5}\"}\n");
    }
    StudyPlan plan = plan("- a.yaml\n- b.yaml\n");
    assertThat(plan.about().name()).isEqualTo("study");
    assertThat(plan.members().get(1).after()).containsExactly("a");
    assertThat(plan.members().get(1).role()).isEqualTo("b");
    StudyPlan named =
        StudyPlan.read(study("name: n\nspecs: [a.yaml, b.yaml]\n"), Map.of("STEPS", "6"));
    assertThat(named.about().name()).isEqualTo("n");
    assertThat(((PretrainingSettings) named.members().getLast().spec().settings()).steps())
        .isEqualTo(6);
  }

  @Test
  void what_is_wrong_is_one_line_with_its_place() throws IOException {
    refused(GRID.replace("axes:", "axis:"), "study.yaml:6: unknown key 'axis' in a study; did you");
    refused(
        GRID.replace("STEPS: 40", "STEPS: 40, STEPZ: 1"), ":5: settings: no run asks for ${STEPZ}");
    refused(
        GRID.replace("data: [500, 1000]", "data: [500, 500]"),
        ":10: axis 'data': level 500 stands");
    refused(GRID.replace("data: [500, 1000]", "data: 500"), ":10: axis 'data': a list of levels");
    refused(
        GRID.replace("where: {data: 1000}", "where: {data: 7}"), ":15: where: axis 'data' has no");
    refused(
        GRID.replace("over: size", "over: width"), ":23: over: no axis 'width'; the axes are size");
    refused(GRID.replace("- role: base", "- role: pm"), ":22: a second role 'pm'");
    refused(GRID.replace("max_comparisons: \"${data}\"", "epochs: 1"), "role 'pm' is over 'data'");
    refused(
        GRID.replace("d_model: \"${WIDTH}\"", "d_model: \"${WIDE}\""), ":28: ${WIDE} has no value");
    refused(
        GRID.replace("base: run:base", "base: run:base[width=1]"),
        ":19: 'run:base[width=1]': 'width=1'");
    refused(
        GRID.replace("base: run:base", "base: run:base[size=huge]"),
        "axis 'size' has no level 'huge'; it has tiny, small");
    refused(
        GRID.replace("seed: [1, 2, 3]", "seed: [1, 2, 3]\n  more: [1, 2]"), "axis 'more': no run");
    refused(GRID + "specs: [a.yaml]\n", "'specs' beside 'runs'");
    refused("name: x\n", "a study needs 'runs', or 'specs'");
    refused(
        GRID.replace("seed: \"${seed}\"\n      preference", "name: q\n      preference"),
        "name: runs of a grid are named");
  }

  @Test
  void a_reference_that_could_be_several_runs_is_refused() throws IOException {
    refused(
        """
        axes: {size: {a: {L: 1}, b: {L: 2}}, seed: [1, 2]}
        runs:
          - role: base
            over: [size]
            spec: {pretraining: {data: [t.jsonl], model: {layers: "${L}"}}}
          - role: pm
            over: [seed]
            spec: {seed: "${seed}", preference: {base: "run:base", data: [p.jsonl]}}
        """,
        ":8: 'run:base' could be any of 2 runs, because 'base' is over 'size' too; say which:"
            + " run:base[size=a]");
  }

  @Test
  void runs_that_wait_for_each_other_are_refused() throws IOException {
    refused(
        """
        runs:
          - role: one
            spec: {preference: {base: "run:two", data: [p.jsonl]}}
          - role: two
            spec: {preference: {base: "run:one", data: [p.jsonl]}}
        """,
        ":1: these runs wait for each other: one for two, two for one; take one reference out");
  }

  @Test
  void the_record_of_a_study_says_what_each_run_is() throws IOException {
    Files.writeString(directory.resolve("text.jsonl"), "{\"text\": \"x\"}\n");
    Files.writeString(directory.resolve("pairs.jsonl"), "{}\n");
    Runs runs = new Runs(directory.resolve("w"));
    Study study = Study.create(runs, study(GRID));
    Study read = Study.read(study.directory());
    assertThat(read).isEqualTo(study);
    assertThat(read.about().minutes()).isEqualTo(2.5);
    StudyMember last = read.plannedRuns().getLast();
    assertThat(last.label()).isEqualTo("pm, size=small, data=1000, seed=3");
    assertThat(last.after()).containsExactly(read.plannedRuns().get(1).run());
    PreferenceSettings waits = (PreferenceSettings) read.run(last).spec().spec().settings();
    assertThat(waits.base()).isEqualTo("run:" + read.plannedRuns().get(1).run());
    assertThat(read.isSequence()).isFalse();
  }

  @Test
  void aPlaceInThePaperIsCalledAFigureWhereItIsOne() {
    assertThat(StudyPlan.About.place("14")).isEqualTo("figure 14");
    assertThat(StudyPlan.About.place("7, 31, 32")).isEqualTo("figures 7, 31, 32");
    assertThat(StudyPlan.About.place("appendix A.2")).isEqualTo("appendix A.2");
    assertThat(StudyPlan.About.place("")).isEmpty();
  }
}
