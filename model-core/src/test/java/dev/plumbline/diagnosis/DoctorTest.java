package dev.plumbline.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.device.CudaRuntime;
import dev.plumbline.device.DeviceChoice;
import dev.plumbline.device.Machine;
import dev.plumbline.diagnosis.Finding.Mark;
import dev.plumbline.experiment.WorkerLauncher;
import dev.plumbline.lm.LanguageModel;
import dev.plumbline.lm.Randomness;
import dev.plumbline.tokenizer.BpeTrainer;
import dev.plumbline.tokenizer.Tokenizer;
import dev.plumbline.torch.TorchRuntime;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examination of this machine, and of machines on which something is broken. */
final class DoctorTest {
  private static final WorkerLauncher LAUNCHER =
      new WorkerLauncher(
          "unused",
          System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
          DeviceChoice.CPU);

  @TempDir private Path folder;

  @Test
  void all_known_answers_are_found_on_the_processor_in_a_process_of_its_own() {
    SelfTestProcess.Outcome outcome = new SelfTestProcess(LAUNCHER).run(DeviceChoice.CPU);
    assertThat(outcome.failure()).isEmpty();
    assertThat(outcome.answers())
        .extracting(KnownAnswer::name)
        .containsExactly(
            "Tokenizer round trip",
            "Decoder logits",
            "Decoder gradients",
            "Seeded sampling",
            "AdamW step",
            "Advantages (GAE)");
    assertThat(outcome.answers()).allMatch(KnownAnswer::passed);
    assertThat(outcome.facts()).containsEntry("libtorch", "2.7.1").containsKey("natives");
    assertThat(Doctor.answers(DeviceChoice.CPU, outcome))
        .extracting(Finding::mark)
        .doesNotContain(Mark.FAIL, Mark.WARN);
  }

  /** By whole forward passes, and the cumulative distribution in Java's own float64. */
  @Test
  void the_stored_tokens_are_those_of_the_inverse_cumulative_distribution() throws IOException {
    for (String file : List.of("config.json", "model.safetensors")) {
      try (InputStream in =
          Objects.requireNonNull(SelfTest.class.getResourceAsStream("known/" + file))) {
        Files.copy(in, folder.resolve(file));
      }
    }
    BpeTrainer.train(List.of("a b c"), 260, Tokenizer.SPECIALS)
        .save(folder.resolve("tokenizer.json"));
    try (TorchRuntime runtime = TorchRuntime.start(1);
        LanguageModel model = LanguageModel.load(runtime, folder)) {
      int[] tokens = SelfTest.SEQUENCES.getFirst();
      for (int t = 0; t < SelfTest.SAMPLED.length; t++) {
        float[] logits = model.nextLogits(List.of(tokens)).getFirst();
        double[] weights = new double[logits.length];
        for (int v = 0; v < logits.length; v++) {
          weights[v] = Math.exp(logits[v] / 0.8);
        }
        double drawn = Randomness.uniform(99, 0, t) * Arrays.stream(weights).sum();
        int token = 0;
        for (double sum = weights[0]; sum <= drawn; sum += weights[token]) {
          token++;
        }
        assertThat(token).as("token %d", t).isEqualTo(SelfTest.SAMPLED[t]);
        tokens = Arrays.copyOf(tokens, tokens.length + 1);
        tokens[tokens.length - 1] = token;
      }
    }
  }

  @Test
  void a_crash_a_torn_line_and_an_early_end_are_one_line_each() {
    String torn = "@plumbline {\"fact\":\"libtorch\",\"val\n# A fatal error has been detected\n";
    assertThat(SelfTestProcess.read(torn, 134).failure())
        .isEqualTo("the native library crashed (signal 6)");
    assertThat(SelfTestProcess.read("", 139).failure()).contains("signal 11");
    assertThat(SelfTestProcess.read("", 137).failure()).contains("want of memory");
    assertThat(SelfTestProcess.read("", 0).failure())
        .isEqualTo("it ended early, after 0 of 6 answers");
    WorkerLauncher nowhere =
        new WorkerLauncher("unused", folder.resolve("none").toString(), DeviceChoice.CPU);
    SelfTestProcess.Outcome outcome = new SelfTestProcess(nowhere).run(DeviceChoice.CPU);
    assertThat(outcome.failure()).isEqualTo("it ended early, after 0 of 6 answers");
    assertThat(Doctor.answers(DeviceChoice.CPU, outcome).getLast().mark()).isEqualTo(Mark.FAIL);
  }

  @Test
  void a_wrong_answer_fails_and_so_does_none_at_all() {
    assertThat(new KnownAnswer("a", "1", "2", 1, 1e-3).passed()).isFalse();
    assertThat(new KnownAnswer("a", "1", "NaN", Double.NaN, 1e-3).passed()).isFalse();
    Finding finding =
        Doctor.answers(
                DeviceChoice.cuda(0),
                new SelfTestProcess.Outcome(
                    List.of(new KnownAnswer("AdamW step", "0.95", "0.99", 0.04, 1e-6)),
                    Map.of(),
                    ""))
            .getFirst();
    assertThat(finding.mark()).isEqualTo(Mark.FAIL);
    assertThat(finding.value())
        .isEqualTo("expected 0.95, found 0.99; error 4.0e-02, at most 1e-06");
    assertThat(finding.advice()).startsWith("cuda:0 computes wrongly");
  }

  @Test
  void an_examination_without_computing_looks_at_everything_and_tells_how_far_it_is() {
    List<String> parts = new ArrayList<>();
    DiagnosisReport report =
        new Doctor("1.2.3", folder, LAUNCHER, Clock.systemUTC())
            .examine(false, (done, total, part) -> parts.add(part));
    assertThat(report.failures()).isEmpty();
    assertThat(report.sections())
        .extracting(DiagnosisReport.Section::title)
        .containsExactly("Software", "Processor and memory", "GPU", "Disk");
    assertThat(parts).containsExactly("Machine", "");
    assertThat(report.text()).contains("Plumbline 1.2.3").contains("Java");
  }

  @Test
  void an_interrupt_ends_the_examination() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(
            () ->
                new Doctor("1", folder, LAUNCHER, Clock.systemUTC())
                    .examine(true, (done, total, part) -> {}))
        .isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void a_folder_that_is_not_there_is_judged_by_the_one_above_it() {
    Finding finding = Doctor.writable("Workspace", folder.resolve("a/b"), 1, "why");
    assertThat(finding.mark()).isEqualTo(Mark.PASS);
    assertThat(finding.value()).contains("not there yet");
    assertThat(Doctor.writable("Workspace", folder, Long.MAX_VALUE, "why").advice())
        .isEqualTo("why");
  }

  @Test
  void a_gpu_that_cannot_be_used_says_why() {
    Machine machine = Machine.look();
    assertThat(Doctor.gpu(machine)).isNotEmpty();
    Machine incomplete =
        new Machine(
            machine.system(),
            machine.cudaPlatform(),
            false,
            machine.nvidia(),
            List.of(),
            List.of(
                new CudaRuntime.Place(
                    CudaRuntime.Source.ENVIRONMENT, folder, "missing or cut short: libtorch.so")));
    if (machine.cudaPlatform().isPresent()) {
      assertThat(Doctor.gpu(incomplete))
          .anySatisfy(
              finding -> {
                assertThat(finding.mark()).isEqualTo(Mark.WARN);
                assertThat(finding.value()).contains("libtorch.so");
              });
    }
  }

  @Test
  void the_text_for_a_bug_report_has_no_name_of_a_user() {
    String home = System.getProperty("user.home");
    DiagnosisReport report =
        new DiagnosisReport(
            "1",
            Instant.parse("2026-01-02T03:04:05.678Z"),
            List.of(
                new DiagnosisReport.Section(
                    "Disk",
                    List.of(
                        Finding.pass("Workspace", home + "/runs"),
                        Finding.fail("Cache", "gone", "make one")))));
    assertThat(report.text())
        .isEqualTo(
            """
            Plumbline 1, 2026-01-02T03:04:05Z

            Disk
            ok    Workspace  ~/runs
            FAIL  Cache      gone; make one
            """);
    assertThat(DiagnosisReport.withoutHome("/srv/x", "/")).isEqualTo("/srv/x");
    assertThat(report.sections().getFirst().worst()).isEqualTo(Mark.FAIL);
  }
}
