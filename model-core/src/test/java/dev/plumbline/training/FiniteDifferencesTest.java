package dev.plumbline.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.lm.ComputeOptions;
import dev.plumbline.lm.DecoderConfig;
import dev.plumbline.lm.LanguageModel;
import dev.plumbline.lm.Precision;
import dev.plumbline.lm.Randomness;
import dev.plumbline.lm.TokenBatch;
import dev.plumbline.tokenizer.BpeTrainer;
import dev.plumbline.tokenizer.Tokenizer;
import dev.plumbline.torch.Program;
import dev.plumbline.torch.Scope;
import dev.plumbline.torch.Tensor;
import dev.plumbline.torch.TorchRuntime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The gradients of every loss against central differences, in double precision, where a difference
 * quotient is good to nine digits: an error of a millionth in a gradient would be seen.
 */
class FiniteDifferencesTest {
  private static final double STEP = 1e-6;
  private TorchRuntime runtime;
  private Scope scope;
  private LanguageModel model;
  private List<Tensor> parameters;

  /** How the backward pass goes. */
  enum Pass {
    WHOLE,
    CHECKPOINTED,
    DROPPING
  }

  private static ComputeOptions options(Pass pass) {
    return new ComputeOptions(
        Precision.FLOAT32, pass != Pass.WHOLE, pass == Pass.DROPPING ? 0.2 : 0);
  }

  @BeforeEach
  void start() {
    runtime = TorchRuntime.start(1);
    Tokenizer tokenizer = BpeTrainer.train(List.of("a b c"), 260, Tokenizer.SPECIALS);
    model =
        LanguageModel.initialise(runtime, DecoderConfig.of(260, 2, 16, 4, 2, 24, 64), tokenizer, 5);
    scope = runtime.scope();
    parameters = new ArrayList<>();
    for (int i = 0; i < model.parameters().size(); i++) {
      Tensor tensor = model.parameters().get(i);
      double[] values = tensor.toDoubles();
      for (int j = 0; j < values.length; j++) {
        values[j] += 0.3 * Randomness.gaussian(6, i, j);
      }
      parameters.add(runtime.doubles(values, tensor.shape()));
    }
  }

  @AfterEach
  void close() {
    scope.close();
    model.close();
    runtime.close();
  }

  private Tensor random(long stream, double scale, long... shape) {
    int n = (int) Arrays.stream(shape).reduce(1, Math::multiplyExact);
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      values[i] = scale * Randomness.gaussian(7, stream, i);
    }
    return runtime.doubles(values, shape);
  }

  private TokenBatch batch(Pass pass) {
    List<int[]> sequences = new ArrayList<>();
    for (int length : new int[] {7, 12, 2, 9}) {
      int[] ids = new int[length];
      for (int t = 0; t < length; t++) {
        ids[t] = 4 + (int) (256 * Randomness.uniform(8, length, t));
      }
      sequences.add(ids);
    }
    TokenBatch batch = TokenBatch.of(runtime, sequences);
    return pass == Pass.DROPPING ? batch.dropping(runtime, 3) : batch;
  }

  private Program program(Pass pass) {
    return model.computing(options(pass)).program(Ppo.METHODS);
  }

  /** Along random directions through all parameters at once. */
  private void check(Program program, String loss, List<Tensor> at, Object... arguments) {
    check(program, loss, at, 0, arguments);
  }

  /** Along random directions through the parameters from one on. */
  private void check(
      Program program, String loss, List<Tensor> at, int first, Object... arguments) {
    List<Tensor> gradients = at.stream().map(p -> random(0, 0, p.shape())).toList();
    program.gradients(loss, at, gradients, arguments);
    for (int direction = 1; direction <= 4; direction++) {
      List<double[]> towards = new ArrayList<>();
      double expected = 0;
      for (int i = 0; i < at.size(); i++) {
        double[] step =
            random(1000L * direction + i, i < first ? 0 : 1, at.get(i).shape()).toDoubles();
        double[] gradient = gradients.get(i).toDoubles();
        for (int j = 0; j < step.length; j++) {
          expected += step[j] * gradient[j];
        }
        towards.add(step);
      }
      double slope =
          (lossAt(program, loss, at, towards, STEP, arguments)
                  - lossAt(program, loss, at, towards, -STEP, arguments))
              / (2 * STEP);
      assertThat(Math.abs(expected)).isGreaterThan(1e-2);
      assertThat(slope).isCloseTo(expected, within(1e-6 * Math.max(1, Math.abs(expected))));
    }
  }

  private double lossAt(
      Program program,
      String loss,
      List<Tensor> at,
      List<double[]> towards,
      double length,
      Object... arguments) {
    List<Tensor> moved = new ArrayList<>();
    for (int i = 0; i < at.size(); i++) {
      double[] values = at.get(i).toDoubles();
      for (int j = 0; j < values.length; j++) {
        values[j] += length * towards.get(i)[j];
      }
      moved.add(runtime.doubles(values, at.get(i).shape()));
    }
    Object[] all = new Object[arguments.length + 1];
    all[0] = moved;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return program.call(loss, all).getFirst().item();
  }

  @ParameterizedTest
  @EnumSource(Pass.class)
  void languageModelling(Pass pass) {
    TokenBatch batch = batch(pass);
    check(program(pass), "lm_loss", parameters, batch.x(), batch.at(), batch.wanted());
  }

  @ParameterizedTest
  @EnumSource(Pass.class)
  void preferenceModelling(Pass pass) {
    TokenBatch batch = batch(pass);
    List<Tensor> all = new ArrayList<>(parameters);
    all.add(random(50, 0.5, 1, 16));
    check(program(pass), "pm_loss", all, batch.x(), batch.last());
  }

  @ParameterizedTest
  @EnumSource(Pass.class)
  void weightedPreferenceModelling(Pass pass) {
    TokenBatch batch = batch(pass);
    List<Tensor> all = new ArrayList<>(parameters);
    all.add(random(50, 0.5, 1, 16));
    Tensor weights = runtime.doubles(new double[] {0.5, 3}, 2);
    check(program(pass), "pm_weighted_loss", all, batch.x(), batch.last(), weights);
    // L = (0.5 l_1 + 3 l_2) / 2, with l the loss of each pair's own scores.
    List<Tensor> found =
        program(pass).call("pm_weighted_loss", all, batch.x(), batch.last(), weights);
    double[] scores = found.get(1).toDoubles();
    double expected =
        (0.5 * PreferenceAccuracy.loss(scores[0] - scores[2])
                + 3 * PreferenceAccuracy.loss(scores[1] - scores[3]))
            / 2;
    assertThat(found.getFirst().item()).isCloseTo(expected, within(1e-12));
  }

  /** Of a student whose weights are not the teacher's. */
  @ParameterizedTest
  @EnumSource(Pass.class)
  void contextDistillation(Pass pass) {
    TokenBatch batch = batch(pass);
    List<Tensor> teacher = new ArrayList<>();
    for (int i = 0; i < parameters.size(); i++) {
      double[] values = parameters.get(i).toDoubles();
      double[] changes = random(60 + i, 0.2, parameters.get(i).shape()).toDoubles();
      Arrays.setAll(values, j -> values[j] + changes[j]);
      teacher.add(runtime.doubles(values, parameters.get(i).shape()));
    }
    List<Tensor> answer =
        program(Pass.WHOLE).call("teacher_top", teacher, batch.x(), batch.at(), 50, 260);
    check(
        program(pass),
        "distillation_loss",
        parameters,
        batch.x(),
        batch.at(),
        answer.get(0),
        answer.get(1),
        answer.get(2));
  }

  @ParameterizedTest
  @EnumSource(
      value = Pass.class,
      names = {"WHOLE", "CHECKPOINTED"})
  void ppo(Pass pass) {
    // The value head looks at the trunk without moving it, so the two are checked one by one.
    Object[] policyAlone = experience(batch(pass));
    policyAlone[policyAlone.length - 1] = 0.0;
    check(program(pass), "ppo_loss", withValueHead(), policyAlone);
    Object[] both = experience(batch(pass));
    check(program(pass), "ppo_loss", withValueHead(), parameters.size(), both);
  }

  @ParameterizedTest
  @EnumSource(
      value = Pass.class,
      names = {"WHOLE", "CHECKPOINTED"})
  void ppoWithAValueModel(Pass pass) {
    Object[] all = experience(batch(pass));
    Object[] policy = Arrays.copyOf(all, 7);
    policy[5] = 0.9;
    policy[6] = 0.2;
    check(program(pass), "policy_loss", parameters, policy);
    // The value model's trunk is trained too.
    Program values = model.computing(options(pass)).program(ValueModel.METHODS);
    check(values, "value_loss", withValueHead(), all[0], all[1], all[5], all[6], 0.2, 0.7);
  }

  /** The sums that become metrics, token by token, over sequences of 7, 12, 2 and 9 tokens. */
  @Test
  void theSumsOfAnUpdateByHand() {
    Object[] experience = experience(batch(Pass.WHOLE));
    List<Tensor> all = withValueHead();
    Object[] call = new Object[experience.length + 1];
    call[0] = all;
    System.arraycopy(experience, 0, call, 1, experience.length);
    Program program = program(Pass.WHOLE);
    double[] found = program.call("ppo_loss", call).get(1).toDoubles();
    double[] now =
        program
            .call("token_scores", all, experience[0], experience[1], experience[2], 0.9)
            .getFirst()
            .toDoubles();
    Tensor hidden = program.call("hidden", all, experience[0]).getFirst();
    Tensor rows = program.call("picked", hidden, experience[1]).getFirst();
    double[] values = program.call("values_of", all, rows).getFirst().toDoubles();
    double[] old = ((Tensor) experience[3]).toDoubles();
    double[] advantages = ((Tensor) experience[4]).toDoubles();
    double[] oldValues = ((Tensor) experience[5]).toDoubles();
    double[] returns = ((Tensor) experience[6]).toDoubles();
    double[] sums = new double[9];
    sums[6] = Double.POSITIVE_INFINITY;
    assertThat(now).hasSize(7 + 12 + 2 + 9 - 4);
    for (int i = 0; i < now.length; i++) {
      double ratio = Math.exp(now[i] - old[i]);
      sums[0] += PpoObjective.policyLoss(ratio, advantages[i], 0.2);
      sums[1] += KlEstimators.k2(now[i], old[i]);
      sums[2] += KlEstimators.k3(old[i], now[i]); // ratio - 1 - ln ratio
      sums[3] += ratio < 0.8 || ratio > 1.2 ? 1 : 0;
      sums[4] += ratio;
      sums[5] = Math.max(sums[5], ratio);
      sums[6] = Math.min(sums[6], ratio);
      sums[7] += PpoObjective.valueLoss(values[i], oldValues[i], returns[i], 0.2);
      double near = Math.clamp(values[i], oldValues[i] - 0.2, oldValues[i] + 0.2);
      sums[8] += Math.abs(near - returns[i]) > Math.abs(values[i] - returns[i]) ? 1 : 0;
    }
    assertThat(found).containsExactly(sums, within(1e-9));
  }

  private List<Tensor> withValueHead() {
    List<Tensor> all = new ArrayList<>(parameters);
    all.add(random(51, 0.5, 1, 16));
    all.add(random(52, 0.5, 1));
    return all;
  }

  /** What the policy gave before, some of it beyond the clip range, and targets. */
  private Object[] experience(TokenBatch batch) {
    int n = (int) batch.at().size();
    double[] now =
        program(Pass.WHOLE)
            .call("token_scores", parameters, batch.x(), batch.at(), batch.wanted(), 0.9)
            .getFirst()
            .toDoubles();
    double[] changes = random(53, 0.25, n).toDoubles();
    double[] old = new double[n];
    Arrays.setAll(old, i -> now[i] + changes[i]);
    return new Object[] {
      batch.x(),
      batch.at(),
      batch.wanted(),
      runtime.doubles(old, n),
      random(54, 1, n),
      random(55, 1, n),
      random(56, 1, n),
      0.9,
      0.2,
      0.2,
      0.1
    };
  }

  /** The program's loss is that of {@link PpoObjective}, whose clips are known by hand. */
  @Test
  void ppoLossIsTheObjectiveByHand() {
    Object[] experience = experience(batch(Pass.WHOLE));
    List<Tensor> all = withValueHead();
    Object[] call = new Object[experience.length + 1];
    call[0] = all;
    System.arraycopy(experience, 0, call, 1, experience.length);
    double[] now =
        program(Pass.WHOLE)
            .call("token_scores", all, experience[0], experience[1], experience[2], 0.9)
            .getFirst()
            .toDoubles();
    Program program = program(Pass.WHOLE);
    Tensor hidden = program.call("hidden", all, experience[0]).getFirst();
    Tensor rows = program.call("picked", hidden, experience[1]).getFirst();
    double[] values = program.call("values_of", all, rows).getFirst().toDoubles();
    double[] old = ((Tensor) experience[3]).toDoubles();
    double[] advantages = ((Tensor) experience[4]).toDoubles();
    double[] oldValues = ((Tensor) experience[5]).toDoubles();
    double[] returns = ((Tensor) experience[6]).toDoubles();
    double loss = 0;
    int clipped = 0;
    for (int i = 0; i < now.length; i++) {
      double ratio = Math.exp(now[i] - old[i]);
      clipped += Math.abs(ratio - 1) > 0.2 ? 1 : 0;
      loss += PpoObjective.policyLoss(ratio, advantages[i], 0.2);
      loss += 0.1 * PpoObjective.valueLoss(values[i], oldValues[i], returns[i], 0.2);
    }
    assertThat(clipped).isBetween(3, now.length - 3);
    assertThat(program.call("ppo_loss", call).getFirst().item())
        .isCloseTo(loss / now.length, within(1e-9));
  }
}
