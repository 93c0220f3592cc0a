package dev.plumbline.experiment;

import dev.plumbline.data.UserError;
import dev.plumbline.evaluation.BestOfKSettings;
import dev.plumbline.evaluation.MatchesSettings;
import dev.plumbline.evaluation.MeasurementSettings;
import dev.plumbline.evaluation.Player;
import dev.plumbline.evaluation.PreferenceEvaluationSettings;
import dev.plumbline.lm.DialogueFormat;
import dev.plumbline.lm.PreferenceModel;
import dev.plumbline.training.DistillationSettings;
import dev.plumbline.training.ModelLadder;
import dev.plumbline.training.PpoSettings;
import dev.plumbline.training.PreferenceSettings;
import dev.plumbline.training.PretrainingSettings;
import dev.plumbline.training.StageSettings;
import dev.plumbline.training.TrainerSettings;
import dev.plumbline.training.TrainingSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Combinations of settings that the reader allows and that often go wrong, each with its reason.
 * None of them keeps a run from starting: a study of over-optimisation wants a KL weight of 0.
 *
 * <p>What depends on other runs (how large a model is, in which form it reads dialogues, what it
 * was trained on) is looked up in the workspace; what cannot be read there is passed over, because
 * the start of the run says it anyway.
 */
public final class SpecWarnings {
  /** Fewer responses an update leave advantages to chance; public trainers take 64 to 512. */
  private static final int FEW_RESPONSES = 16;

  private static final int FEW_COMPARISONS = 8;
  private static final int FEW_SEQUENCES = 8;

  /** The paper's K is 1, 2 or 4 (appendix B.1). */
  private static final int MOST_PASSES = 4;

  private static final int FEW_PROMPTS = 100;

  /** A run shorter than this is sooner done again than resumed. */
  private static final int LONG_RUN = 200;

  private final SpecSources sources;
  private final List<SpecWarning> found = new ArrayList<>();

  private SpecWarnings(@Nullable Path workspace) {
    sources = new SpecSources(workspace);
  }

  /**
   * The warnings of a spec.
   *
   * @param workspace where references to runs are looked up, or null where there is none
   */
  public static List<SpecWarning> of(ExperimentSpec spec, @Nullable Path workspace) {
    SpecWarnings warnings = new SpecWarnings(workspace);
    StageSettings settings = spec.settings();
    if (settings instanceof TrainingSettings training) {
      warnings.training(training);
    } else if (settings instanceof MeasurementSettings measurement) {
      warnings.measurement(measurement);
    }
    return List.copyOf(warnings.found);
  }

  private void training(TrainingSettings settings) {
    switch (settings) {
      case PretrainingSettings pretraining -> pretraining(pretraining);
      case PreferenceSettings preference -> preference(preference);
      case PpoSettings ppo -> ppo(ppo);
      case DistillationSettings distillation -> distillation(distillation);
    }
  }

  @SuppressWarnings("AnnotateFormatMethod") // its annotation would be one more library
  private void warn(String path, String message, Object... parts) {
    found.add(new SpecWarning(path, String.format(Locale.ROOT, message, parts)));
  }

  // ------------------------------------------------------------------------------ pretraining

  private void pretraining(PretrainingSettings s) {
    if (s.batchSize() < FEW_SEQUENCES) {
      warn(
          "pretraining.batch_size",
          "%d sequences a step make a noisy gradient, and the rate that suits larger batches"
              + " diverges more often; take %d or more, with trainer.micro_batch_size where memory"
              + " is short",
          s.batchSize(),
          FEW_SEQUENCES);
    }
    warmUp("pretraining.warmup_steps", s.warmupSteps(), s.steps(), "steps");
    rate(
        "pretraining.learning_rate",
        s.learningRate(),
        Optional.of(ModelLadder.parameters(s.model(), s.vocabularySize())),
        4,
        s.trainer());
    if (s.evaluateEvery() > s.steps()) {
      warn(
          "pretraining.evaluate_every",
          "the first evaluation would be after the last of %d steps, so the held-out loss has no"
              + " curve; evaluate more often",
          s.steps());
    }
    checkpoints("pretraining.checkpoint_every", s.checkpointEvery(), s.steps());
  }

  private void distillation(DistillationSettings s) {
    warmUp("context_distillation.warmup_steps", s.warmupSteps(), s.steps(), "steps");
    rate(
        "context_distillation.learning_rate",
        s.learningRate(),
        sources.parameters(s.student()),
        0.5,
        s.trainer());
    checkpoints("context_distillation.checkpoint_every", s.checkpointEvery(), s.steps());
  }

  /** Rollback needs something to go back to. */
  private void checkpoints(String path, int every, int steps) {
    if (every > steps && steps >= LONG_RUN) {
      warn(
          path,
          "there would be no checkpoint before the end of the %d steps: nothing to resume from, to"
              + " roll back to or to branch from; write one more often",
          steps);
    }
  }

  private void warmUp(String path, int warmUp, int steps, String what) {
    if (warmUp >= steps) {
      warn(
          path,
          "the warm-up of %d is as long as the run of %d %s, so the rate never reaches its peak;"
              + " take a tenth of the run or less",
          warmUp,
          steps,
          what);
    }
  }

  /**
   * A rate far above what a model of this size bears. The yardstick is the rate that Kaplan et al.
   * 2020 (equation D.1) found for pretraining, 0.003239 - 0.0001395 ln N, which is not used below
   * 1e-4: Brown et al. 2020 (table 2.1) pretrained 13 billion parameters with that.
   *
   * @param factor how many times the yardstick is too much for the stage
   */
  private void rate(
      String path, double rate, Optional<Long> parameters, double factor, TrainerSettings trainer) {
    if (trainer.lora() != null || parameters.isEmpty()) {
      return; // adapters bear about ten times more
    }
    double n = parameters.get().doubleValue();
    double usual = usualRate(n);
    if (rate > factor * usual) {
      warn(
          path,
          "%s is %.2g times the rate at which a model of %s parameters is usually pretrained (%.1e,"
              + " Kaplan et al. 2020, equation D.1); the loss is likely to leave its course. The"
              + " paper takes 0.1 of its pretraining rate for preference model pretraining, and"
              + " 0.01 for comparisons and for PPO",
          number(rate),
          rate / usual,
          size(n),
          usual);
    }
  }

  /** The usual peak rate of pretraining for so many parameters. */
  static double usualRate(double parameters) {
    return Math.max(1e-4, 0.003239 - 0.0001395 * Math.log(parameters));
  }

  // ------------------------------------------------------------------------------- preference

  private void preference(PreferenceSettings s) {
    if (s.batchSize() < FEW_COMPARISONS) {
      warn(
          "preference.batch_size",
          "%d comparisons a step: about a third of people's choices point the other way, and so few"
              + " do not average that out; take %d or more",
          s.batchSize(),
          FEW_COMPARISONS);
    }
    if (s.epochs() > 1) {
      warn(
          "preference.epochs",
          "%d passes over the same comparisons: preference models overfit from the second pass on,"
              + " and their scores grow overconfident; the paper makes one (section 3.1)",
          s.epochs());
    }
    Set<String> trained = new HashSet<>();
    s.data().forEach(part -> trained.addAll(part.files()));
    for (int i = 0; i < s.heldOut().size(); i++) {
      PreferenceSettings.HeldOut part = s.heldOut().get(i);
      for (String file : part.files()) {
        if (trained.contains(file) && !otherTranche(s, part, file)) {
          warn(
              "preference.held_out",
              "%s is trained on too, so its accuracy is of comparisons that the model has seen;"
                  + " leave held_out away to keep back a share by conversation, or name another"
                  + " file",
              name(file));
        }
      }
    }
    double least =
        s.data().stream().mapToDouble(PreferenceSettings.Part::lossWeight).min().orElse(1);
    double most =
        s.data().stream().mapToDouble(PreferenceSettings.Part::lossWeight).max().orElse(1);
    if (most > 3 * least) {
      warn(
          "preference.data",
          "one part's loss weighs %.2g times another's; the paper found the best mean accuracy at 2"
              + " to 3, and up to 7 points lost on the lighter part at 10 (section 5.1.2)",
          most / least);
    }
    rate(
        "preference.learning_rate", s.learningRate(), sources.parameters(s.base()), 2, s.trainer());
    form("preference.format", s.base(), s.format(), "the preference model that it goes on from");
  }

  private static boolean otherTranche(
      PreferenceSettings s, PreferenceSettings.HeldOut heldOut, String file) {
    return heldOut.tranche() != null
        && s.data().stream()
            .filter(part -> part.files().contains(file))
            .allMatch(part -> part.tranche() != null && !part.tranche().equals(heldOut.tranche()));
  }

  // ------------------------------------------------------------------------------------- PPO

  private void ppo(PpoSettings s) {
    if (s.lambdaKl() == 0) {
      warn(
          "rlhf.lambda_kl",
          "nothing holds the policy near the model that it starts from: the score goes on rising"
              + " where the true preference falls (Gao et al. 2022); the paper's 0.001 is little,"
              + " small models want more, or give a kl_target");
    }
    if (s.batchSize() < FEW_RESPONSES) {
      warn(
          "rlhf.batch_size",
          "advantages of %d responses are mostly chance (the standard error of their mean score is"
              + " %.2f standard deviations); take %d or more",
          s.batchSize(),
          1 / Math.sqrt(s.batchSize()),
          FEW_RESPONSES);
    }
    if (s.epochs() > MOST_PASSES) {
      warn(
          "rlhf.epochs",
          "%d passes over one batch: the later ones learn from responses of a policy that is gone,"
              + " and most ratios are clipped; the paper's K is 1, 2 or 4 (appendix B.1)",
          s.epochs());
    }
    if (s.clipRange() > 0.4) {
      warn(
          "rlhf.clip_range",
          "with %s PPO hardly clips, so one batch can move the policy far; the paper's epsilon is"
              + " 0.2",
          number(s.clipRange()));
    }
    if (s.temperature() < 0.6) {
      warn(
          "rlhf.temperature",
          "at %s the policy seldom draws anything but its likeliest token: there is little to"
              + " compare, entropy collapses, and the KL is of the sharpened distribution; the"
              + " paper samples at 1",
          number(s.temperature()));
    }
    if (s.gamma() < 0.95) {
      warn(
          "rlhf.gamma",
          "the score comes after the last token, and with %s the first of %d tokens gets %.1e of"
              + " it; the paper discounts nothing (1)",
          number(s.gamma()),
          s.maxResponseTokens(),
          Math.pow(s.gamma(), s.maxResponseTokens()));
    }
    if (s.valueCoefficient() == 0) {
      warn(
          "rlhf.value_coefficient",
          "the value function would stay as it began, so advantages keep all of the score's"
              + " variance; 0.1 is usual");
    }
    double limit = s.trainer().watchdog().klLimit();
    if (limit > 0 && s.klTarget() > limit) {
      warn(
          "rlhf.kl_target",
          "the target of %s nats lies above the watchdog's kl_limit of %s, which would take the run"
              + " for one that has exploded; raise trainer.watchdog.kl_limit, or set it to 0",
          number(s.klTarget()),
          number(limit));
    }
    warmUp("rlhf.warmup_iterations", s.warmupIterations(), s.iterations(), "iterations");
    checkpoints("rlhf.checkpoint_every", s.checkpointEvery(), s.iterations());
    rate("rlhf.learning_rate", s.learningRate(), sources.parameters(s.policy()), 0.5, s.trainer());
    heldOutPrompts(s);
    for (String model : s.reward().preferenceModels()) {
      form("rlhf.format", model, s.format(), "the preference model");
    }
    testModels(s);
  }

  private void heldOutPrompts(PpoSettings s) {
    Set<String> trained = new HashSet<>(s.prompts());
    s.promptPools().forEach(pool -> trained.addAll(pool.files()));
    if (!trained.isEmpty()
        && !s.heldOut().isEmpty()
        && s.heldOut().stream().anyMatch(part -> trained.equals(Set.copyOf(part.files())))) {
      warn(
          "rlhf.held_out",
          "the held-out prompts come from the files that are trained on; what is held out is left"
              + " out of training, but conversations that open alike are not: other files say"
              + " more");
    }
  }

  /** Test models that say nothing new, because they have seen what the trained one has seen. */
  private void testModels(PpoSettings s) {
    for (int i = 0; i < s.testRewards().size(); i++) {
      PpoSettings.TestReward test = s.testRewards().get(i);
      String path = "rlhf.test_rewards[" + (i + 1) + "].preference_model";
      for (String trained : s.reward().preferenceModels()) {
        if (sources.same(trained, test.preferenceModel())) {
          warn(
              path,
              "the test model '%s' is the one that is trained on, so it cannot show that the policy"
                  + " games it; take one of the other half (preference.split, paper section 4.2)",
              test.name());
          continue;
        }
        Optional<String> shared = sources.shared(trained, test.preferenceModel());
        if (shared.isPresent()) {
          warn(
              path,
              "the test model '%s' and the one that is trained on have both learned from %s, so"
                  + " they share mistakes and their gap is too small; train them on the halves a"
                  + " and b of one split (preference.split, paper section 4.2)",
              test.name(),
              name(shared.get()));
        }
      }
      form(path, test.preferenceModel(), s.format(), "the test model '" + test.name() + "'");
    }
  }

  private void form(String path, String model, DialogueFormat format, String what) {
    Optional<DialogueFormat> own = sources.directory(model).flatMap(SpecWarnings::formatOf);
    if (own.isPresent() && own.get() != format) {
      warn(
          path,
          "%s was trained on dialogues in the form %s and would read them as %s, which is another"
              + " input with other scores; the run will refuse it: set format: %s",
          what,
          own.get().fileName(),
          format.fileName(),
          own.get().fileName());
    }
  }

  private static Optional<DialogueFormat> formatOf(Path model) {
    try {
      return PreferenceModel.formatOf(model);
    } catch (UserError e) {
      return Optional.empty();
    }
  }

  // ---------------------------------------------------------------------------- measurements

  private void measurement(MeasurementSettings settings) {
    switch (settings) {
      case MatchesSettings matches -> matches(matches);
      case PreferenceEvaluationSettings evaluation -> evaluation(evaluation);
      case BestOfKSettings best -> {
        for (String model : best.reward().preferenceModels()) {
          form("best_of_k.format", model, best.format(), "the preference model");
        }
      }
      default -> {}
    }
  }

  private void matches(MatchesSettings s) {
    if (s.maxPrompts() < FEW_PROMPTS) {
      warn(
          "matches.max_prompts",
          "with %d prompts a win rate of 50 %% is known to %.0f points either way (95 %%); %d"
              + " prompts bring it to 5",
          s.maxPrompts(),
          100 * 1.96 * 0.5 / Math.sqrt(s.maxPrompts()),
          385);
    }
    for (int i = 0; i < s.judges().size(); i++) {
      MatchesSettings.Judge judge = s.judges().get(i);
      String model = judge.preferenceModel();
      if (model == null) {
        continue;
      }
      String path = "matches.judges[" + (i + 1) + "].preference_model";
      for (Player player : s.players()) {
        PpoSettings.Reward ranker = player.ranker();
        if (ranker != null
            && ranker.preferenceModels().stream().anyMatch(one -> sources.same(one, model))) {
          warn(
              path,
              "the judge '%s' is what chooses the answers of '%s', so it rates its own choice; take"
                  + " another one, or gold",
              judge.name(),
              player.name());
        } else if (sources.trainedAgainst(player.model()).stream()
            .anyMatch(one -> sources.same(one, model))) {
          warn(
              path,
              "'%s' was trained to please the judge '%s', whose votes then show over-optimisation"
                  + " as progress; take a preference model of the other half, or gold",
              player.name(),
              judge.name());
        }
      }
      form(path, model, s.format(), "the judge '" + judge.name() + "'");
    }
  }

  private void evaluation(PreferenceEvaluationSettings s) {
    Set<String> trained = sources.trainingFiles(s.model());
    for (PreferenceSettings.HeldOut part : s.data()) {
      for (String file : part.files()) {
        if (trained.contains(file)) {
          warn(
              "preference_evaluation.data",
              "the model was trained on %s, so its accuracy there is of comparisons that it has"
                  + " seen; take files that were held out",
              name(file));
        }
      }
    }
  }

  // ------------------------------------------------------------------------------------ words

  private static String name(String file) {
    int slash = Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\'));
    return file.substring(slash + 1);
  }

  private static String number(double value) {
    return value != 0 && Math.abs(value) < 1e-3
        ? String.format(Locale.ROOT, "%.1e", value)
        : String.format(Locale.ROOT, "%.4g", value).replaceFirst("\\.?0+$", "");
  }

  /** {@code 0.8 million}. */
  private static String size(double parameters) {
    return parameters >= 1e9
        ? String.format(Locale.ROOT, "%.3g billion", parameters / 1e9)
        : String.format(Locale.ROOT, "%.2g million", parameters / 1e6);
  }
}
