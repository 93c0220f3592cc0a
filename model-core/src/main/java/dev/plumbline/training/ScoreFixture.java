package dev.plumbline.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.plumbline.data.UserError;
import dev.plumbline.lm.DialogueFormat;
import dev.plumbline.lm.PreferenceModel;
import dev.plumbline.torch.TorchRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A few texts with the scores that a preference model gave them when it was saved, stored beside
 * it. Loading compares, so a head that was lost or a tokenizer that was exchanged is an error and
 * not a run on random rewards.
 *
 * @param texts the texts and their scores
 * @param heldOutMean the model's mean score on the held-out set of its training, or null where that
 *     was not measured of these very weights
 */
public record ScoreFixture(List<Item> texts, @Nullable HeldOutMean heldOutMean) {
  /** Largest difference between a stored score and the loaded model's, in nats. */
  public static final double TOLERANCE = 1e-4;

  private static final String FILE = "score_fixture.json";
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /**
   * One text.
   *
   * @param prompt the dialogue so far
   * @param response the response that is scored
   * @param score nats
   */
  public record Item(String prompt, String response, double score) {}

  /** Scores the texts and writes the fixture into the model's directory. */
  static void write(
      Path modelDirectory,
      PreferenceModel model,
      List<String> prompts,
      List<String> responses,
      @Nullable HeldOutMean mean)
      throws IOException {
    double[] scores = score(model, prompts, responses);
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < scores.length; i++) {
      items.add(new Item(prompts.get(i), responses.get(i), scores[i]));
    }
    Files.write(
        modelDirectory.resolve(FILE), JSON.writeValueAsBytes(new ScoreFixture(items, mean)));
  }

  /**
   * Loads a preference model and compares it with its fixture, where it has one.
   *
   * @throws UserError where the model cannot be read, or gives other scores than when it was saved
   */
  public static PreferenceModel load(TorchRuntime runtime, Path modelDirectory) {
    PreferenceModel model = PreferenceModel.load(runtime, modelDirectory);
    Path file = modelDirectory.resolve(FILE);
    if (!Files.exists(file)) {
      return model;
    }
    ScoreFixture fixture = read(file);
    double[] scores =
        score(
            model,
            fixture.texts().stream().map(Item::prompt).toList(),
            fixture.texts().stream().map(Item::response).toList());
    for (int i = 0; i < scores.length; i++) {
      double stored = fixture.texts().get(i).score();
      if (!(Math.abs(scores[i] - stored) <= TOLERANCE)) {
        throw new UserError(
            ("%s: text %d scores %.6f and not %.6f as when the model was saved; its weights,"
                    + " tokenizer or settings have changed")
                .formatted(file, i + 1, scores[i], stored));
      }
    }
    return model;
  }

  private static ScoreFixture read(Path file) {
    try {
      return JSON.readValue(file.toFile(), ScoreFixture.class);
    } catch (IOException e) {
      throw new UserError(
          "%s is no score fixture: %s; remove it to load the model unchecked"
              .formatted(file, String.valueOf(e.getMessage()).lines().findFirst().orElse("")),
          e);
    }
  }

  /**
   * The mean score on held-out responses that a model's directory remembers; it is written where a
   * checkpoint and an evaluation fall on the same step, as at the end of training.
   *
   * @throws UserError where the directory's fixture cannot be read
   */
  public static Optional<HeldOutMean> mean(Path modelDirectory) {
    Path file = modelDirectory.resolve(FILE);
    return Files.exists(file) ? Optional.ofNullable(read(file).heldOutMean()) : Optional.empty();
  }

  /**
   * As {@link PreferenceModel#start}; a preference model that goes on is compared with its fixture
   * first.
   *
   * @throws UserError as {@link #load}
   */
  static PreferenceModel start(TorchRuntime runtime, Path modelDirectory, long seed) {
    return Files.exists(modelDirectory.resolve(FILE))
        ? load(runtime, modelDirectory)
        : PreferenceModel.start(runtime, modelDirectory, seed);
  }

  /**
   * Refuses a preference model that was trained on another form of dialogue than a stage uses; a
   * language model has none yet.
   *
   * @throws UserError naming the model's file and the mend
   */
  static void requireFormat(Path modelDirectory, DialogueFormat format) {
    DialogueFormat found = PreferenceModel.formatOf(modelDirectory).orElse(format);
    if (found == format) {
      return;
    }
    throw new UserError(
        "%s: the preference model scores dialogues in the form %s, and this stage's format is %s; %s"
            .formatted(
                modelDirectory.resolve("config.json"),
                found.fileName(),
                format.fileName(),
                found == DialogueFormat.HH
                    ? ("set format: hh, or train one with format: chat_template; one from elsewhere"
                            + " that was trained on its chat template needs \"%s\": \"%s\" in"
                            + " that file")
                        .formatted(PreferenceModel.FORMAT, format.fileName())
                    : "set format: chat_template, or train one with format: hh"));
  }

  /**
   * Scores responses to prompts in the model's form, in nats; prompts that are too long lose their
   * beginning.
   */
  public static double[] score(
      PreferenceModel model, List<String> prompts, List<String> responses) {
    ScoredSequences form = new ScoredSequences(model, model.trunk().config().contextTokens());
    List<int[]> sequences = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      sequences.addAll(form.of(prompts.get(i), List.of(responses.get(i))));
    }
    return model.scores(sequences);
  }
}
