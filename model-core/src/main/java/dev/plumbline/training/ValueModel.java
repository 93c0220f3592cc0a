package dev.plumbline.training;

import dev.plumbline.data.UserError;
import dev.plumbline.lm.DecoderProgram;
import dev.plumbline.lm.PreferenceModel;
import dev.plumbline.lm.Randomness;
import dev.plumbline.lm.TokenBatch;
import dev.plumbline.tokenizer.Tokenizer;
import dev.plumbline.torch.AdamW;
import dev.plumbline.torch.Program;
import dev.plumbline.torch.Tensor;
import dev.plumbline.torch.TorchRuntime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A value function that is a model of its own: the preference model's trunk and head, trained on,
 * with a bias (the practice since Stiennon et al. 2020; the paper says nothing of its own). It
 * reads the policy's tokens, so both must have the same tokens; where the preference model reads a
 * score at the end of a context, it reads what the rest will be worth before each token.
 */
final class ValueModel implements AutoCloseable {
  private static final String PREFIX = "value_model.";

  /** The head [1, d] and the bias [1] are the last parameters; losses as {@code ppo_loss}'s. */
  static final DecoderProgram.Extension METHODS =
      new DecoderProgram.Extension(
          """
            def worth(self, p: List[Tensor], h: Tensor) -> Tensor:
              return torch.linear(h, p[len(p) - 2], p[len(p) - 1]).view([-1])

            def worths(self, p: List[Tensor], x: List[Tensor], at: Tensor) -> Tensor:
              return self.worth(p, self.picked(self.hidden(p, x), at))

            def value_loss_of(self, p: List[Tensor], h: Tensor, at: Tensor, old_value: Tensor, returns: Tensor, value_clip: float, value_weight: float) -> List[Tensor]:
              terms = self.value_terms(self.worth(p, self.picked(h, at)), old_value, returns, value_clip)
              return [terms[0] * value_weight, terms[1]]
          """
              + Ppo.VALUE_TERMS,
          List.of("value_loss"));

  private final PreferenceModel model;
  private final Tensor bias;
  private final List<Tensor> parameters;
  private final List<String> names;
  private final Program program;
  private final AdamW optimiser;
  private final List<Boolean> trained;

  /**
   * Starts from a preference model.
   *
   * @param policy the policy's tokenizer
   * @throws UserError where the two do not have the same tokens
   */
  ValueModel(
      Path preferenceModel,
      Tokenizer policy,
      TrainedPart part,
      Randomness randomness,
      AdamW.Settings adam,
      TorchRuntime runtime) {
    model = part.of(ScoreFixture.load(runtime, preferenceModel), randomness);
    requireSameTokens(preferenceModel, policy, model.tokenizer());
    bias = runtime.zeros(1).keep();
    parameters = new ArrayList<>(model.parameters());
    parameters.add(bias);
    List<String> plain = new ArrayList<>(model.parameterNames());
    plain.add("score.bias");
    names = plain.stream().map(PREFIX::concat).toList();
    trained = plain.stream().map(part::trains).toList();
    program = model.trunk().program(METHODS);
    optimiser =
        new AdamW(
            runtime, parameters, names, name -> part.trains(name.substring(PREFIX.length())), adam);
  }

  private static void requireSameTokens(Path place, Tokenizer policy, Tokenizer own) {
    boolean same = policy.vocabularySize() == own.vocabularySize();
    for (int id = 0; same && id < own.vocabularySize(); id++) {
      same = policy.show(id).equals(own.show(id));
    }
    if (!same) {
      throw new UserError(
          "%s: its tokens are not the policy's, so it cannot read the policy's responses token by"
                  .formatted(place)
              + " token; set value: head, or take a preference model from the policy's family");
    }
  }

  /** Values [M] before the tokens that count in a batch. */
  double[] values(TokenBatch batch) {
    return program.call("worths", parameters, batch.x(), batch.at()).getFirst().toDoubles();
  }

  /** Moves all values by a constant. */
  void shift(double by) {
    bias.set(new float[] {(float) (bias.toDoubles()[0] + by)});
  }

  /**
   * Adds the gradients of a part of a minibatch.
   *
   * @param share the part's share of the minibatch's tokens
   * @return loss, and the sums of the value losses and of the clipped ones
   */
  List<Tensor> learn(
      double share,
      TokenBatch batch,
      Tensor oldValues,
      Tensor returns,
      double clipRange,
      double weight) {
    return program
        .gradients(
            "value_loss",
            share,
            parameters,
            optimiser.gradients(),
            batch.x(),
            batch.at(),
            oldValues,
            returns,
            clipRange,
            weight)
        .outputs();
  }

  AdamW optimiser() {
    return optimiser;
  }

  /** What a checkpoint keeps beside the optimiser's state: all that is trained. */
  Map<String, Tensor> kept() {
    Map<String, Tensor> kept = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      if (trained.get(i)) {
        kept.put(names.get(i), parameters.get(i));
      }
    }
    return kept;
  }

  @Override
  public void close() {
    optimiser.close();
    bias.close();
    model.close();
  }
}
