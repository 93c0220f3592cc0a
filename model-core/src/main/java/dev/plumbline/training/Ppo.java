package dev.plumbline.training;

import dev.plumbline.data.PromptReader;
import dev.plumbline.data.UserError;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
 *   <li>The value function is a linear head on the policy's last hidden state. Its weights start at
 *       zero and its bias at the mean reward of the first batch: scores have no natural zero, and a
 *       value that is wrong by a constant makes late tokens, the end token above all, look worse or
 *       better than early ones. It reads the trunk but sends no gradient into it, so the policy
 *       moves by reward alone; its learning rate is {@value #VALUE_RATE} times the policy's,
 *       because a head from zero has further to go.
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

  /** Places among the numbers that {@code ppo_loss} gives beside its loss. */
  private static final int LARGEST_RATIO = 5;

  private static final int LEAST_RATIO = 6;

  private static final Logger LOG = LoggerFactory.getLogger(Ppo.class);
  private static final AdamW.Settings ADAM = new AdamW.Settings(0.9, 0.999, 1e-8, 0);

  /** The stage's methods; tokens [N] are the response tokens of a batch, row by row. */
  static final DecoderProgram.Extension METHODS =
      new DecoderProgram.Extension(
          """
            def values_of(self, p: List[Tensor], h: Tensor) -> Tensor:
              return torch.linear(torch.detach(h), p[len(p) - 2], p[len(p) - 1]).view([-1])

            def experience(self, p: List[Tensor], q: List[Tensor], x: List[Tensor], at: Tensor, wanted: Tensor, temperature: float) -> List[Tensor]:
              t = wanted.unsqueeze(1)
              h = self.picked(self.hidden(p, x), at)
              l = torch.log_softmax(self.logits(p, h) / temperature, -1)
              m = self.log_probabilities(q, x, at, temperature)
              w = torch.exp(l)
              return [
                torch.gather(l, 1, t).view([-1]),
                torch.gather(m, 1, t).view([-1]),
                torch.neg(torch.sum(w * l, -1)),
                torch.sum(w * (l - m), -1),
                self.values_of(p, h)]

            def ppo_loss_of(self, p: List[Tensor], h: Tensor, at: Tensor, wanted: Tensor, old: Tensor, advantage: Tensor, old_value: Tensor, returns: Tensor, temperature: float, clip: float, value_clip: float, value_weight: float) -> List[Tensor]:
              h = self.picked(h, at)
              l = torch.log_softmax(self.logits(p, h) / temperature, -1)
              change = torch.gather(l, 1, wanted.unsqueeze(1)).view([-1]) - old
              ratio = torch.exp(change)
              clipped = torch.clamp(ratio, 1.0 - clip, 1.0 + clip)
              policy_losses = torch.maximum(torch.neg(advantage * ratio), torch.neg(advantage * clipped))
              value = self.values_of(p, h)
              near = old_value + torch.clamp(value - old_value, 0.0 - value_clip, value_clip)
              plain = torch.square(value - returns)
              bounded = torch.square(near - returns)
              value_losses = torch.maximum(plain, bounded) * 0.5
              loss = torch.mean(policy_losses) + torch.mean(value_losses) * value_weight
              stats = torch.stack([
                torch.sum(policy_losses),
                torch.sum(value_losses),
                torch.sum(torch.square(change)) * 0.5,
                torch.sum(torch.gt(torch.abs(ratio - 1.0), clip).to(6)),
                torch.sum(ratio),
                torch.max(ratio),
                torch.min(ratio),
                torch.sum(torch.gt(bounded, plain).to(6))], 0)
              return [loss, stats]
          """,
          List.of("ppo_loss"));

  /**
   * Responses drawn from the policy.
   *
   * @param policyVersion updates that the policy had seen
   * @param sampling how they were drawn
   * @param prompts the dialogues so far
   * @param promptTokens their tokens, with the begin token
   * @param responses the sampled tokens
   * @param texts the responses' texts
   */
  record Rollout(
      long policyVersion,
      SamplingOptions sampling,
      List<String> prompts,
      List<int[]> promptTokens,
      List<Generation> responses,
      List<String> texts) {
    int size() {
      return prompts.size();
    }

    double temperature() {
      return sampling.temperature();
    }

    /** Prompt and response in one. */
    int[] sequence(int i) {
      int[] prompt = promptTokens.get(i);
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
    private final double[] scores;
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
    Experience(Rollout rollout, double[] scores, double[][][] found) {
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
  private final List<Tensor> parameters;
  private final Program program;
  private final AdamW policyOptimiser;
  private final AdamW valueOptimiser;
  private final List<Tensor> gradients;
  private final ResponseScorer scorer;
  private final GoldReward.@Nullable Judge gold;
  private final Schedule schedule;
  private final Steering steering;
  private final List<String> pool;
  private final List<int[]> poolTokens;
  private final List<String> sheet;
  private final List<int[]> sheetTokens;
  private long policyVersion;
  private long orderPass = -1;
  private int[] order = {};

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
    String preferenceModel = settings.reward().preferenceModel();
    if (preferenceModel != null) {
      ScoreFixture.requireFormat(Path.of(preferenceModel), settings.format());
    }
    String goldName = settings.gold();
    gold = goldName == null ? null : GoldReward.named(goldName);
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
    int width = policy.config().dModel();
    valueHead = List.of(runtime.zeros(1, width).keep(), runtime.zeros(1).keep());
    parameters = new ArrayList<>(policy.parameters());
    parameters.addAll(valueHead);
    program = policy.program(METHODS);
    policyOptimiser =
        new AdamW(runtime, policy.parameters(), policy.parameterNames(), part::trains, ADAM);
    valueOptimiser =
        new AdamW(runtime, valueHead, List.of("value_head.weight", "value_head.bias"), ADAM);
    gradients = new ArrayList<>(policyOptimiser.gradients());
    gradients.addAll(valueOptimiser.gradients());
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

    List<String> prompts = prompts();
    int[] shuffled = randomness.permutation(prompts.size(), "prompts");
    // The sheet's prompts are read again at every step and stay out of training, if enough are
    // left.
    int sheetSize = Math.min(settings.sampleSheetSize(), prompts.size());
    int from = prompts.size() - sheetSize >= settings.batchSize() ? sheetSize : 0;
    sheet = Arrays.stream(shuffled, 0, sheetSize).mapToObj(prompts::get).toList();
    sheetTokens = sheet.stream().map(this::encode).toList();
    pool = Arrays.stream(shuffled, from, shuffled.length).mapToObj(prompts::get).toList();
    poolTokens = pool.stream().map(this::encode).toList();
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

  private List<String> prompts() {
    Set<String> all = new LinkedHashSet<>();
    for (String file : settings.prompts()) {
      all.addAll(PromptReader.read(Path.of(file)));
    }
    int longest =
        Math.min(
            settings.maxPromptTokens(),
            policy.config().contextTokens() - settings.maxResponseTokens());
    List<String> fitting = all.stream().filter(prompt -> encode(prompt).length <= longest).toList();
    if (fitting.isEmpty()) {
      throw new UserError(
          "none of the %d prompts has at most %d tokens; raise max_prompt_tokens or name others"
              .formatted(all.size(), longest));
    }
    LOG.info(
        "{} prompts; {} left out because they have more than {} tokens",
        fitting.size(),
        all.size() - fitting.size(),
        longest);
    return fitting;
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
    double[] scores = scores(rollout);
    if (done == 0) {
      startValues(rollout, scores);
    }
    Experience experience = judge(rollout, scores);
    interruption.check();
    sampleSheet(done, listener);
    Map<String, Double> values = measure(experience);
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

  /** After the last update the policy is measured once more. */
  @Override
  public Optional<Report> measure(long done, RunListener listener, Interruption interruption) {
    if (done < settings.iterations()) {
      return Optional.empty();
    }
    policyVersion = done;
    long start = System.nanoTime();
    Rollout rollout = sample(done);
    double generateSeconds = secondsSince(start);
    interruption.check();
    start = System.nanoTime();
    Experience experience = judge(rollout);
    interruption.check();
    sampleSheet(done, listener);
    Map<String, Double> values = measure(experience);
    putSeconds(values, new Seconds(generateSeconds, secondsSince(start)));
    return Optional.of(new Report(done, 0, 0, values));
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
    List<String> prompts = new ArrayList<>();
    List<int[]> tokens = new ArrayList<>();
    for (int j = 0; j < settings.batchSize(); j++) {
      int at = promptAt(iteration * settings.batchSize() + j);
      prompts.add(pool.get(at));
      tokens.add(poolTokens.get(at));
    }
    return sample(prompts, tokens, randomness.key("rollout", iteration));
  }

  private Rollout sample(List<String> prompts, List<int[]> tokens, long key) {
    double temperature = steering.value(Steering.TEMPERATURE);
    int end = SequenceFormat.endToken(policy);
    SamplingOptions options =
        new SamplingOptions(temperature, settings.maxResponseTokens(), end, key, 0);
    List<Generation> responses = policy.generate(tokens, options);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < responses.size(); i++) {
      texts.add(policy.tokenizer().decodeAfter(tokens.get(i), responses.get(i).tokens()));
    }
    return new Rollout(policyVersion, options, prompts, tokens, responses, texts);
  }

  /** The pool is gone through in a new random order at each pass. */
  private int promptAt(long position) {
    long pass = position / pool.size();
    if (pass != orderPass) {
      order = randomness.permutation(pool.size(), "prompt order", pass);
      orderPass = pass;
    }
    return order[(int) (position % pool.size())];
  }

  /** Sets the value head to the mean reward of the first responses, whose KL is zero. */
  private void startValues(Rollout rollout, double[] scores) {
    double mean = 0;
    for (int i = 0; i < scores.length; i++) {
      boolean ended = rollout.responses().get(i).ended();
      mean += (scores[i] - (ended ? 0 : settings.missingEosPenalty())) / scores.length;
    }
    valueHead.get(1).set(new float[] {(float) mean});
  }

  private double[] scores(Rollout rollout) {
    return scorer.score(
        rollout.prompts(),
        rollout.texts(),
        rollout.responses().stream().mapToInt(r -> r.tokens().length).toArray());
  }

  /** Scores a rollout and runs policy, reference and value head over it. */
  Experience judge(Rollout rollout) {
    return judge(rollout, scores(rollout));
  }

  private Experience judge(Rollout rollout, double[] scores) {
    int n = rollout.size();
    int[] lengths = rollout.responses().stream().mapToInt(r -> r.tokens().length).toArray();
    double[][][] found = new double[5][n][];
    scoring.run(
        n,
        (from, to) -> {
          int[] rows = IntStream.range(from, to).toArray();
          try (Scope _ = runtime.scope()) {
            TokenBatch batch = batch(rollout, rows);
            List<Tensor> outputs =
                program.call(
                    "experience",
                    parameters,
                    reference.parameters(),
                    batch.x(),
                    batch.at(),
                    batch.wanted(),
                    rollout.temperature());
            for (int k = 0; k < found.length; k++) {
              double[] flat = outputs.get(k).toDoubles();
              int at = 0;
              for (int row : rows) {
                found[k][row] = Arrays.copyOfRange(flat, at, at + lengths[row]);
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
        Arrays.stream(rows).map(row -> rollout.promptTokens().get(row).length).toArray());
  }

  /** Rewards of the tokens of one response: KL penalty all along, score at the last token. */
  double[] rewards(Experience experience, int i) {
    double lambda = steering.value(Steering.LAMBDA_KL);
    double[] rewards = new double[experience.values[i].length];
    double penalty = 0;
    for (int t = 0; t < rewards.length; t++) {
      double kl = KlEstimators.k1(experience.logProbabilities[i][t], experience.reference[i][t]);
      switch (settings.klPlacement()) {
        case PER_TOKEN -> rewards[t] = -lambda * kl;
        case PER_RESPONSE -> penalty += lambda * kl;
      }
    }
    boolean ended = experience.rollout.responses().get(i).ended();
    rewards[rewards.length - 1] +=
        experience.scores[i] - penalty - (ended ? 0 : settings.missingEosPenalty());
    return rewards;
  }

  /** What a rollout says of the policy that drew it. */
  Map<String, Double> measure(Experience experience) {
    Rollout rollout = experience.rollout;
    int n = rollout.size();
    double[] k1 = new double[n];
    double[] k3 = new double[n];
    double[] exact = new double[n];
    double[] totals = new double[n];
    double entropy = 0;
    double gap = 0;
    int ended = 0;
    for (int i = 0; i < n; i++) {
      double[] logProbabilities = experience.logProbabilities[i];
      for (int t = 0; t < logProbabilities.length; t++) {
        double reference = experience.reference[i][t];
        k1[i] += KlEstimators.k1(logProbabilities[t], reference);
        k3[i] += KlEstimators.k3(logProbabilities[t], reference);
        exact[i] += experience.exactKl[i][t];
        entropy += experience.entropies[i][t];
        double sampler = rollout.responses().get(i).logProbabilities()[t];
        gap = Math.max(gap, Math.abs(sampler - logProbabilities[t]));
      }
      totals[i] = Arrays.stream(rewards(experience, i)).sum();
      ended += rollout.responses().get(i).ended() ? 1 : 0;
    }
    if (Double.isNaN(gap)) {
      throw new Anomaly(
          Anomaly.Kind.NOT_FINITE,
          "log-probabilities not finite at step %d of PPO: the policy has gone beyond numbers"
              .formatted(rollout.policyVersion()));
    }
    if (!(gap <= tolerance.sampler())) {
      throw new UserError(
          ("iteration %d: the sampler and the training pass disagree by %.3g nats on a token, more"
               + " than rounding (%s); the responses are not drawn from the policy, so PPO stops;"
               + " please report this with the run's spec.json")
              .formatted(rollout.policyVersion(), gap, tolerance.sampler()));
    }
    int tokens = experience.tokens();
    double lambda = steering.value(Steering.LAMBDA_KL);
    Means score = Means.of(experience.scores);
    Means kl = Means.of(exact);
    Map<String, Double> values = new LinkedHashMap<>();
    values.put(Metrics.PM_SCORE, score.mean());
    values.put(Metrics.PM_SCORE_LOW, score.low());
    values.put(Metrics.PM_SCORE_HIGH, score.high());
    values.put(Metrics.REWARD_TOTAL, Means.of(totals).mean());
    // Adding zero turns a minus zero, which a zero lambda can give, into zero.
    values.put(Metrics.KL_PENALTY, lambda * Means.of(k1).mean() + 0.0);
    if (gold != null) {
      double[] rewards = new double[n];
      for (int i = 0; i < n; i++) {
        rewards[i] = gold.reward(rollout.prompts().get(i), rollout.texts().get(i));
      }
      Means gold = Means.of(rewards);
      values.put(Metrics.GOLD_REWARD, gold.mean());
      values.put(Metrics.GOLD_REWARD_LOW, gold.low());
      values.put(Metrics.GOLD_REWARD_HIGH, gold.high());
    }
    values.put(Metrics.KL_K1, Means.of(k1).mean());
    values.put(Metrics.KL_K3, Means.of(k3).mean());
    values.put(Metrics.KL_EXACT, kl.mean());
    values.put(Metrics.KL_EXACT_LOW, kl.low());
    values.put(Metrics.KL_EXACT_HIGH, kl.high());
    values.put(Metrics.SQRT_KL, Math.sqrt(Math.max(0, kl.mean())));
    values.put(Metrics.ENTROPY, entropy / tokens);
    values.put(Metrics.SAMPLER_GAP, gap);
    values.put(Metrics.RESPONSE_TOKENS, (double) tokens / n);
    values.put(Metrics.EOS_FRACTION, (double) ended / n);
    values.put(Metrics.RESPONSES, (double) n);
    values.put(Metrics.LAMBDA_KL, lambda);
    values.put(Metrics.TEMPERATURE, rollout.temperature());
    return values;
  }

  /** The responses to the sheet's prompts, which are the same at every step, to be read. */
  private void sampleSheet(long done, RunListener listener) {
    if (sheet.isEmpty()) {
      return;
    }
    // The same random numbers at every step too: what differs between steps is the policy.
    Experience experience = judge(sample(sheet, sheetTokens, randomness.key("sheet")));
    Rollout rollout = experience.rollout;
    for (int i = 0; i < rollout.size(); i++) {
      listener.sample(
          new ResponseSample(
              done,
              i,
              rollout.prompts().get(i),
              rollout.texts().get(i),
              experience.scores[i],
              Arrays.stream(experience.logProbabilities[i]).sum(),
              Arrays.stream(experience.reference[i]).sum(),
              rollout.responses().get(i).tokens().length,
              rollout.responses().get(i).ended()));
    }
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
    double[][] advantages = new double[n][];
    double[][] returns = new double[n][];
    for (int i = 0; i < n; i++) {
      double[] values = experience.values[i];
      advantages[i] =
          Advantages.gae(rewards(experience, i), values, settings.gamma(), settings.gaeLambda());
      returns[i] = new double[values.length];
      for (int t = 0; t < values.length; t++) {
        returns[i][t] = advantages[i][t] + values[t];
      }
    }
    double explained = Advantages.explainedVariance(flat(experience.values), flat(returns));
    if (settings.whitenAdvantages()) {
      double[] white =
          Advantages.whiten(flat(advantages), Advantages.Mean.REMOVE, Advantages.Variance.UNBIASED);
      int at = 0;
      for (int i = 0; i < n; i++) {
        advantages[i] = Arrays.copyOfRange(white, at, at + advantages[i].length);
        at += advantages[i].length;
      }
    }

    double rate = steering.value(Steering.LEARNING_RATE) * schedule.share(iteration);
    double[] sums = new double[8];
    double largestRatio = 0;
    double tokens = 0;
    double norms = 0;
    int updates = 0;
    for (int epoch = 0; epoch < settings.epochs(); epoch++) {
      int[] shuffled = randomness.permutation(n, "minibatches", iteration, epoch);
      for (int from = 0; from < n; from += settings.minibatchSize()) {
        int[] rows =
            Arrays.copyOfRange(shuffled, from, Math.min(n, from + settings.minibatchSize()));
        double[] stats = new double[8];
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
              valueOptimiser.discard();
              Arrays.fill(stats, 0);
              loss[0] = 0;
            });
        if (epoch == 0 && from == 0) {
          requireUnchangedPolicy(iteration, stats, count);
        }
        double norm = policyOptimiser.clip(settings.maxGradientNorm());
        double valueNorm = valueOptimiser.clip(settings.maxGradientNorm());
        Anomaly.requireFinite("PPO", iteration, loss[0], norm + valueNorm);
        policyOptimiser.step(rate);
        valueOptimiser.step(VALUE_RATE * rate);
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
    values.put(Metrics.POLICY_LOSS, sums[0] / tokens);
    values.put(Metrics.VALUE_LOSS, sums[1] / tokens);
    values.put(Metrics.APPROX_KL, sums[2] / tokens);
    values.put(Metrics.CLIP_FRACTION, sums[3] / tokens);
    values.put(Metrics.RATIO_MEAN, sums[4] / tokens);
    values.put(Metrics.RATIO_MAX, largestRatio);
    values.put(Metrics.VALUE_CLIP_FRACTION, sums[7] / tokens);
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
      List<Tensor> outputs =
          program
              .gradients(
                  "ppo_loss",
                  share,
                  parameters,
                  gradients,
                  batch.x(),
                  batch.at(),
                  batch.wanted(),
                  rows(experience.logProbabilities, rows),
                  rows(targets.advantages(), rows),
                  rows(experience.values, rows),
                  rows(targets.returns(), rows),
                  experience.rollout.temperature(),
                  settings.clipRange(),
                  settings.valueClipRange(),
                  settings.valueCoefficient())
              .outputs();
      loss[0] += share * outputs.get(0).item();
      double[] found = outputs.get(1).toDoubles();
      boolean first = stats[LEAST_RATIO] == 0;
      for (int k = 0; k < stats.length; k++) {
        stats[k] =
            switch (k) {
              case LARGEST_RATIO -> Math.max(stats[k], found[k]);
              case LEAST_RATIO -> first ? found[k] : Math.min(stats[k], found[k]);
              default -> stats[k] + found[k];
            };
      }
    }
  }

  /**
   * Before the first update of a batch the policy is the one that drew it: every ratio is 1 and the
   * approximate KL is 0, up to rounding. Where they are not, sampling, masks or positions are
   * wrong, and the update would be too.
   */
  private void requireUnchangedPolicy(long iteration, double[] stats, int tokens) {
    double approximateKl = stats[2] / tokens;
    double deviation =
        Math.max(Math.abs(stats[LARGEST_RATIO] - 1), Math.abs(stats[LEAST_RATIO] - 1));
    double klTolerance = tolerance.ratio() * tolerance.ratio() / 2;
    if (!(deviation <= tolerance.ratio()) || !(approximateKl <= klTolerance)) {
      throw new UserError(
          ("iteration %d: before the first update the ratio is 1 +- %.3g (rounding allows %s) and"
                  + " approx_kl %.3g (rounding allows %.1g); the batch was not drawn from this"
                  + " policy, so PPO stops; please report this with the run's spec.json")
              .formatted(iteration, deviation, tolerance.ratio(), approximateKl, klTolerance));
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

  private static double[] flat(double[][] rows) {
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
  }

  @Override
  public void save(Path directory) {
    part.save(policy, directory);
    OptimiserState.save(directory, List.of(policyOptimiser, valueOptimiser), kept());
  }

  @Override
  public void restore(Path directory) {
    part.restore(policy, directory);
    OptimiserState.restore(directory, List.of(policyOptimiser, valueOptimiser), kept());
  }

  /** What a checkpoint has beside the model: the value head, and adapters by themselves. */
  private Map<String, Tensor> kept() {
    Map<String, Tensor> kept = new LinkedHashMap<>();
    kept.putAll(part.kept(policy.parameterNames(), policy.parameters()));
    kept.put("value_head.weight", valueHead.get(0));
    kept.put("value_head.bias", valueHead.get(1));
    return kept;
  }

  @Override
  public void close() {
    policyOptimiser.close();
    valueOptimiser.close();
    valueHead.forEach(Tensor::close);
    policy.close();
    reference.close();
    scorer.close();
  }
}
