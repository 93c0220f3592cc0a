package dev.plumbline.sampledata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.experiment.ExperimentSpec;
import dev.plumbline.experiment.SpecWarning;
import dev.plumbline.experiment.SpecWarnings;
import dev.plumbline.experiment.StudyPlan;
import dev.plumbline.study.StudyReports;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReadyStudiesTest {
  @TempDir Path directory;

  @Test
  void each_ready_study_can_be_read_and_has_its_analysis() {
    List<StudyPlan.About> studies = ReadyStudies.list();
    assertThat(studies).extracting(StudyPlan.About::name).doesNotHaveDuplicates().isNotEmpty();
    for (StudyPlan.About about : studies) {
      Path file = ReadyStudies.install(directory, about.name()).orElseThrow();
      StudyPlan plan = StudyPlan.read(file, Map.of());
      assertThat(plan.about()).isEqualTo(about);
      assertThat(about.title()).isNotBlank();
      assertThat(StudyReports.analyses()).contains(about.analysis());
      Set<String> before = new HashSet<>();
      for (StudyPlan.Member member : plan.members()) {
        assertThat(before).containsAll(member.after());
        before.add(member.spec().name());
      }
    }
    assertThat(ReadyStudies.install(directory, "no such study")).isEmpty();
  }

  /** What is shipped is an example: a warning on it would be wrong, or the example would. */
  @Test
  void shippedSpecsTakeNoRisksButThoseThatTheyAreAbout() {
    SampleWorkspace.Installed set = SampleWorkspace.install(directory);
    for (Path spec :
        List.of(set.baseSpec(), set.pretrainingSpec(), set.preferenceSpec(), set.policySpec())) {
      assertThat(SpecWarnings.of(ExperimentSpec.read(spec), directory)).as("%s", spec).isEmpty();
    }
    Map<String, Set<String>> risks = new TreeMap<>();
    for (StudyPlan.About about : ReadyStudies.list()) {
      Path file = ReadyStudies.install(directory, about.name()).orElseThrow();
      for (StudyPlan.Member member : StudyPlan.read(file, Map.of()).members()) {
        for (SpecWarning warning : SpecWarnings.of(member.spec(), directory)) {
          risks.computeIfAbsent(about.name(), _ -> new TreeSet<>()).add(warning.path());
        }
      }
    }
    // One weighs the parts of a mixture, the other takes the KL away: that is what they are about.
    assertThat(risks)
        .isEqualTo(
            Map.of(
                "mixture", Set.of("preference.data"),
                "overoptimisation", Set.of("rlhf.lambda_kl")));
  }
}
