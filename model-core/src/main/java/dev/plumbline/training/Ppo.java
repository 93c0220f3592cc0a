package dev.plumbline.training;

import dev.plumbline.data.ComparisonFile;
import dev.plumbline.data.ComparisonReader;
import dev.plumbline.data.UserError;
import dev.plumbline.dialogue.Comparison;
import dev.plumbline.lm.DecoderProgram;
import dev.plumbline.lm.DialogueFormat;
import dev.plumbline.lm.Generation;
import dev.plumbline.lm.LanguageModel;
import dev.plumbline.lm.Precision;
import dev.plumbline.lm.Randomness;
import dev.plumbline.lm.SamplingOptions;
import dev.plumbline.lm.TokenBatch;
import dev.plumbline.tokenizer.Tokenizer;
import dev.plumbline.torch.AdamW;
import dev.plumbline.torch.Program;
import dev.plumbline.torch.Scope;
import dev.plumbline.torch.Tensor;
import dev.plumbline.torch.TorchRuntime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * RLHF by PPO (paper section 4.1, appendix B.1; Schulman et al. 2017).
 *
 * <p>One iteration: sample a response to each prompt of a batch; score it; penalise the divergence
 * from the reference policy, {@code r_total = r_PM - lambda_KL KL} (equation 4.1); estimate
 * advantages; make K passes over the batch in minibatches with the clipped objective. Everything is
 * measured and averaged over response tokens only, the end token included.
 *
 * <p>Prompts are transcripts (see {@link SequenceFormat}) or stand in the policy's own chat
 * template with the assistant's turn opened (see {@link ChatFormat}); the response is what is
 * sampled then.
 *
 * <p>What the paper leaves open, and is chosen here:
 *
 * <ul>
 *   <li>The value function is a linear head on the policy's last hidden state, or a {@link
 *       ValueModel}. The head's weights start at zero. Either's bias starts where the mean value is
 *       the mean reward of the first batch: scores have no natural zero, and a value that is wrong
 *       by a constant makes late tokens, the end token above all, look worse or better than early
 *       ones. The head reads the trunk but sends no gradient into it, so the policy moves by reward
 *       alone; its learning rate is {@value #VALUE_RATE} times the policy's, because a head from
 *       zero has further to go. A value model has the policy's rate.
 *   <li>KL enters per token by the k1 estimate (or all at the last token).
 *   <li>Advantages by GAE, whitened over the batch; no dropout anywhere; AdamW without decay.
 * </ul>
 *
 * <p>Step {@code i} of the journal describes the policy after {@code i} updates, so step 0 is the
 * reference itself with KL 0, and after the last update the policy is measured once more.
 */
public final class Ppo implements TrainingStage {
  /** Learning rate of the value head over that of the policy. */
  static final int VALUE_RATE = 10;

  /**
   * What rounding allows.
   *
   * @param ratio how far the ratio may be from 1 before the first update of a batch
   * @param sampler how far sampler and trainer may disagree on a token's log-probability, nats
   */
  record Tolerance(double ratio, double sampler) {
    static Tolerance of(Precision precision) {
      return switch (precision) {
        case FLOAT32 -> new Tolerance(1e-3, 0.02);
        // A relative rounding of 2^-9 in each product; logits of some ten nats.
        case BFLOAT16 -> new Tolerance(0.25, 0.5);
      };
    }
  }

  /** At how many steps of a run, about, the tokens of the sheet's responses are kept. */
  static final int TRACED_STEPS = 100;

  /** Places among the sums over a minibatch's tokens that the losses give beside themselves. */
  private static final int POLICY_LOSS = 0;

  private static final int K2 = 1;
  private static final int K3 = 2;
  private static final int CLIPPED = 3;
  private static final int RATIO = 4;
  private static final int LARGEST_RATIO = 5;
  private static final int LEAST_RATIO = 6;
  private static final int VALUE_LOSS = 7;
  private static final int VALUE_CLIPPED = 8;
  private static final int SUMS = 9;

  private static final AdamW.Settings ADAM = new AdamW.Settings(0.9, 0.999, 1e-8, 0);

  /**
   * The value losses of tokens [N] and the sums that go with them: {@code [mean, [sum, clipped]]}.
   */
  static final String VALUE_TERMS =
      """

        def value_terms(self, value: Tensor, old_value: Tensor, returns: Tensor, value_clip: float) -> List[Tensor]:
          near = old_value + torch.clamp(value - old_value, 0.0 - value_clip, value_clip)
          plain = torch.square(value - returns)
          bounded = torch.square(near - returns)
          losses = torch.maximum(plain, bounded) * 0.5
          return [torch.mean(losses), torch.stack([torch.sum(losses), torch.sum(torch.gt(bounded, plain).to(6))], 0)]
      """;

  /** The stage's methods; tokens [N] are the response tokens of a batch, row by row. */
  static final DecoderProgram.Extension METHODS =
      new DecoderProgram.Extension(
          """
            def values_of(self, p: List[Tensor], h: Tensor) -> Tensor:
              return torch.linear(torch.detach(h), p[len(p) - 2], p[len(p) - 1]).view([-1])

            def judged(self, p: List[Tensor], q: List[Tensor], h: Tensor, x: List[Tensor], at: Tensor, wanted: Tensor, temperature: float) -> List[Tensor]:
              t = wanted.unsqueeze(1)
              l = torch.log_softmax(self.logits(p, h) / temperature, -1)
              m = self.log_probabilities(q, x, at, temperature)
              w = torch.exp(l)
              return [
                torch.gather(l, 1, t).view([-1]),
                torch.gather(m, 1, t).view([-1]),
                torch.neg(torch.sum(w * l, -1)),
                torch.sum(w * (l - m), -1)]

            def experience(self, p: List[Tensor], q: List[Tensor], x: List[Tensor], at: Tensor, wanted: Tensor, temperature: float) -> List[Tensor]:
              h = self.picked(self.hidden(p, x), at)
              found = self.judged(p, q, h, x, at, wanted, temperature)
              found.append(self.values_of(p, h))
              return found

            def experience_alone(self, p: List[Tensor], q: List[Tensor], x: List[Tensor], at: Tensor, wanted: Tensor, temperature: float) -> List[Tensor]:
              return self.judged(p, q, self.picked(self.hidden(p, x), at), x, at, wanted, temperature)

            def policy_terms(self, p: List[Tensor], h: Tensor, wanted: Tensor, old: Tensor, advantage: Tensor, temperature: float, clip: float) -> List[Tensor]:
              l = torch.log_softmax(self.logits(p, h) / temperature, -1)
              change = torch.gather(l, 1, wanted.unsqueeze(1)).view([-1]) - old
              ratio = torch.exp(change)
              clipped = torch.clamp(ratio, 1.0 - clip, 1.0 + clip)
              losses = torch.maximum(torch.neg(advantage * ratio), torch.neg(advantage * clipped))
              stats = torch.stack([
                torch.sum(losses),
                torch.sum(torch.square(change)) * 0.5,
                torch.sum(torch.expm1(change) - change),
                torch.sum(torch.gt(torch.abs(ratio - 1.0), clip).to(6)),
                torch.sum(ratio),
                torch.max(ratio),
                torch.min(ratio)], 0)
              return [torch.mean(losses), stats]

            def policy_loss_of(self, p: List[Tensor], h: Tensor, at: Tensor, wanted: Tensor, old: Tensor, advantage: Tensor, temperature: float, clip: float) -> List[Tensor]:
              return self.policy_terms(p, self.picked(h, at), wanted, old, advantage, temperature, clip)

            def ppo_loss_of(self, p: List[Tensor], h: Tensor, at: Tensor, wanted: Tensor, old: Tensor, advantage: Tensor, old_value: Tensor, returns: Tensor, temperature: float, clip: float, value_clip: float, value_weight: float) -> List[Tensor]:
              h = self.picked(h, at)
              policy = self.policy_terms(p, h, wanted, old, advantage, temperature, clip)
              value = self.value_terms(self.values_of(p, h), old_value, returns, value_clip)
              return [policy[0] + value[0] * value_weight, torch.cat([policy[1], value[1]], 0)]
          """
              + VALUE_TERMS,
          List.of("ppo_loss", "policy_loss"));

  /**
   * Responses drawn from the policy.
   *
   * @param policyVersion updates that the policy had seen
   * @param sampling how they were drawn
   * @param asked the dialogues so far
   * @param responses the sampled tokens
   * @param texts the responses' texts
   */
  record Rollout(
      long policyVersion,
      SamplingOptions sampling,
      List<PromptPools.Prompt> asked,
      List<Generation> responses,
      List<String> texts) {
    int size() {
      return asked.size();
    }

    List<String> prompts() {
      return asked.stream().map(PromptPools.Prompt::text).toList();
    }

    /** Response tokens of each. */
    int[] lengths() {
      return responses.stream().mapToInt(response -> response.tokens().length).toArray();
    }

    /** Whether each ended by itself. */
    boolean[] ended() {
      boolean[] ended = new boolean[responses.size()];
      for (int i = 0; i < ended.length; i++) {
        ended[i] = responses.get(i).ended();
      }
      return ended;
    }

    double temperature() {
      return sampling.temperature();
    }

    /** Prompt and response in one. */
    int[] sequence(int i) {
      int[] prompt = asked.get(i).tokens();
      int[] response = responses.get(i).tokens();
      int[] sequence = Arrays.copyOf(prompt, prompt.length + response.length);
      System.arraycopy(response, 0, sequence, prompt.length, response.length);
      return sequence;
    }
  }

  /**
   * A rollout with everything that learning needs; the inner arrays run over response tokens, in
   * nats.
   */
  static final class Experience {
    private final Rollout rollout;
    private final ResponseScorer.Scores scores;
    private final double[][] logProbabilities;
    private final double[][] reference;
    private final double[][] entropies;
    private final double[][] exactKl;
    private final double[][] values;

    /**
     * What was found.
     *
     * @param scores score of each response
     * @param found ln pi of each token by the training pass, ln pi_ref, entropy of pi, KL(pi,
     *     pi_ref) over the whole vocabulary, value before the token
     */
    Experience(Rollout rollout, ResponseScorer.Scores scores, double[][][] found) {
      this.rollout = rollout;
      this.scores = scores;
      logProbabilities = found[0];
      reference = found[1];
      entropies = found[2];
      exactKl = found[3];
      values = found[4];
    }

    /** Values before the tokens of one response. */
    double[] values(int response) {
      return values[response];
    }

    int tokens() {
      return Arrays.stream(values).mapToInt(row -> row.length).sum();
    }
  }

  /** Where the clock stood. */
  private record Seconds(double generate, double score) {}

  private final PpoSettings settings;
  private final Randomness randomness;
  private final TorchRuntime runtime;
  private final TrainedPart part;
  private final Tolerance tolerance;
  private final MicroBatches scoring;
  private final MicroBatches learning;
  private final LanguageModel policy;
  private final LanguageModel reference;
  private final @Nullable ChatFormat chat;
  private final List<Tensor> valueHead;
  private final @Nullable ValueModel valueModel;
  private final List<Tensor> parameters;
  private final Program program;
  private final AdamW policyOptimiser;
  private final @Nullable AdamW headOptimiser;
  private final List<Tensor> gradients;
  private final ResponseScorer scorer;
  private final RewardRule rule;
  private final TestScorers tests;
  private final FirstScores first;
  private final ScoreZeros zeros;
  private final Golds golds;
  private final Schedule schedule;
  private final Steering steering;
  private final List<PpoSettings.PromptPool> pools;
  private final PromptPools prompts;
  private final HeldOutResponses heldOut;
  private final @Nullable PolicyRanker ranker;
  private long policyVersion;

  /** Reads the models and the prompts. */
  public Ppo(PpoSettings settings, long seed, TorchRuntime runtime) {
    this.settings = settings;
    this.runtime = runtime;
    randomness = new Randomness(seed);
    if (!(settings.temperature() > 0)) {
      throw new UserError(
          "temperature must be above 0: PPO learns from responses drawn from the policy, and greedy"
              + " ones are not");
    }
    for (String preferenceModel : settings.reward().preferenceModels()) {
      ScoreFixture.requireFormat(Path.of(preferenceModel), settings.format());
    }
    pools =
        settings.promptPools().isEmpty()
            ? List.of(new PpoSettings.PromptPool("all", settings.prompts(), 1, null))
            : settings.promptPools();
    golds = new Golds(settings.gold(), pools.stream().map(PpoSettings.PromptPool::gold).toList());
    TrainerSettings trainer = settings.trainer();
    part = new TrainedPart(trainer);
    tolerance = Tolerance.of(trainer.precision());
    LanguageModel loaded = LanguageModel.load(runtime, Path.of(settings.policy()));
    // Adapters leave the model's own matrices alone, so policy and reference may share them.
    policy = part.of(trainer.lora() == null ? loaded.copy() : loaded, randomness);
    reference = part.of(loaded, randomness);
    chat = settings.format() == DialogueFormat.CHAT_TEMPLATE ? chat(policy) : null;
    scoring = new MicroBatches(Math.min(settings.minibatchSize(), atOnce(trainer)));
    learning = new MicroBatches(trainer.microBatchSize());
    scorer = ResponseScorer.of(settings.reward(), runtime);
    rule = RewardRule.of(settings);
    tests = new TestScorers(settings.testRewards(), settings.format(), runtime);
    first = new FirstScores(runtime, 1 + tests.size());
    zeros = ScoreZeros.of(settings.reward(), settings.testRewards(), first);
    policyOptimiser =
        new AdamW(runtime, policy.parameters(), policy.parameterNames(), part::trains, ADAM);
    parameters = new ArrayList<>(policy.parameters());
    gradients = new ArrayList<>(policyOptimiser.gradients());
    program = policy.program(METHODS);
    if (settings.value() == PpoSettings.Value.HEAD) {
      int width = policy.config().dModel();
      valueModel = null;
      valueHead = List.of(runtime.zeros(1, width).keep(), runtime.zeros(1).keep());
      headOptimiser =
          new AdamW(runtime, valueHead, List.of("value_head.weight", "value_head.bias"), ADAM);
      parameters.addAll(valueHead);
      gradients.addAll(headOptimiser.gradients());
    } else {
      valueHead = List.of();
      headOptimiser = null;
      valueModel =
          new ValueModel(
              Path.of(settings.reward().preferenceModels().getFirst()),
              policy.tokenizer(),
              part,
              randomness,
              ADAM,
              runtime);
    }
    schedule =
        new Schedule(
            trainer.courseOr(Schedule.Course.CONSTANT),
            settings.warmupIterations(),
            settings.iterations(),
            trainer.halveEvery());
    steering =
        new Steering(
            Map.of(
                Steering.LAMBDA_KL, settings.lambdaKl(),
                Steering.LEARNING_RATE, settings.learningRate(),
                Steering.TEMPERATURE, settings.temperature()));

    int longest =
        Math.min(
            settings.maxPromptTokens(),
            policy.config().contextTokens() - settings.maxResponseTokens());
    heldOut = new HeldOutResponses(settings, this::encode, longest, randomness);
    prompts =
        new PromptPools(
            pools,
            this::encode,
            longest,
            heldOut.texts(),
            settings.batchSize(),
            settings.sampleSheetSize(),
            randomness);
    PpoSettings.Ranker ranks = settings.ranker();
    ranker = ranks == null ? null : new PolicyRanker(policy, comparisons(ranks), this::encode);
  }

  private List<Comparison> comparisons(PpoSettings.Ranker ranks) {
    List<Comparison> all = new ArrayList<>();
    for (String file : ranks.data()) {
      ComparisonFile read = ComparisonReader.read(Path.of(file));
      read.report().requireClean();
      all.addAll(read.comparisons());
    }
    int[] order = randomness.permutation(all.size(), "ranker");
    return Arrays.stream(order).limit(ranks.maxComparisons()).mapToObj(all::get).toList();
  }

  private static int atOnce(TrainerSettings trainer) {
    return trainer.microBatchSize() == 0 ? Integer.MAX_VALUE : trainer.microBatchSize();
  }

  /** The chat form of a policy, whose responses must end where the template ends a turn. */
  private static ChatFormat chat(LanguageModel policy) {
    Tokenizer tokenizer = policy.tokenizer();
    ChatFormat chat = ChatFormat.of(tokenizer);
    int end = chat.end().orElse(policy.config().eos());
    if (end != policy.config().eos() && !tokenizer.stops().contains(end)) {
      throw new UserError(
          ("%s: the chat template ends the assistant's turn with %s, at which no response of this"
                  + " model ends; add its id %d to eos_token_id in generation_config.json beside"
                  + " it")
              .formatted(tokenizer.source(), tokenizer.show(end), end));
    }
    return chat;
  }

  private int[] encode(String prompt) {
    return chat == null ? SequenceFormat.prompt(policy.tokenizer(), prompt) : chat.prompt(prompt);
  }

  /** The policy in training. */
  public LanguageModel policy() {
    return policy;
  }

  @Override
  public String phase() {
    return "reinforcement learning";
  }

  @Override
  public long totalSteps() {
    return settings.iterations();
  }

  @Override
  public Steering steering() {
    return steering;
  }

  @Override
  public Report step(long done, RunListener listener, Interruption interruption) {
    policyVersion = done;
    long start = System.nanoTime();
    Rollout rollout = sample(done);
    double generateSeconds = secondsSince(start);
    interruption.check();
    start = System.nanoTime();
    Experience experience = judge(rollout);
    Map<String, double[]> tested = test(rollout);
    interruption.check();
    if (done == 0) {
      start(experience, tested);
      if (tests.size() > 0) {
        listener.notice(done, zeros.describe());
      }
    }
    sampleSheet(done, listener);
    Map<String, Double> values = measure(experience, tested);
    double scoreSeconds = secondsSince(start);
    start = System.nanoTime();
    values.putAll(update(experience, done));
    putSeconds(values, new Seconds(generateSeconds, scoreSeconds));
    values.put(Metrics.TRAIN_SECONDS, secondsSince(start));
    for (MicroBatches parts : List.of(scoring, learning)) {
      parts.takeNews().ifPresent(news -> listener.notice(done, news));
    }
    return new Report(done, rollout.size(), tokens(rollout), values);
  }

  /**
   * Measures what is not part of an iteration, when it is due; after the last update the policy is
   * measured in everything once more.
   */
  @Override
  public Optional<Report> measure(long done, RunListener listener, Interruption interruption) {
    policyVersion = done;
    Map<String, Double> values = new LinkedHashMap<>();
    if (!heldOut.isEmpty() && due(settings.heldOutEvery())) {
      listener.progress(done, settings.iterations(), Double.NaN, "evaluating");
      heldOut.put(values, this::sample, this::scores, interruption);
    }
    PpoSettings.Ranker ranks = settings.ranker();
    if (ranker != null && ranks != null && due(ranks.every())) {
      listener.progress(done, settings.iterations(), Double.NaN, "evaluating");
      interruption.check();
      ranker.rank(policy).put(values);
    }
    if (done == settings.iterations()) {
      values.putAll(measureOnce(done, listener, interruption));
    }
    return values.isEmpty() ? Optional.empty() : Optional.of(new Report(done, 0, 0, values));
  }

  private boolean due(int every) {
    return policyVersion % every == 0 || policyVersion == settings.iterations();
  }

  private Map<String, Double> measureOnce(
      long done, RunListener listener, Interruption interruption) {
    long start = System.nanoTime();
    Rollout rollout = sample(done);
    double generateSeconds = secondsSince(start);
    interruption.check();
    start = System.nanoTime();
    Experience experience = judge(rollout);
    Map<String, double[]> tested = test(rollout);
    interruption.check();
    sampleSheet(done, listener);
    Map<String, Double> values = measure(experience, tested);
    putSeconds(values, new Seconds(generateSeconds, secondsSince(start)));
    return values;
  }

  /** Scores by the preference models that are not trained on, where it is time for them. */
  private Map<String, double[]> test(Rollout rollout) {
    return tests.size() > 0 && due(settings.testEvery())
        ? tests.score(rollout.prompts(), rollout.texts())
        : Map.of();
  }

  private static void putSeconds(Map<String, Double> values, Seconds seconds) {
    values.put(Metrics.GENERATE_SECONDS, seconds.generate());
    values.put(Metrics.SCORE_SECONDS, seconds.score());
  }

  private static double secondsSince(long start) {
    return (System.nanoTime() - start) * 1e-9;
  }

  private static long tokens(Rollout rollout) {
    return IntStream.range(0, rollout.size()).mapToLong(i -> rollout.sequence(i).length).sum();
  }

  /** Draws one response to each prompt of an iteration's batch. */
  Rollout sample(long iteration) {
    return sample(prompts.batch(iteration), randomness.key("rollout", iteration));
  }

  private Rollout sample(List<PromptPools.Prompt> asked, long key) {
    double temperature = steering.value(Steering.TEMPERATURE);
    int end = SequenceFormat.endToken(policy);
    SamplingOptions options =
        new SamplingOptions(temperature, settings.maxResponseTokens(), end, key, 0);
    List<Generation> responses =
        policy.generate(asked.stream().map(PromptPools.Prompt::tokens).toList(), options);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < responses.size(); i++) {
      int[] prompt = asked.get(i).tokens();
      texts.add(policy.tokenizer().decodeAfter(prompt, responses.get(i).tokens()));
    }
    return new Rollout(policyVersion, options, asked, responses, texts);
  }

  /**
   * Remembers the first batch's scores, from which others may be counted, and moves the values to
   * the mean reward of these responses, whose KL is zero.
   */
  private void start(Experience experience, Map<String, double[]> tested) {
    List<double[]> scores = new ArrayList<>();
    scores.add(experience.scores.total());
    scores.addAll(tested.values());
    first.start(scores);
    double reward =
        Means.of(
                Arrays.stream(rewards(experience))
                    .mapToDouble(row -> Arrays.stream(row).sum())
                    .toArray())
            .mean();
    double shift = reward - Means.of(RewardRule.flat(experience.values)).mean();
    if (valueModel != null) {
      valueModel.shift(shift);
    } else {
      valueHead.get(1).set(new float[] {(float) shift});
    }
    for (double[] row : experience.values) {
      for (int t = 0; t < row.length; t++) {
        row[t] = (float) (row[t] + shift);
      }
    }
  }

  private ResponseScorer.Scores scores(Rollout rollout) {
    return scorer.scores(rollout.prompts(), rollout.texts(), rollout.lengths());
  }

  /** Scores a rollout and runs policy, reference and value function over it. */
  Experience judge(Rollout rollout) {
    ResponseScorer.Scores scores = scores(rollout);
    int n = rollout.size();
    int[] lengths = rollout.lengths();
    double[][][] found = new double[5][n][];
    scoring.run(
        n,
        (from, to) -> {
          int[] rows = IntStream.range(from, to).toArray();
          try (Scope _ = runtime.scope()) {
            TokenBatch batch = batch(rollout, rows);
            List<double[]> outputs =
                new ArrayList<>(
                    program
                        .call(
                            valueModel == null ? "experience" : "experience_alone",
                            parameters,
                            reference.parameters(),
                            batch.x(),
                            batch.at(),
                            batch.wanted(),
                            rollout.temperature())
                        .stream()
                        .map(Tensor::toDoubles)
                        .toList());
            if (valueModel != null) {
              outputs.add(valueModel.values(batch));
            }
            for (int k = 0; k < found.length; k++) {
              int at = 0;
              for (int row : rows) {
                found[k][row] = Arrays.copyOfRange(outputs.get(k), at, at + lengths[row]);
                at += lengths[row];
              }
            }
          }
        },
        () -> {}); // what was found is found again
    return new Experience(rollout, scores, found);
  }

  private TokenBatch batch(Rollout rollout, int[] rows) {
    return TokenBatch.of(
        runtime,
        Arrays.stream(rows).mapToObj(rollout::sequence).toList(),
        Arrays.stream(rows).map(row -> rollout.asked().get(row).tokens().length).toArray());
  }

  /** What each response is credited with for its score. */
  private double[] credited(Experience experience) {
    RewardTransform.Standard standard =
        rule.transform().standardise() ? first.standard(0) : RewardTransform.Standard.NONE;
    double[] credited = new double[experience.rollout.size()];
    for (int i = 0; i < credited.length; i++) {
      boolean ended = experience.rollout.responses().get(i).ended();
      credited[i] = rule.credited(experience.scores.total()[i], ended, standard);
    }
    return credited;
  }

  /** Rewards of every response's tokens, before any whitening. */
  private double[][] plainRewards(Experience experience, double[] credited) {
    double lambda = steering.value(Steering.LAMBDA_KL);
    double[][] rewards = new double[credited.length][];
    for (int i = 0; i < rewards.length; i++) {
      rewards[i] =
          rule.rewards(
              credited[i], experience.logProbabilities[i], experience.reference[i], lambda);
    }
    return rewards;
  }

  /** Rewards of every response's tokens, as they are learned from. */
  double[][] rewards(Experience experience) {
    double[][] rewards = plainRewards(experience, credited(experience));
    return settings.whitenRewards() ? RewardRule.whitened(rewards) : rewards;
  }

  /** What a rollout says of the policy that drew it. */
  Map<String, Double> measure(Experience experience) {
    return measure(experience, Map.of());
  }

  private Map<String, Double> measure(Experience experience, Map<String, double[]> tested) {
    Rollout rollout = experience.rollout;
    requireOwnDraws(experience);
    PolicyStatistics.Divergences kl =
        PolicyStatistics.divergences(
            experience.logProbabilities, experience.reference, experience.exactKl);
    double[] credited = credited(experience);
    double[] totals =
        Arrays.stream(plainRewards(experience, credited))
            .mapToDouble(row -> Arrays.stream(row).sum())
            .toArray();
    double lambda = steering.value(Steering.LAMBDA_KL);
    double[] scores = experience.scores.total();
    Map<String, Double> values = new LinkedHashMap<>();
    Means.of(scores).put(values, Metrics.PM_SCORE);
    experience
        .scores
        .parts()
        .forEach((name, part) -> Means.of(part).put(values, Metrics.SUMMAND.of(name)));
    if (!tested.isEmpty()) {
      tests.put(values, scores, tested, zeros);
    }
    values.put(Metrics.REWARD_SCORE, Means.of(credited).mean());
    Means.of(totals).put(values, Metrics.REWARD_TOTAL);
    // Adding zero turns a minus zero, which a zero lambda can give, into zero.
    values.put(Metrics.KL_PENALTY, lambda * Means.of(kl.k1()).mean() + 0.0);
    double[] gold = golds.rewards(rollout);
    if (golds.everywhere()) {
      Means.of(gold).put(values, Metrics.GOLD_REWARD);
    }
    PolicyStatistics.put(values, kl, experience.entropies, rollout.ended());
    if (pools.size() > 1) {
      putPools(values, experience, kl.exact(), gold);
    }
    values.put(Metrics.SAMPLER_GAP, samplerGap(experience));
    values.put(Metrics.LAMBDA_KL, lambda);
    values.put(Metrics.TEMPERATURE, rollout.temperature());
    return values;
  }

  /** Score, divergence and gold reward by kind of prompt. */
  private void putPools(
      Map<String, Double> values, Experience experience, double[] kl, double[] gold) {
    for (int j = 0; j < pools.size(); j++) {
      int pool = j;
      int[] rows =
          IntStream.range(0, kl.length)
              .filter(i -> experience.rollout.asked().get(i).pool() == pool)
              .toArray();
      if (rows.length == 0) {
        continue; // a small share has no prompt in every batch
      }
      String name = pools.get(j).name();
      Means.of(at(experience.scores.total(), rows)).put(values, Metrics.POOL_SCORE.of(name));
      Means.of(at(kl, rows)).put(values, Metrics.POOL_KL.of(name));
      if (golds.in(j)) {
        Means.of(at(gold, rows)).put(values, Metrics.POOL_GOLD.of(name));
      }
    }
  }

  private static double[] at(double[] values, int[] rows) {
    return Arrays.stream(rows).mapToDouble(row -> values[row]).toArray();
  }

  /** Largest difference between the sampler's log-probabilities and the training pass's. */
  private static double samplerGap(Experience experience) {
    double gap = 0;
    for (int i = 0; i < experience.rollout.size(); i++) {
      double[] drawn = experience.rollout.responses().get(i).logProbabilities();
      for (int t = 0; t < experience.logProbabilities[i].length; t++) {
        gap = Math.max(gap, Math.abs(drawn[t] - experience.logProbabilities[i][t]));
      }
    }
    return gap;
  }

  /**
   * The responses must be draws from the policy, and the first policy is the reference: its
   * log-probabilities are the reference's.
   */
  private void requireOwnDraws(Experience experience) {
    long version = experience.rollout.policyVersion();
    double gap = samplerGap(experience);
    if (Double.isNaN(gap)) {
      throw new Anomaly(
          Anomaly.Kind.NOT_FINITE,
          "log-probabilities not finite at step %d of PPO: the policy has gone beyond numbers"
              .formatted(version));
    }
    if (!(gap <= tolerance.sampler())) {
      throw new UserError(
          ("iteration %d: the sampler and the training pass disagree by %.3g nats on a token, more"
               + " than rounding (%s); the responses are not drawn from the policy, so PPO stops;"
               + " please report this with the run's spec.json")
              .formatted(version, gap, tolerance.sampler()));
    }
    for (int i = 0; version == 0 && i < experience.rollout.size(); i++) {
      for (int t = 0; t < experience.reference[i].length; t++) {
        double apart = Math.abs(experience.logProbabilities[i][t] - experience.reference[i][t]);
        if (!(apart <= tolerance.ratio())) {
          throw new UserError(
              ("before the first update policy and reference differ by %.3g nats on a token, more"
                      + " than rounding (%s): their KL must be 0, so PPO stops; please report this"
                      + " with the run's spec.json")
                  .formatted(apart, tolerance.ratio()));
        }
      }
    }
  }

  /** The responses to the sheet's prompts, which are the same at every step, to be read. */
  private void sampleSheet(long done, RunListener listener) {
    List<PromptPools.Prompt> sheet = prompts.sheet();
    if (sheet.isEmpty()) {
      return;
    }
    // The same random numbers at every step too: what differs between steps is the policy.
    Experience experience = judge(sample(sheet, randomness.key("sheet")));
    Rollout rollout = experience.rollout;
    Map<String, double[]> others = new LinkedHashMap<>();
    test(rollout).forEach((name, scores) -> others.put("test/" + name, scores));
    experience.scores.parts().forEach((name, scores) -> others.put("part/" + name, scores));
    others.put("gold", golds.rewards(rollout));
    boolean traced = done % tracedEvery() == 0 || done == settings.iterations();
    double[][] rewards = traced ? plainRewards(experience, credited(experience)) : new double[0][];
    for (int i = 0; i < rollout.size(); i++) {
      Map<String, Double> scores = new LinkedHashMap<>();
      for (Map.Entry<String, double[]> other : others.entrySet()) {
        double score = other.getValue()[i];
        if (Double.isFinite(score)) {
          scores.put(other.getKey(), score);
        }
      }
      listener.sample(
          new ResponseSample(
              done,
              i,
              rollout.prompts().get(i),
              rollout.texts().get(i),
              experience.scores.total()[i],
              Arrays.stream(experience.logProbabilities[i]).sum(),
              Arrays.stream(experience.reference[i]).sum(),
              rollout.responses().get(i).tokens().length,
              rollout.responses().get(i).ended(),
              scores,
              traced ? trace(experience, i, rewards[i]) : TokenTrace.NONE));
    }
  }

  /** So many steps lie between two whose traces are kept; a long run's journal stays bounded. */
  private long tracedEvery() {
    return Math.max(1, Math.ceilDiv(settings.iterations(), TRACED_STEPS));
  }

  private TokenTrace trace(Experience experience, int i, double[] rewards) {
    Rollout rollout = experience.rollout;
    double[] advantages =
        Advantages.gae(rewards, experience.values[i], settings.gamma(), settings.gaeLambda());
    int[] ends = ends(rollout.asked().get(i).tokens(), rollout, i);
    List<TokenTrace.Token> tokens = new ArrayList<>();
    for (int t = 0; t < ends.length; t++) {
      tokens.add(
          new TokenTrace.Token(
              ends[t],
              TokenTrace.rounded(experience.logProbabilities[i][t]),
              TokenTrace.rounded(experience.reference[i][t]),
              TokenTrace.rounded(experience.exactKl[i][t]),
              TokenTrace.rounded(experience.entropies[i][t]),
              TokenTrace.rounded(experience.values[i][t]),
              TokenTrace.rounded(advantages[t])));
    }
    return new TokenTrace(tokens);
  }

  /** Where the text of each token ends in its response. */
  private int[] ends(int[] prompt, Rollout rollout, int i) {
    int[] drawn = rollout.responses().get(i).tokens();
    return TokenEnds.of(
        policy.tokenizer(), prompt, drawn, rollout.texts().get(i), TokenTrace.LONGEST);
  }

  /**
   * K passes over a batch of experience.
   *
   * @throws UserError where the experience is not of the policy as it is now, at its temperature,
   *     or where the numbers are no longer finite
   */
  Map<String, Double> update(Experience experience, long iteration) {
    Rollout rollout = experience.rollout;
    double temperature = steering.value(Steering.TEMPERATURE);
    if (rollout.policyVersion() != policyVersion || rollout.temperature() != temperature) {
      throw new UserError(
          ("PPO learns from responses of the policy as it is: these were drawn after %d updates at"
                  + " temperature %s, it has seen %d and stands at %s")
              .formatted(
                  rollout.policyVersion(), rollout.temperature(), policyVersion, temperature));
    }
    if (!rollout.sampling().unbounded()) {
      throw new UserError(
          "PPO learns from draws from the whole distribution of the policy: these were drawn"
              + " greedily, under top-k, top-p or a least length, or cut at a text");
    }
    int n = rollout.size();
    double[][] rewards = rewards(experience);
    double[][] raw = new double[n][];
    double[][] returns = new double[n][];
    for (int i = 0; i < n; i++) {
      double[] values = experience.values[i];
      raw[i] = Advantages.gae(rewards[i], values, settings.gamma(), settings.gaeLambda());
      returns[i] = new double[values.length];
      for (int t = 0; t < values.length; t++) {
        returns[i][t] = raw[i][t] + values[t];
      }
    }
    double explained =
        Advantages.explainedVariance(RewardRule.flat(experience.values), RewardRule.flat(returns));
    double[][] advantages =
        settings.whitenAdvantages()
            ? RewardRule.like(
                raw,
                Advantages.whiten(
                    RewardRule.flat(raw), Advantages.Mean.REMOVE, Advantages.Variance.UNBIASED))
            : raw;

    double rate = steering.value(Steering.LEARNING_RATE) * schedule.share(iteration);
    double[] sums = new double[SUMS];
    double largestRatio = 0;
    double tokens = 0;
    double norms = 0;
    int updates = 0;
    for (int epoch = 0; epoch < settings.epochs(); epoch++) {
      int[] shuffled = randomness.permutation(n, "minibatches", iteration, epoch);
      for (int from = 0; from < n; from += settings.minibatchSize()) {
        int[] rows =
            Arrays.copyOfRange(shuffled, from, Math.min(n, from + settings.minibatchSize()));
        double[] stats = new double[SUMS];
        double[] loss = {0};
        int count = Arrays.stream(rows).map(row -> returns[row].length).sum();
        learning.run(
            rows.length,
            (start, end) ->
                learn(
                    experience,
                    Arrays.copyOfRange(rows, start, end),
                    new Targets(advantages, returns, count),
                    stats,
                    loss),
            () -> {
              policyOptimiser.discard();
              valueOptimiser().discard();
              Arrays.fill(stats, 0);
              loss[0] = 0;
            });
        if (epoch == 0 && from == 0) {
          requireUnchangedPolicy(
              iteration,
              stats,
              RewardRule.flat(
                  Arrays.stream(rows).mapToObj(r -> advantages[r]).toArray(double[][]::new)));
        }
        double norm = policyOptimiser.clip(settings.maxGradientNorm());
        double valueNorm = valueOptimiser().clip(settings.maxGradientNorm());
        Anomaly.requireFinite("PPO", iteration, loss[0], norm + valueNorm);
        policyOptimiser.step(rate);
        valueOptimiser().step(valueModel == null ? VALUE_RATE * rate : rate);
        for (int k = 0; k < sums.length; k++) {
          sums[k] += stats[k];
        }
        largestRatio = Math.max(largestRatio, stats[LARGEST_RATIO]);
        tokens += count;
        norms += norm;
        updates++;
      }
    }
    policyVersion++;
    if (settings.klTarget() > 0) {
      double kl =
          Means.of(
                  Arrays.stream(experience.exactKl)
                      .mapToDouble(row -> Arrays.stream(row).sum())
                      .toArray())
              .mean();
      double lambda = steering.value(Steering.LAMBDA_KL);
      steering.set(
          Steering.LAMBDA_KL,
          AdaptiveKl.next(lambda, kl, settings.klTarget(), n, settings.klHorizon()));
    }

    Map<String, Double> values = new LinkedHashMap<>();
    values.put(Metrics.POLICY_LOSS, sums[POLICY_LOSS] / tokens);
    values.put(Metrics.VALUE_LOSS, sums[VALUE_LOSS] / tokens);
    values.put(Metrics.APPROX_KL, sums[K2] / tokens);
    values.put(Metrics.APPROX_KL_K3, sums[K3] / tokens);
    values.put(Metrics.CLIP_FRACTION, sums[CLIPPED] / tokens);
    values.put(Metrics.RATIO_MEAN, sums[RATIO] / tokens);
    values.put(Metrics.RATIO_MAX, largestRatio);
    values.put(Metrics.VALUE_CLIP_FRACTION, sums[VALUE_CLIPPED] / tokens);
    values.put(Metrics.EXPLAINED_VARIANCE, explained);
    values.put(Metrics.GRAD_NORM, norms / updates);
    values.put(Metrics.LEARNING_RATE, rate);
    return values;
  }

  /**
   * What an update learns.
   *
   * @param tokens response tokens of the minibatch
   */
  @SuppressWarnings("ArrayRecordComponent") // bulk data, never compared
  private record Targets(double[][] advantages, double[][] returns, int tokens) {}

  /** Adds the gradients of some responses of a minibatch, and what they say of it. */
  private void learn(
      Experience experience, int[] rows, Targets targets, double[] stats, double[] loss) {
    int count = Arrays.stream(rows).map(row -> targets.returns()[row].length).sum();
    double share = (double) count / targets.tokens();
    try (Scope _ = runtime.scope()) {
      TokenBatch batch = batch(experience.rollout, rows);
      List<Tensor> outputs = gradients(experience, batch, rows, targets, share);
      loss[0] += share * outputs.get(0).item();
      double[] found = Arrays.copyOf(outputs.get(1).toDoubles(), SUMS);
      if (valueModel != null) {
        List<Tensor> values =
            valueModel.learn(
                share,
                batch,
                rows(experience.values, rows),
                rows(targets.returns(), rows),
                settings.valueClipRange(),
                settings.valueCoefficient());
        loss[0] += share * values.get(0).item();
        double[] own = values.get(1).toDoubles();
        System.arraycopy(own, 0, found, VALUE_LOSS, own.length);
      }
      boolean fresh = stats[LEAST_RATIO] == 0;
      for (int k = 0; k < stats.length; k++) {
        stats[k] =
            switch (k) {
              case LARGEST_RATIO -> Math.max(stats[k], found[k]);
              case LEAST_RATIO -> fresh ? found[k] : Math.min(stats[k], found[k]);
              default -> stats[k] + found[k];
            };
      }
    }
  }

  private List<Tensor> gradients(
      Experience experience, TokenBatch batch, int[] rows, Targets targets, double share) {
    Tensor old = rows(experience.logProbabilities, rows);
    Tensor advantages = rows(targets.advantages(), rows);
    double temperature = experience.rollout.temperature();
    double clip = settings.clipRange();
    return (valueModel != null
            ? program.gradients(
                "policy_loss",
                share,
                parameters,
                gradients,
                batch.x(),
                batch.at(),
                batch.wanted(),
                old,
                advantages,
                temperature,
                clip)
            : program.gradients(
                "ppo_loss",
                share,
                parameters,
                gradients,
                batch.x(),
                batch.at(),
                batch.wanted(),
                old,
                advantages,
                rows(experience.values, rows),
                rows(targets.returns(), rows),
                temperature,
                clip,
                settings.valueClipRange(),
                settings.valueCoefficient()))
        .outputs();
  }

  /**
   * Before the first update of a batch the policy is the one that drew it: every ratio is 1, the
   * approximate KL is 0 and the policy loss is minus the mean advantage, up to rounding; with
   * whitened advantages and one minibatch that is 0. Where they are not, sampling, masks or
   * positions are wrong, and the update would be too.
   *
   * @param advantages of the minibatch's tokens
   */
  private void requireUnchangedPolicy(long iteration, double[] stats, double[] advantages) {
    int tokens = advantages.length;
    double approximateKl = stats[K2] / tokens;
    double lossApart = Math.abs(stats[POLICY_LOSS] + Arrays.stream(advantages).sum()) / tokens;
    double size = Arrays.stream(advantages).map(Math::abs).sum() / tokens;
    double deviation =
        Math.max(Math.abs(stats[LARGEST_RATIO] - 1), Math.abs(stats[LEAST_RATIO] - 1));
    double klTolerance = tolerance.ratio() * tolerance.ratio() / 2;
    double lossTolerance = 1e-6 + tolerance.ratio() * size;
    if (!(deviation <= tolerance.ratio())
        || !(approximateKl <= klTolerance)
        || !(lossApart <= lossTolerance)) {
      throw new UserError(
          ("iteration %d: before the first update the ratio is 1 +- %.3g (rounding allows %s),"
                  + " approx_kl %.3g (rounding allows %.1g) and the policy loss %.3g from minus the"
                  + " mean advantage (rounding allows %.1g); the batch was not drawn from this"
                  + " policy, so PPO stops; please report this with the run's spec.json")
              .formatted(
                  iteration,
                  deviation,
                  tolerance.ratio(),
                  approximateKl,
                  klTolerance,
                  lossApart,
                  lossTolerance));
    }
  }

  private Tensor rows(double[][] values, int[] rows) {
    int count = Arrays.stream(rows).map(row -> values[row].length).sum();
    float[] flat = new float[count];
    int at = 0;
    for (int row : rows) {
      for (double value : values[row]) {
        flat[at++] = (float) value;
      }
    }
    return runtime.floats(flat, count);
  }

  @Override
  public void save(Path directory) {
    part.save(policy, directory);
    OptimiserState.save(directory, List.of(policyOptimiser, valueOptimiser()), kept());
  }

  @Override
  public void restore(Path directory) {
    part.restore(policy, directory);
    OptimiserState.restore(directory, List.of(policyOptimiser, valueOptimiser()), kept());
  }

  private AdamW valueOptimiser() {
    return headOptimiser != null
        ? headOptimiser
        : Objects.requireNonNull(valueModel, "a value function").optimiser();
  }

  /**
   * What a checkpoint has beside the model: the value function, the first scores where they are
   * counted from, and adapters by themselves.
   */
  private Map<String, Tensor> kept() {
    Map<String, Tensor> kept = new LinkedHashMap<>();
    kept.putAll(part.kept(policy.parameterNames(), policy.parameters()));
    if (valueModel != null) {
      kept.putAll(valueModel.kept());
    } else {
      kept.put("value_head.weight", valueHead.get(0));
      kept.put("value_head.bias", valueHead.get(1));
    }
    if (tests.size() > 0 || rule.transform().standardise()) {
      kept.put("first_scores", first.values());
    }
    return kept;
  }

  @Override
  public void close() {
    policyOptimiser.close();
    if (valueModel != null) {
      valueModel.close();
    }
    if (headOptimiser != null) {
      headOptimiser.close();
    }
    valueHead.forEach(Tensor::close);
    tests.close();
    first.close();
    policy.close();
    reference.close();
    scorer.close();
  }
}
