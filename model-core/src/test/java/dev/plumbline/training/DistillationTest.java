package dev.plumbline.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.data.UserError;
import dev.plumbline.lm.DecoderConfig;
import dev.plumbline.lm.LanguageModel;
import dev.plumbline.lm.TokenBatch;
import dev.plumbline.tokenizer.BpeTrainer;
import dev.plumbline.tokenizer.Tokenizer;
import dev.plumbline.torch.Program;
import dev.plumbline.torch.Scope;
import dev.plumbline.torch.Tensor;
import dev.plumbline.torch.TorchRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DistillationTest {
  @TempDir Path directory;
  private TorchRuntime runtime;
  private TinyWorld world;

  @BeforeEach
  void start() throws IOException {
    runtime = TorchRuntime.start(1);
    world = new TinyWorld(directory, runtime);
  }

  @AfterEach
  void stop() {
    runtime.close();
  }

  private DistillationSettings settings(Path student, int topK, int steps, double rate) {
    DistillationSettings s = world.distillation();
    return new DistillationSettings(
        s.teacher(),
        student.toString(),
        s.prompt(),
        s.data(),
        topK,
        s.contextTokens(),
        s.batchSize(),
        steps,
        rate,
        0,
        0,
        1,
        s.heldOutFraction(),
        steps,
        0,
        s.trainer());
  }

  private Map<String, Double> run(DistillationSettings settings, String name, long step) {
    RecordingListener listener = new RecordingListener();
    RunState state =
        StageRunner.run(
            settings, 3, directory.resolve(name), null, listener, new ScriptedControls(), runtime);
    assertThat(state).as(listener.detail).isEqualTo(RunState.FINISHED);
    return listener.metrics.getOrDefault(step, Map.of());
  }

  /** The teacher with the prompt against itself with the prompt: the same numbers twice. */
  @Test
  void thePromptedTeacherIsAtNoDistanceFromItself() {
    try (LanguageModel teacher = LanguageModel.load(runtime, world.base);
        Scope _ = runtime.scope()) {
      Program program = teacher.program();
      int[] prompted = teacher.tokenizer().encodeWithBos("\n\nHuman: Say it.\n\nHuman: A cat?");
      TokenBatch batch = TokenBatch.after(runtime, List.of(prompted), new int[] {6}, true);
      for (int k : new int[] {1, 50, 250}) {
        List<Tensor> answer = teacherTop(program, teacher, batch, k);
        List<Tensor> found = losses(program, teacher, batch, answer);
        for (double loss : found.getFirst().toDoubles()) {
          assertThat(loss).isEqualTo(0, within(1e-6));
        }
        assertThat(found.getLast().toDoubles()).containsOnly(1);
      }
    }
  }

  private static List<Tensor> teacherTop(
      Program program, LanguageModel model, TokenBatch batch, int k) {
    return program.call(
        "teacher_top",
        model.parameters(),
        batch.x(),
        batch.at(),
        k,
        model.config().vocabularySize());
  }

  private static List<Tensor> losses(
      Program program, LanguageModel model, TokenBatch batch, List<Tensor> answer) {
    return program.call(
        "distillation_losses",
        model.parameters(),
        batch.x(),
        batch.at(),
        answer.get(0),
        answer.get(1),
        answer.get(2));
  }

  /** Against the sum over the whole distributions, computed here from both models' logits. */
  @Test
  void theDivergenceIsTheSumByHand() {
    try (LanguageModel teacher = LanguageModel.load(runtime, world.base);
        LanguageModel student =
            LanguageModel.initialise(runtime, teacher.config(), teacher.tokenizer(), 77);
        Scope _ = runtime.scope()) {
      int[] text = teacher.tokenizer().encodeWithBos("\n\nHuman: A cat?");
      TokenBatch batch =
          TokenBatch.after(runtime, List.of(text), new int[] {text.length - 1}, false);
      double[] p = softmax(teacher.nextLogits(List.of(text)).getFirst());
      double[] q = softmax(student.nextLogits(List.of(text)).getFirst());
      int k = 5;
      List<Tensor> answer = teacherTop(teacher.program(), teacher, batch, k);
      double expected = 0;
      double restP = 1;
      double restQ = 1;
      for (long id : answer.getFirst().toLongs()) {
        expected += p[(int) id] * Math.log(p[(int) id] / q[(int) id]);
        restP -= p[(int) id];
        restQ -= q[(int) id];
      }
      expected += restP * Math.log(restP / restQ);
      double loss = losses(student.program(), student, batch, answer).getFirst().toDoubles()[0];
      assertThat(loss).isCloseTo(expected, within(1e-5));
      assertThat(Math.exp(answer.getLast().toDoubles()[0])).isCloseTo(restP, within(1e-5));
    }
  }

  private static double[] softmax(float[] logits) {
    double most = 0;
    for (float logit : logits) {
      most = Math.max(most, logit);
    }
    double[] found = new double[logits.length];
    double sum = 0;
    for (int i = 0; i < found.length; i++) {
      found[i] = Math.exp(logits[i] - most);
      sum += found[i];
    }
    for (int i = 0; i < found.length; i++) {
      found[i] /= sum;
    }
    return found;
  }

  /**
   * A teacher so sure that everything but its first tokens is zero in float32: 1 minus a sum would
   * be 0 or less there. The loss stays finite, its gradients too, and the teacher is still at no
   * distance from itself.
   */
  @Test
  void aRemainderOfNothingIsNoTrouble() {
    try (LanguageModel sure = LanguageModel.load(runtime, world.base);
        LanguageModel student = LanguageModel.load(runtime, world.base);
        Scope _ = runtime.scope()) {
      // The output is the embedding: three thousand times as large, logits are thousands apart.
      Tensor embedding = sure.parameters().getFirst();
      float[] values = embedding.toFloats();
      for (int i = 0; i < values.length; i++) {
        values[i] *= 3000;
      }
      embedding.set(values);
      int[] text = sure.tokenizer().encodeWithBos("\n\nHuman: A cat?");
      TokenBatch batch = TokenBatch.after(runtime, List.of(text), new int[] {0}, false);
      List<Tensor> answer = teacherTop(sure.program(), sure, batch, 8);
      double[] remainder = answer.getLast().toDoubles();
      assertThat((float) Math.exp(remainder[remainder.length - 1])).isZero();
      for (double loss : losses(sure.program(), sure, batch, answer).getFirst().toDoubles()) {
        assertThat(loss).isEqualTo(0, within(1e-6));
      }
      List<Tensor> gradients =
          student.parameters().stream().map(p -> runtime.zeros(p.shape())).toList();
      double loss =
          student
              .program()
              .gradients(
                  "distillation_loss",
                  student.parameters(),
                  gradients,
                  batch.x(),
                  batch.at(),
                  answer.get(0),
                  answer.get(1),
                  answer.get(2))
              .loss();
      assertThat(loss).isFinite().isGreaterThan(0.1);
      for (Tensor gradient : gradients) {
        for (double value : gradient.toDoubles()) {
          assertThat(value).isFinite();
        }
      }
    }
  }

  /** The prompt's rows are shared in a batch; each text alone gives the same. */
  @Test
  void sharedRowsOfThePromptChangeNothing() {
    try (LanguageModel teacher = LanguageModel.load(runtime, world.base);
        Scope _ = runtime.scope()) {
      Program program = teacher.program();
      List<int[]> texts =
          List.of(
              teacher.tokenizer().encodeWithBos("\n\nHuman: Say it.\n\nHuman: A cat?"),
              teacher.tokenizer().encodeWithBos("\n\nHuman: Say it.\n\nHuman: Two red dogs!"),
              teacher.tokenizer().encodeWithBos("\n\nHuman: Say it.\n\nHuman: A cat"));
      int[] first = {5, 5, 5};
      TokenBatch together = TokenBatch.after(runtime, texts, first, true);
      TokenBatch apart = TokenBatch.after(runtime, texts, first, false);
      assertThat(together.x().getFirst().size()).isLessThan(apart.x().getFirst().size());
      double[] shared = teacherTop(program, teacher, together, 8).get(1).toDoubles();
      double[] single = teacherTop(program, teacher, apart, 8).get(1).toDoubles();
      assertThat(shared).containsExactly(single, within(1e-5));
    }
  }

  @Test
  void withoutAPromptATeacherHasNothingToTeachItself() throws IOException {
    Files.writeString(world.prompt, "\n");
    Map<String, Double> start = run(settings(world.base, 50, 2, 1e-3), "self", 0);
    assertThat(start.get(Metrics.EVAL_LOSS)).isEqualTo(0, within(1e-6));
    assertThat(start).containsEntry(Metrics.EVAL_AGREEMENT, 1.0);
  }

  @Test
  void aSmallerStudentComesNearer() throws IOException {
    Path small = directory.resolve("small");
    try (LanguageModel teacher = LanguageModel.load(runtime, world.base);
        LanguageModel student =
            LanguageModel.initialise(
                runtime,
                DecoderConfig.of(teacher.config().vocabularySize(), 1, 8, 2, 1, 16, 64),
                teacher.tokenizer(),
                9)) {
      // An untrained teacher says the same to everything; this one has something to say.
      for (Tensor tensor : teacher.parameters()) {
        float[] values = tensor.toFloats();
        for (int i = 0; i < values.length; i++) {
          values[i] = values.length > 16 ? values[i] * 12 : values[i];
        }
        tensor.set(values);
      }
      teacher.save(world.base);
      student.save(small);
    }
    RecordingListener listener = new RecordingListener();
    StageRunner.run(
        settings(small, 50, 60, 1e-2),
        3,
        directory.resolve("run"),
        null,
        listener,
        new ScriptedControls(),
        runtime);
    double before = listener.metrics.getOrDefault(0L, Map.of()).getOrDefault("eval/loss", 0.0);
    double after = listener.metrics.getOrDefault(60L, Map.of()).getOrDefault("eval/loss", 9.0);
    assertThat(after).isLessThan(0.7 * before);
  }

  @Test
  void whatCannotBeDistilledIsSaidInOneLine() throws IOException {
    Path other = directory.resolve("other");
    Tokenizer tokenizer =
        BpeTrainer.train(List.of("quite other text, again and again"), 280, Tokenizer.SPECIALS);
    try (LanguageModel model =
        LanguageModel.initialise(
            runtime,
            DecoderConfig.of(tokenizer.vocabularySize(), 1, 8, 2, 1, 16, 64),
            tokenizer,
            9)) {
      model.save(other);
    }
    refused(settings(other, 8, 2, 1e-3), "are not the same", other.toString());
    refused(settings(world.base, 4000, 2, 1e-3), "top_k is 4000");
    Files.writeString(world.prompt, "word ".repeat(60));
    refused(settings(world.base, 8, 2, 1e-3), "prompt.txt", "shorten it");
    Files.write(world.prompt, new byte[] {(byte) 0xC3, (byte) 0x28});
    refused(settings(world.base, 8, 2, 1e-3), "prompt.txt", "UTF-8");
  }

  private void refused(DistillationSettings settings, String... parts) {
    assertThatThrownBy(() -> new Distillation(settings, 1, runtime))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll(parts)
        .hasMessageNotContaining("\n");
  }

  @Test
  void textThatIsNoDialogueIsPutBehindAHuman() {
    assertThat(Distillation.dialogue("The sun.")).isEqualTo("\n\nHuman: The sun.");
    assertThat(Distillation.dialogue("\n\nHuman: Hi")).isEqualTo("\n\nHuman: Hi");
  }
}
