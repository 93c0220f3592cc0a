package dev.plumbline.sampledata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.experiment.StudyPlan;
import dev.plumbline.study.StudyReports;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
}
