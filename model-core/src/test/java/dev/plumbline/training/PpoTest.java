package dev.plumbline.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.plumbline.data.UserError;
import dev.plumbline.lm.Generation;
import dev.plumbline.lm.LanguageModel;
import dev.plumbline.lm.PreferenceModel;
import dev.plumbline.lm.SamplingOptions;
import dev.plumbline.torch.TorchRuntime;
import dev.plumbline.training.TinyWorld.Knobs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PpoTest {
  @TempDir Path directory;
  private TorchRuntime runtime;
  private TinyWorld world;
  private final RecordingListener listener = new RecordingListener();

  @BeforeEach
  void start() throws IOException {
    runtime = TorchRuntime.start(1);
    world = new TinyWorld(directory, runtime);
  }

  @AfterEach
  void stop() {
    runtime.close();
  }

  private Map<String, Double> run(PpoSettings settings, long step) {
    RunState state =
        StageRunner.run(
            settings, 3, directory.resolve("run"), null, listener, new ScriptedControls(), runtime);
    assertThat(state).as(listener.detail).isEqualTo(RunState.FINISHED);
    return listener.metrics.getOrDefault(step, Map.of());
  }

  @Test
  void stepZeroIsTheReferenceAndItsKlIsExactlyZero() {
    Map<String, Double> first = run(world.ppo(), 0);
    assertThat(first)
        .containsEntry(Metrics.KL_K1, 0.0)
        .containsEntry(Metrics.KL_K3, 0.0)
        .containsEntry(Metrics.KL_EXACT, 0.0)
        .containsEntry(Metrics.SQRT_KL, 0.0)
        .containsEntry(Metrics.RESPONSES, 8.0);
    assertThat(listener.metrics.getOrDefault(6L, Map.of()).get(Metrics.KL_EXACT)).isPositive();
    assertThat(listener.metrics).containsOnlyKeys(0L, 1L, 2L, 3L, 4L, 5L, 6L);
  }

  @Test
  void theSheetHasTheSamePromptsAtEveryStep() {
    run(world.ppo(), 0);
    Map<Integer, String> prompts = new HashMap<>();
    for (ResponseSample sample : listener.samples) {
      assertThat(sample.prompt())
          .isEqualTo(prompts.computeIfAbsent(sample.index(), index -> sample.prompt()));
    }
    assertThat(prompts).hasSize(2);
    assertThat(listener.samples).hasSize(2 * 7);
    ResponseSample first = listener.samples.getFirst();
    assertThat(first.logProbability()).isEqualTo(first.referenceLogProbability()).isNegative();
  }

  @Test
  void whatIsKeptOfTokensAddsUpToWhatIsKnownOfTheResponse() {
    Knobs knobs = new Knobs();
    knobs.lambdaKl = 0;
    knobs.missingEos = 0;
    PpoSettings settings = world.ppo(knobs);
    run(settings, 0);
    for (ResponseSample sample : listener.samples) {
      List<TokenTrace.Token> tokens = sample.trace().tokens();
      assertThat(tokens).hasSize(sample.tokens());
      assertThat(tokens.getLast().end()).isEqualTo(sample.response().length());
      assertThat(tokens).isSortedAccordingTo(Comparator.comparingInt(TokenTrace.Token::end));
      // Each number has four digits, so sums agree to some thousandths of their size.
      assertThat(tokens.stream().mapToDouble(TokenTrace.Token::logProbability).sum())
          .isCloseTo(sample.logProbability(), withinPercentage(0.2));
      assertThat(tokens.stream().mapToDouble(TokenTrace.Token::referenceLogProbability).sum())
          .isCloseTo(sample.referenceLogProbability(), withinPercentage(0.2));
      assertThat(tokens)
          .allSatisfy(token -> assertThat(token.kl()).isGreaterThan(-1e-6))
          .allSatisfy(token -> assertThat(token.entropy()).isPositive());
      if (sample.step() == 0) {
        assertThat(tokens).allSatisfy(token -> assertThat(token.kl()).isCloseTo(0, within(1e-6)));
      }
      // The reward is the score at the last token and 0 elsewhere. The advantage is the sum over
      // later tokens k of (gamma lambda)^(k - t) (r_k + gamma V_(k+1) - V_k), summed plainly here.
      double decay = settings.gamma() * settings.gaeLambda();
      for (int t = 0; t < tokens.size(); t++) {
        double sum = 0;
        for (int k = t; k < tokens.size(); k++) {
          boolean last = k == tokens.size() - 1;
          double delta =
              (last ? sample.pmScore() : settings.gamma() * tokens.get(k + 1).value())
                  - tokens.get(k).value();
          sum += Math.pow(decay, k - t) * delta;
        }
        double size = 1 + Math.abs(sample.pmScore());
        assertThat(tokens.get(t).advantage()).isCloseTo(sum, within(0.01 * size));
      }
    }
  }

  @Test
  void aLongRunKeepsTheTokensOfSomeStepsOnly() {
    Knobs knobs = new Knobs();
    knobs.iterations = 2 * Ppo.TRACED_STEPS;
    try (Ppo ppo = new Ppo(world.ppo(knobs), 3, runtime)) {
      for (int step = 0; step < 3; step++) {
        ppo.step(step, listener, () -> {});
      }
    }
    assertThat(listener.samples)
        .allSatisfy(
            sample ->
                assertThat(sample.trace().isEmpty())
                    .as("step " + sample.step())
                    .isEqualTo(sample.step() == 1));
  }

  @Test
  void withoutAPenaltyTheRewardIsTheScore() {
    Knobs knobs = new Knobs();
    knobs.lambdaKl = 0;
    knobs.missingEos = 0;
    Map<String, Double> last = run(world.ppo(knobs), 6);
    assertThat(last.get(Metrics.REWARD_TOTAL))
        .isEqualTo(last.getOrDefault(Metrics.PM_SCORE, Double.NaN), within(1e-12));
    assertThat(last).containsEntry(Metrics.KL_PENALTY, 0.0);
  }

  @Test
  void theTotalRewardDoesNotDependOnWhereThePenaltyStands() {
    for (PpoSettings.KlPlacement placement : PpoSettings.KlPlacement.values()) {
      Knobs knobs = new Knobs();
      knobs.placement = placement;
      knobs.iterations = 1;
      try (Ppo ppo = new Ppo(world.ppo(knobs), 3, runtime)) {
        ppo.step(0, listener, () -> {});
        Map<String, Double> after = ppo.measure(1, listener, () -> {}).orElseThrow().values();
        double ended = after.getOrDefault(Metrics.EOS_FRACTION, Double.NaN);
        assertThat(after.get(Metrics.REWARD_TOTAL))
            .isEqualTo(
                after.getOrDefault(Metrics.PM_SCORE, Double.NaN)
                    - after.getOrDefault(Metrics.KL_PENALTY, Double.NaN)
                    - (1 - ended) * 0.5,
                within(1e-9));
      }
    }
  }

  @Test
  void paddingChangesNoMetric() {
    List<Map<String, Double>> found = new ArrayList<>();
    for (int minibatch : new int[] {1, 8}) {
      Knobs knobs = new Knobs();
      knobs.minibatchSize = minibatch;
      knobs.learningRate = 0;
      try (Ppo ppo = new Ppo(world.ppo(knobs), 3, runtime)) {
        Ppo.Experience experience = ppo.judge(uneven(ppo.sample(0)));
        Map<String, Double> values = new HashMap<>(ppo.measure(experience));
        values.putAll(ppo.update(experience, 0));
        // The norm of a mean is no mean of norms; all else must agree.
        values.remove(Metrics.GRAD_NORM);
        found.add(values);
      }
    }
    assertThat(found.get(0)).containsOnlyKeys(found.get(1).keySet());
    found
        .get(0)
        .forEach(
            (name, value) ->
                assertThat(found.get(1).get(name)).as(name).isEqualTo(value, within(2e-5)));
    assertThat(found.get(0).get(Metrics.RESPONSE_TOKENS)).isLessThan(6);
  }

  /** Cuts the responses to lengths of 1, 2, 3 and so on. */
  private static Ppo.Rollout uneven(Ppo.Rollout rollout) {
    List<Generation> responses = new ArrayList<>();
    for (int i = 0; i < rollout.responses().size(); i++) {
      Generation whole = rollout.responses().get(i);
      int length = Math.min(whole.tokens().length, 1 + i % 6);
      responses.add(
          new Generation(
              Arrays.copyOf(whole.tokens(), length),
              Arrays.copyOf(whole.logProbabilities(), length),
              Generation.End.LENGTH));
    }
    return new Ppo.Rollout(
        rollout.policyVersion(), rollout.sampling(), rollout.asked(), responses, rollout.texts());
  }

  @Test
  void theValueStartsAtTheMeanRewardOfTheFirstBatch() {
    Knobs knobs = new Knobs();
    knobs.lambdaKl = 0;
    knobs.missingEos = 0;
    knobs.learningRate = 0;
    try (Ppo ppo = new Ppo(world.ppo(knobs), 3, runtime)) {
      Map<String, Double> first = ppo.step(0, listener, () -> {}).values();
      double mean = first.getOrDefault(Metrics.PM_SCORE, Double.NaN);
      assertThat(first.get(Metrics.EXPLAINED_VARIANCE)).isEqualTo(0, within(1e-6));
      Ppo.Experience next = ppo.judge(ppo.sample(0));
      for (double value : next.values(0)) {
        assertThat(value).isEqualTo(mean, within(1e-5));
      }
    }
  }

  @Test
  void aValueModelStartsAsThePreferenceModelAtTheMeanReward() {
    Knobs knobs = new Knobs();
    knobs.value = PpoSettings.Value.PREFERENCE_MODEL;
    knobs.lambdaKl = 0;
    knobs.missingEos = 0;
    knobs.learningRate = 0;
    try (Ppo ppo = new Ppo(world.ppo(knobs), 3, runtime)) {
      Ppo.Experience before = ppo.judge(ppo.sample(0));
      Map<String, Double> first = ppo.step(0, listener, () -> {}).values();
      Ppo.Experience after = ppo.judge(ppo.sample(0));
      double mean = 0;
      for (int i = 0; i < 8; i++) {
        double[] values = after.values(i);
        double shift = values[0] - before.values(i)[0];
        for (int t = 0; t < values.length; t++) {
          mean += values[t] / after.tokens();
          assertThat(values[t] - before.values(i)[t]).isEqualTo(shift, within(1e-5));
        }
      }
      assertThat(mean).isEqualTo(first.getOrDefault(Metrics.PM_SCORE, Double.NaN), within(1e-5));
      assertThat(before.values(0)[0]).isNotEqualTo(before.values(1)[1]);
    }
  }

  @Test
  void aValueModelLearnsTheReturns() {
    Knobs knobs = new Knobs();
    knobs.value = PpoSettings.Value.PREFERENCE_MODEL;
    knobs.iterations = 30;
    knobs.lambdaKl = 0;
    knobs.sheet = 0;
    knobs.learningRate = 2e-3;
    run(world.ppo(knobs), 0);
    double before =
        listener.metrics.getOrDefault(1L, Map.of()).getOrDefault(Metrics.VALUE_LOSS, Double.NaN);
    double after =
        listener.metrics.getOrDefault(29L, Map.of()).getOrDefault(Metrics.VALUE_LOSS, Double.NaN);
    assertThat(after).isLessThan(before);
  }

  @Test
  void testScoresBeginAtZeroAndTheSameModelLeavesNoGap() {
    Knobs knobs = new Knobs();
    knobs.iterations = 2;
    knobs.testEvery = 2;
    knobs.tests = List.of(new PpoSettings.TestReward("same", world.preferenceModel.toString()));
    Map<String, Double> first = run(world.ppo(knobs), 0);
    assertThat(first.get(Metrics.TRAIN_SCORE)).isEqualTo(0, within(1e-6));
    assertThat(first.get("score/test/same")).isEqualTo(0, within(1e-6));
    assertThat(first.get("score/test_centre/same"))
        .isEqualTo(first.getOrDefault(Metrics.PM_SCORE, Double.NaN), within(1e-6));
    assertThat(listener.metrics.get(1L)).doesNotContainKey("score/test/same");
    Map<String, Double> last = listener.metrics.getOrDefault(2L, Map.of());
    assertThat(last)
        .containsEntry("score/gap/same", 0.0)
        .containsEntry("score/gap/same_low", 0.0)
        .containsEntry("score/gap/same_high", 0.0);
    assertThat(last.get("score/test/same"))
        .isEqualTo(
            last.getOrDefault(Metrics.PM_SCORE, Double.NaN)
                - first.getOrDefault(Metrics.PM_SCORE, Double.NaN),
            within(1e-5));
  }

  /**
   * The same weights with another zero: what stands between the curves is the difference of both.
   */
  @Test
  void scoresAreCountedFromTheHeldOutMeansThatTheModelsRemember() throws IOException {
    Knobs knobs = new Knobs();
    knobs.iterations = 1;
    Path test = remembering("test", new HeldOutMean("all", 10, 0.75, "set"));
    try (PreferenceModel model = PreferenceModel.load(runtime, world.preferenceModel)) {
      HeldOutMean mean = new HeldOutMean("all", 10, 0.25, "set");
      ScoreFixture.write(world.preferenceModel, model, List.of(), List.of(), mean);
    }
    knobs.tests = List.of(new PpoSettings.TestReward("other", test.toString()));

    Map<String, Double> first = run(world.ppo(knobs), 0);

    double score = first.getOrDefault(Metrics.PM_SCORE, Double.NaN);
    assertThat(first)
        .containsEntry(Metrics.TRAIN_CENTRE, 0.25)
        .containsEntry("score/test_centre/other", 0.75);
    assertThat(first.get(Metrics.TRAIN_SCORE)).isEqualTo(score - 0.25, within(1e-9));
    assertThat(first.get("score/test/other")).isEqualTo(score - 0.75, within(1e-9));
    assertThat(first.get("score/gap/other")).isEqualTo(0.5, within(1e-9));
    assertThat(listener.events)
        .contains(
            "notice@0 scores are counted from each model's mean over 10 held-out responses (all,"
                + " set set)");
  }

  @Test
  void whereOneRemembersNoneOrAnotherSetsMeanAllAreCountedFromTheFirstBatch() throws IOException {
    String train = remembering("a", new HeldOutMean("all", 10, 3, "one")).toString();
    String test = remembering("b", new HeldOutMean("all", 10, 4, "two")).toString();
    PpoSettings.Reward reward = new PpoSettings.Reward(train, null);
    try (FirstScores first = new FirstScores(runtime, 2)) {
      first.start(List.of(new double[] {1, 2}, new double[] {5, 7}));
      ScoreZeros sets =
          ScoreZeros.of(reward, List.of(new PpoSettings.TestReward("b", test)), first);
      assertThat(sets.zero(0)).isEqualTo(1.5);
      assertThat(sets.zero(1)).isEqualTo(6);
      assertThat(sets.describe()).contains("different held-out comparisons, such as " + test);
      // the world's own model has no fixture
      String plain = world.preferenceModel.toString();
      ScoreZeros none =
          ScoreZeros.of(reward, List.of(new PpoSettings.TestReward("plain", plain)), first);
      assertThat(none.zero(0)).isEqualTo(1.5);
      assertThat(none.describe()).contains(plain + " remembers no mean");
      // 2 x 3 - 1 x 3: of the same set a sum has the sum of the means.
      PpoSettings.Reward sum =
          new PpoSettings.Reward(
              null,
              List.of(new PpoSettings.Part("x", train, 2), new PpoSettings.Part("y", train, -1)),
              null,
              RewardTransform.IDENTITY);
      ScoreZeros summed =
          ScoreZeros.of(sum, List.of(new PpoSettings.TestReward("a", train)), first);
      assertThat(summed.zero(0)).isEqualTo(3);
      assertThat(summed.zero(1)).isEqualTo(3);
    }
  }

  /** A copy of the world's preference model that remembers a mean. */
  private Path remembering(String name, HeldOutMean mean) throws IOException {
    Path place = directory.resolve(name);
    try (PreferenceModel model = PreferenceModel.load(runtime, world.preferenceModel)) {
      model.save(place);
      ScoreFixture.write(place, model, List.of(), List.of(), mean);
    }
    return place;
  }

  @Test
  void standardScoresOfTheFirstBatchHaveMeanZeroAndASumHasItsParts() {
    Knobs knobs = new Knobs();
    knobs.iterations = 1;
    knobs.missingEos = 0;
    knobs.transform = new RewardTransform(true, RewardTransform.Shape.IDENTITY, -1, 1, 1, 1);
    knobs.sum =
        List.of(
            new PpoSettings.Part("a", world.preferenceModel.toString(), 3),
            new PpoSettings.Part("b", world.preferenceModel.toString(), -1));
    Map<String, Double> first = run(world.ppo(knobs), 0);
    double part = first.getOrDefault("score/part/a", Double.NaN);
    assertThat(first).containsEntry("score/part/b", part);
    assertThat(first.get(Metrics.PM_SCORE)).isEqualTo(2 * part, within(1e-9));
    assertThat(first.get(Metrics.REWARD_SCORE)).isEqualTo(0, within(1e-5));
    // Eight standard scores: the interval of their mean is +- 1.96 / sqrt(8).
    assertThat(first.get(Metrics.REWARD_TOTAL_HIGH))
        .isEqualTo(1.959963984540054 / Math.sqrt(8), within(1e-5));
  }

  @Test
  void poolsAndHeldOutPromptsAreMeasuredApart() {
    Knobs knobs = new Knobs();
    knobs.iterations = 2;
    knobs.pools =
        List.of(
            new PpoSettings.PromptPool("x", List.of(world.prompts.toString()), 3, null),
            new PpoSettings.PromptPool("y", List.of(world.comparisons.toString()), 1, null));
    knobs.heldOut =
        List.of(new PpoSettings.HeldOutPrompts("few", List.of(world.prompts.toString()), 4, null));
    knobs.ranker = new PpoSettings.Ranker(List.of(world.comparisons.toString()), 2, 5);
    Map<String, Double> last = run(world.ppo(knobs), 2);
    assertThat(last)
        .containsKeys("held_out/score/few", "held_out/score/few_low", Metrics.RANKER_ACCURACY)
        .containsEntry(Metrics.RANKER_N, 5.0);
    // Six of eight responses are to x.
    assertThat(last.get(Metrics.PM_SCORE))
        .isEqualTo(
            0.75 * last.getOrDefault("pm_score/pool/x", Double.NaN)
                + 0.25 * last.getOrDefault("pm_score/pool/y", Double.NaN),
            within(1e-9));
    assertThat(listener.metrics.get(1L)).doesNotContainKey("held_out/score/few");
  }

  @Test
  void responsesOfAnotherPolicyOrTemperatureAreRefused() {
    try (Ppo ppo = new Ppo(world.ppo(), 3, runtime)) {
      Ppo.Experience experience = ppo.judge(ppo.sample(0));
      ppo.update(experience, 0);
      assertThatThrownBy(() -> ppo.update(experience, 0))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("drawn after 0 updates");
      Ppo.Experience fresh = ppo.judge(ppo.sample(1));
      ppo.steering().set(Steering.TEMPERATURE, 0.5);
      assertThatThrownBy(() -> ppo.update(fresh, 1))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("temperature 0.9")
          .hasMessageContaining("0.5");
    }
  }

  @Test
  void responsesThatThePolicyDidNotDrawAreFoundOut() {
    try (Ppo ppo = new Ppo(world.ppo(), 3, runtime)) {
      Ppo.Rollout drawn = ppo.sample(0);
      Ppo.Rollout claimed =
          new Ppo.Rollout(
              drawn.policyVersion(),
              new SamplingOptions(1.3, 6, 2, 1, 0),
              drawn.asked(),
              drawn.responses(),
              drawn.texts());
      assertThatThrownBy(() -> ppo.measure(ppo.judge(claimed)))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("sampler and the training pass disagree");
    }
  }

  @Test
  void greedySamplingAndUnknownGoldAreRefused() {
    Knobs greedy = new Knobs();
    greedy.temperature = 0;
    assertThatThrownBy(() -> new Ppo(world.ppo(greedy), 3, runtime))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("temperature");
    Knobs fools = new Knobs();
    fools.gold = "fools/gold";
    assertThatThrownBy(() -> new Ppo(world.ppo(fools), 3, runtime))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("fools/gold");
  }

  @Test
  void aRunThatDivergesSaysSoInOneLine() {
    Knobs knobs = new Knobs();
    knobs.learningRate = 1e30;
    RunState state =
        StageRunner.run(
            world.ppo(knobs),
            3,
            directory.resolve("run"),
            null,
            listener,
            new ScriptedControls(),
            runtime);
    assertThat(state).isEqualTo(RunState.FAILED);
    assertThat(listener.detail).doesNotContain("\n").isNotBlank();
  }

  /**
   * One token, reward r for some tokens and 0 for the others: the best policy is pi_ref exp(r /
   * beta) / Z, its value beta ln Z. The whole stage runs as it always does.
   */
  @Test
  void aBanditReachesItsClosedFormOptimum() throws IOException {
    double beta = 0.5;
    PpoSettings.Lexical letters =
        new PpoSettings.Lexical(Arrays.asList("abcdefghijklmnopqrstuvwxyz".split("")), 1, 1, 0);
    Files.writeString(world.prompts, "{\"prompt\": \"\\n\\nHuman: A letter?\\n\\nAssistant:\"}\n");
    Knobs knobs = new Knobs();
    knobs.reward = new PpoSettings.Reward(null, letters);
    knobs.iterations = 100;
    knobs.batchSize = 128;
    knobs.minibatchSize = 128;
    knobs.epochs = 3;
    knobs.responseTokens = 1;
    knobs.temperature = 1;
    knobs.lambdaKl = beta;
    knobs.whiten = false;
    knobs.missingEos = 0;
    knobs.learningRate = 3e-3;
    knobs.sheet = 0;
    run(world.ppo(knobs), 0);

    double[] reward;
    double[] reference;
    double[] policy;
    Path trained = new Checkpoints(directory.resolve("run")).last().orElseThrow();
    try (LanguageModel before = LanguageModel.load(runtime, world.base);
        LanguageModel after = LanguageModel.load(runtime, trained.resolve("model"));
        ResponseScorer scorer = ResponseScorer.of(knobs.reward, runtime)) {
      int[] prompt =
          SequenceFormat.prompt(before.tokenizer(), "\n\nHuman: A letter?\n\nAssistant:");
      List<String> texts = new ArrayList<>();
      for (int v = 0; v < before.config().vocabularySize(); v++) {
        texts.add(before.tokenizer().decodeAfter(prompt, new int[] {v}));
      }
      reward = scorer.score(texts, texts, new int[texts.size()]);
      reference = softmax(before.nextLogits(List.of(prompt)).getFirst());
      policy = softmax(after.nextLogits(List.of(prompt)).getFirst());
    }
    double[] best = new double[reference.length];
    double normaliser = 0;
    for (int v = 0; v < best.length; v++) {
      best[v] = reference[v] * Math.exp(reward[v] / beta);
      normaliser += best[v];
    }
    for (int v = 0; v < best.length; v++) {
      best[v] /= normaliser;
    }
    double optimum = beta * Math.log(normaliser);
    assertThat(expected(reward, best) - beta * KlEstimators.exact(best, reference))
        .isEqualTo(optimum, within(1e-9));
    double start = expected(reward, reference);
    double reached = expected(reward, policy) - beta * KlEstimators.exact(policy, reference);
    assertThat((reached - start) / (optimum - start)).isBetween(0.95, 1 + 1e-6);
    assertThat(expected(reward, policy)).isEqualTo(expected(reward, best), within(0.05));
    assertThat(KlEstimators.exact(policy, reference))
        .isEqualTo(KlEstimators.exact(best, reference), within(0.05));
  }

  private static double expected(double[] reward, double[] probabilities) {
    double sum = 0;
    for (int v = 0; v < reward.length; v++) {
      sum += reward[v] * probabilities[v];
    }
    return sum;
  }

  private static double[] softmax(float[] logits) {
    double largest = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      largest = Math.max(largest, logit);
    }
    double[] probabilities = new double[logits.length];
    double sum = 0;
    for (int v = 0; v < logits.length; v++) {
      probabilities[v] = Math.exp(logits[v] - largest);
      sum += probabilities[v];
    }
    for (int v = 0; v < logits.length; v++) {
      probabilities[v] /= sum;
    }
    return probabilities;
  }
}
