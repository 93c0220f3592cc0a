package dev.plumbline.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.app.diagnostics.Care;
import dev.plumbline.app.diagnostics.DiagnosticsView;
import dev.plumbline.app.diagnostics.DiagnosticsViewModel;
import dev.plumbline.app.shell.DialogService;
import dev.plumbline.app.shell.Job;
import dev.plumbline.app.shell.Settings;
import dev.plumbline.app.shell.ShellViewModel;
import dev.plumbline.app.shell.Tasks;
import dev.plumbline.app.shell.UncaughtErrors;
import dev.plumbline.app.shell.Words;
import dev.plumbline.app.testing.Fx;
import dev.plumbline.data.UserError;
import dev.plumbline.device.CudaRuntimeInstaller;
import dev.plumbline.diagnosis.DiagnosisReport;
import dev.plumbline.diagnosis.Doctor;
import dev.plumbline.diagnosis.Finding;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The diagnostics page over a machine that the test plays. */
final class DiagnosticsTest {
  private static final CudaRuntimeInstaller.Plan PLAN =
      new CudaRuntimeInstaller.Plan(
          "example.org",
          Path.of("cuda"),
          List.of(),
          2_600_000_000L,
          6_100_000_000L,
          90_000_000_000L);

  private final List<String> done = Collections.synchronizedList(new ArrayList<>());
  private final List<String> asked = new ArrayList<>();
  private final List<String> copied = new ArrayList<>();
  private final CountDownLatch hold = new CountDownLatch(1);
  private volatile boolean holds;
  private volatile boolean broken;
  private boolean yes = true;
  private ShellViewModel shell;
  private Tasks tasks;
  private DiagnosticsViewModel model;

  @BeforeEach
  void start() {
    Fx.start();
    shell = new ShellViewModel();
    tasks = new Tasks(shell);
    model =
        new DiagnosticsViewModel(
            new Machine(), tasks, new Dialogs(), copied::add, () -> done.add("open"));
  }

  @AfterEach
  void stop() {
    tasks.close();
  }

  private void settle() {
    Fx.await("no task goes on", () -> shell.jobs().get().isEmpty());
  }

  @Test
  void the_page_looks_when_it_is_shown_and_computes_only_when_asked() {
    Fx.run(() -> new DiagnosticsView(model, shell.stalls()).shown());
    settle();
    assertThat(done).containsExactly("look");
    assertThat(model.state().get().tested()).isFalse();
    Fx.run(model::test);
    settle();
    assertThat(done).containsExactly("look", "test");
    assertThat(model.state().get().tested()).isTrue();
    Fx.run(model::copy);
    assertThat(copied).singleElement().asString().contains("warn  Memory").contains("close");
  }

  @Test
  void a_test_is_a_job_with_its_part_and_ends_when_it_is_cancelled() {
    holds = true;
    Fx.run(model::test);
    Fx.await(
        "the job tells its part",
        () -> shell.jobs().get().stream().anyMatch(job -> job.detail().equals("cpu")));
    Job job = shell.jobs().get().getFirst();
    assertThat(job.kind()).isEqualTo(Job.Kind.TASK);
    assertThat(job.fraction()).isEqualTo(0.5);
    assertThat(model.state().get().testing()).isTrue();
    Fx.run(() -> job.stop().run());
    settle();
    assertThat(model.state().get().testing()).isFalse();
    assertThat(model.state().get().problem()).isEmpty();
    assertThat(done).doesNotContain("test");
  }

  @Test
  void nothing_is_downloaded_before_the_size_was_shown_and_agreed_to() {
    yes = false;
    Fx.run(model::install);
    settle();
    assertThat(asked).singleElement().asString().contains("2.6 GB", "example.org", "6.1 GB");
    assertThat(done).containsExactly("plan");
    assertThat(model.state().get().installing()).isFalse();
    yes = true;
    Fx.run(model::install);
    Fx.await("it is installed and looked at", () -> done.contains("look"));
    settle();
    assertThat(done).containsExactly("plan", "plan", "install", "look");
  }

  @Test
  void a_server_that_fails_is_one_line_on_the_page() {
    broken = true;
    Fx.run(model::install);
    settle();
    assertThat(model.state().get().problem()).isEqualTo("the server is gone");
    assertThat(asked).isEmpty();
  }

  @Test
  void a_chosen_folder_is_used() {
    Fx.run(model::choose);
    Fx.await("it is looked at", () -> done.contains("look"));
    settle();
    assertThat(done).containsExactly("use", "look");
  }

  @Test
  void words_lead_back_to_their_value() {
    Words<Integer> words = Words.of(() -> List.of(1, 2), value -> "number " + value);
    assertThat(words.toString(2)).isEqualTo("number 2");
    assertThat(words.fromString("number 2")).isEqualTo(2);
    assertThat(words.fromString("else")).isNull();
  }

  @Test
  void the_device_is_remembered() {
    assertThat(Settings.defaults().deviceOrAuto()).isEqualTo("auto");
    assertThat(Settings.defaults().withDevice("cuda:1").withScale(125).deviceOrAuto())
        .isEqualTo("cuda:1");
  }

  private final class Machine implements Care {
    @Override
    public DiagnosisReport examine(boolean test, Doctor.Progress progress) {
      if (test) {
        progress.at(1, 2, "cpu");
      }
      try {
        if (holds) {
          hold.await();
        }
      } catch (InterruptedException e) {
        throw new CancellationException("cancelled");
      }
      done.add(test ? "test" : "look");
      return new DiagnosisReport(
          "1",
          Instant.EPOCH,
          List.of(
              new DiagnosisReport.Section(
                  "GPU", List.of(new Finding("Memory", "1 GB", Finding.Mark.WARN, "close")))));
    }

    @Override
    public boolean canInstall() {
      return true;
    }

    @Override
    public CudaRuntimeInstaller.Plan plan(CudaRuntimeInstaller.Watcher watcher) {
      if (broken) {
        throw new UserError("the server is gone");
      }
      done.add("plan");
      return PLAN;
    }

    @Override
    public void install(CudaRuntimeInstaller.Plan plan, CudaRuntimeInstaller.Watcher watcher) {
      done.add("install");
    }

    @Override
    public void use(Path folder) {
      done.add("use");
    }
  }

  private final class Dialogs implements DialogService {
    @Override
    public Optional<Path> askSaveFile(
        String title, String suggestedName, String kind, String extension) {
      return Optional.empty();
    }

    @Override
    public Optional<Path> askOpenFile(
        String title, Path from, String kind, List<String> extensions) {
      return Optional.empty();
    }

    @Override
    public Optional<Path> askDirectory(String title, Path from) {
      return Optional.of(from);
    }

    @Override
    public Optional<Path> askNewDirectory(String title, Path from, String suggestedName) {
      return Optional.empty();
    }

    @Override
    public boolean confirm(String title, String text, String act) {
      asked.add(text);
      return yes;
    }

    @Override
    public void error(UncaughtErrors.Report report) {
      throw new AssertionError(report.message());
    }

    @Override
    public void copy(String text) {
      copied.add(text);
    }
  }
}
