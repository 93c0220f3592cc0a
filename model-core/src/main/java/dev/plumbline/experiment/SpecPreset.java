package dev.plumbline.experiment;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Values that belong together. They are put over what a draft holds; its models, data and all other
 * keys stay.
 *
 * <p>The paper's rates are shares of its pretraining's (appendix A.2: 0.1 for preference model
 * pretraining, 0.01 for comparisons; appendix B.1: 0.01 for PPO; appendix A.1: 0.05 for context
 * distillation). Here they are shares of 0.001, the default of pretraining, which suits some
 * million parameters; where a base model was pretrained with another, they are to be scaled with
 * it. Counts of samples become iterations of 64 responses.
 *
 * @param id short name
 * @param stage the stage that it is for
 * @param title for people
 * @param source where the values come from, and what was scaled
 * @param values by path
 */
public record SpecPreset(
    String id, String stage, String title, String source, Map<String, String> values) {
  public SpecPreset {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** All presets of the paper's values. */
  public static final List<SpecPreset> PAPER =
      List.of(
          new SpecPreset(
              "paper-13M",
              "pretraining",
              "Paper: its smallest model",
              "13 million parameters (section 3.2, the ladder of Askell et al. 2021); the paper's"
                  + " corpus and rate are not in it",
              values("model.preset", "13M")),
          new SpecPreset(
              "paper-pmp",
              "preference",
              "Paper: preference model pretraining",
              "One pass at 0.1 of the pretraining rate (appendix A.2); give the data's part"
                  + " objective: binary, which carried over better (Askell et al. 2021)",
              values("epochs", "1", "learning_rate", "0.0001", "held_out_fraction", "0.05")),
          new SpecPreset(
              "paper-pm",
              "preference",
              "Paper: people's comparisons",
              "One pass at a fixed 0.01 of the pretraining rate (appendix A.2, section 3.1), 95 %"
                  + " trained on and 5 % held out (section 2.3); with one pass, evaluations on a"
                  + " logarithmic axis are a curve over data",
              values(
                  "epochs", "1",
                  "learning_rate", "0.00001",
                  "warmup_steps", "0",
                  "held_out_fraction", "0.05",
                  "evaluate_at", "log",
                  "trainer.schedule", "constant")),
          new SpecPreset(
              "paper-half",
              "preference",
              "Paper: one of two preference models that share no data",
              "Half of the conversations (sections 2.3 and 4.2); run it again with half: b for the"
                  + " test model",
              values(
                  "split.seed", "1",
                  "split.half", "a",
                  "held_out_fraction", "0.1",
                  "epochs", "1")),
          new SpecPreset(
              "paper-scan",
              "rlhf",
              "Paper: the scan over sizes",
              "K = 1, responses of 128 tokens, epsilon 0.2, no discount, lambda_KL 0.001, 0.01 of"
                  + " the pretraining rate (appendix B.1, equation 4.1). Batch size, value function"
                  + " and GAE are not in the paper and stay",
              values(
                  "epochs", "1",
                  "max_response_tokens", "128",
                  "lambda_kl", "0.001",
                  "clip_range", "0.2",
                  "gamma", "1",
                  "learning_rate", "0.00001",
                  "warmup_iterations", "0")),
          new SpecPreset(
              "paper-robustness",
              "rlhf",
              "Paper: the robustness study",
              "K = 2, responses of 32 tokens, a linear warm-up over the first 25,000 samples"
                  + " (appendix B.1; section 4.2). Scaled: 200 iterations of 64 instead of about"
                  + " 200,000 samples, so the warm-up's eighth is 25 iterations. Add a test model"
                  + " of the other half",
              values(
                  "iterations", "200",
                  "batch_size", "64",
                  "epochs", "2",
                  "max_response_tokens", "32",
                  "lambda_kl", "0.001",
                  "clip_range", "0.2",
                  "gamma", "1",
                  "learning_rate", "0.00001",
                  "warmup_iterations", "25")),
          new SpecPreset(
              "paper-online",
              "rlhf",
              "Paper: online training",
              "K = 4, responses of 128 tokens, the rate halved every 100,000 samples (appendix"
                  + " B.1): 1,563 iterations of 64",
              values(
                  "epochs", "4",
                  "batch_size", "64",
                  "max_response_tokens", "128",
                  "lambda_kl", "0.001",
                  "clip_range", "0.2",
                  "gamma", "1",
                  "learning_rate", "0.00001",
                  "warmup_iterations", "0",
                  "trainer.schedule", "halving",
                  "trainer.halve_every", "1563")),
          new SpecPreset(
              "paper-distillation",
              "context_distillation",
              "Paper: context distillation",
              "50 tokens and one category for the rest, batches of 32, 0.05 of the pretraining"
                  + " rate, linear to zero (appendix A.1). 1,300 steps are its 350 million tokens"
                  + " where texts have 8,192",
              values(
                  "top_k", "50",
                  "batch_size", "32",
                  "steps", "1300",
                  "learning_rate", "0.00005",
                  "warmup_steps", "0",
                  "trainer.schedule", "linear")),
          new SpecPreset(
              "paper-best-of-k",
              "best_of_k",
              "Paper: best of 64",
              "k up to 64 (appendix B.6, figure 36)",
              values("samples", "64", "max_response_tokens", "128", "temperature", "1")),
          new SpecPreset(
              "paper-sheet",
              "sample_sheet",
              "Paper: the median of 17",
              "17 responses to each prompt, the median of those that are not empty (section 6,"
                  + " appendix C)",
              values("samples", "17", "temperature", "1")));

  /** A draft with the values in place of its own. */
  public SpecDraft over(SpecDraft draft) {
    SpecDraft next = draft;
    for (Map.Entry<String, String> value : values.entrySet()) {
      String path = stage + "." + value.getKey();
      if (value.getKey().equals("model.preset")) {
        next = next.without(stage + ".model");
      }
      SpecForm.Kind kind = SpecForm.at(path).map(SpecForm.Field::kind).orElse(SpecForm.Kind.TEXT);
      next = next.with(path, kind, value.getValue());
    }
    return next;
  }

  private static Map<String, String> values(String... pairs) {
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      values.put(pairs[i], pairs[i + 1]);
    }
    return values;
  }
}
