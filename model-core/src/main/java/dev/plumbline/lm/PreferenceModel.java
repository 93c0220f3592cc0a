package dev.plumbline.lm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.data.UserError;
import dev.plumbline.tokenizer.Tokenizer;
import dev.plumbline.torch.Program;
import dev.plumbline.torch.SafeTensors;
import dev.plumbline.torch.Scope;
import dev.plumbline.torch.Tensor;
import dev.plumbline.torch.TorchRuntime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A preference model: a decoder whose hidden state at the end-of-context token gives a score
 * through a linear head without bias (paper section 3.1). Differences of scores are log-odds in
 * nats.
 */
public final class PreferenceModel implements AutoCloseable {
  /** The key of {@code config.json} that names the form; without it, the form is hh. */
  public static final String FORMAT = "plumbline_format";

  private static final String HEAD = "score.weight";

  private final LanguageModel trunk;
  private final Tensor head;
  private final DialogueFormat format;

  private PreferenceModel(LanguageModel trunk, Tensor head, DialogueFormat format) {
    this.trunk = trunk;
    this.head = head;
    this.format = format;
  }

  /**
   * A preference model that starts from a language model; its output matrix, where it has its own,
   * is left out. The head is drawn from N(0, 1 / sqrt(d + 1)) (Stiennon et al. 2020).
   */
  public static PreferenceModel from(LanguageModel base, long seed) {
    int width = base.config().dModel();
    float[] values = new float[width];
    for (int i = 0; i < width; i++) {
      values[i] = (float) (Randomness.gaussian(seed, 0x5C08E, i) / Math.sqrt(width + 1.0));
    }
    return new PreferenceModel(
        base.headless(),
        LanguageModel.parameter(base.runtime(), values, 1, width),
        DialogueFormat.HH);
  }

  /** The same model, over the same tensors, for dialogues in a form; one of the two is closed. */
  public PreferenceModel reading(DialogueFormat other) {
    return new PreferenceModel(trunk, head, other);
  }

  /** The same model, over the same tensors, computed in another way; one of the two is closed. */
  public PreferenceModel computing(ComputeOptions options) {
    return new PreferenceModel(trunk.computing(options), head, format);
  }

  /**
   * The same model, over the same tensors, with fresh adapters in its trunk; one of the two is
   * closed.
   *
   * @param seed decides the A matrices
   */
  public PreferenceModel adapted(Lora adapters, long seed) {
    return new PreferenceModel(trunk.adapted(adapters, seed), head, format);
  }

  /**
   * A preference model that starts from what a folder holds: a language model, with a new head, or
   * a preference model, whose trunk and head go on (preference model pretraining, paper appendix
   * A.2).
   *
   * @throws UserError naming the file and what cannot be used
   */
  public static PreferenceModel start(TorchRuntime runtime, Path directory, long seed) {
    Path config = directory.resolve("config.json");
    if (ModelFamily.head(config) == ModelFamily.Head.PREFERENCE_MODEL) {
      return load(runtime, directory);
    }
    try (LanguageModel base = LanguageModel.load(runtime, directory)) {
      return from(base, seed);
    }
  }

  /**
   * The form of dialogues that the preference model in a folder was trained on; empty where the
   * folder holds a language model.
   *
   * @throws UserError naming the file where it cannot be read, or names a form that is not known
   */
  public static Optional<DialogueFormat> formatOf(Path directory) {
    Path config = directory.resolve("config.json");
    return ModelFamily.head(config) == ModelFamily.Head.PREFERENCE_MODEL
        ? Optional.of(format(ConfigJson.read(config)))
        : Optional.empty();
  }

  private static DialogueFormat format(ConfigJson json) {
    String name = json.text(FORMAT, DialogueFormat.HH.fileName());
    return Arrays.stream(DialogueFormat.values())
        .filter(format -> format.fileName().equals(name))
        .findFirst()
        .orElseThrow(() -> json.error(FORMAT + " is " + name + "; hh and chat_template are known"));
  }

  /**
   * Loads a folder in Hugging Face form of a sequence classifier with one label, {@code
   * LlamaForSequenceClassification} for example.
   *
   * @throws UserError naming the file and what cannot be used
   */
  public static PreferenceModel load(TorchRuntime runtime, Path directory) {
    DialogueFormat format = format(ConfigJson.read(directory.resolve("config.json")));
    DecoderConfig config =
        ModelFamily.read(directory.resolve("config.json"), ModelFamily.Head.PREFERENCE_MODEL)
            .headless();
    Tokenizer tokenizer = LanguageModel.tokenizer(directory, config);
    config = config.endingAs(tokenizer);
    DecoderConfig.Weight head = new DecoderConfig.Weight(HEAD, 1, config.dModel());
    List<DecoderConfig.Weight> weights = new ArrayList<>(config.weights());
    weights.add(head);
    List<Tensor> tensors =
        LanguageModel.parameters(runtime, config.files(head).read(directory, weights));
    return new PreferenceModel(
        new LanguageModel(runtime, config, tokenizer, tensors.subList(0, tensors.size() - 1)),
        tensors.getLast(),
        format);
  }

  /**
   * Writes the folder that {@link #load} reads.
   *
   * @throws UserError where it cannot be written
   */
  public void save(Path directory) {
    ObjectNode json = ModelFamily.write(trunk.config(), ModelFamily.Head.PREFERENCE_MODEL);
    json.put("num_labels", 1);
    json.putObject("id2label").put("0", "score");
    json.putObject("label2id").put("score", 0);
    if (format != DialogueFormat.HH) {
      json.put(FORMAT, format.fileName());
    }
    Tokenizer tokenizer =
        trunk
            .tokenizer()
            .withPadApartFrom(
                new HashSet<>(List.of(trunk.config().eos(), endOfContext())),
                trunk.config().vocabularySize());
    tokenizer.pad().ifPresent(pad -> json.put("pad_token_id", pad));
    DecoderConfig.Weight weight = new DecoderConfig.Weight(HEAD, head.shape());
    try (Scope _ = trunk.runtime().scope()) {
      Map<String, SafeTensors.Entry> entries = trunk.entries();
      entries.put(HEAD, SafeTensors.Entry.of(head));
      LanguageModel.write(
          directory, trunk.config(), json, trunk.config().files(weight).pack(entries), tokenizer);
    }
  }

  /**
   * Writes the trunk's adapters and the head in PEFT's form; see {@link PeftFormat}.
   *
   * @throws UserError where they cannot be written
   */
  public void saveAdapter(Path directory) {
    Lora lora = trunk.lora();
    if (lora == null) {
      throw new IllegalStateException("the model has no adapters");
    }
    Map<String, SafeTensors.Entry> entries = trunk.adapterEntries();
    entries.put(HEAD, SafeTensors.Entry.of(head));
    new PeftFormat(trunk.config(), lora)
        .write(directory, ModelFamily.Head.PREFERENCE_MODEL, entries);
  }

  /**
   * Takes up the weights of a folder that {@link #save} wrote, in place.
   *
   * @throws UserError naming the file where a tensor is missing or has another shape
   */
  public void restore(Path directory) {
    if (trunk.lora() != null) {
      throw new IllegalStateException("merged weights cannot be taken apart again");
    }
    DecoderConfig.Weight weight = new DecoderConfig.Weight(HEAD, head.shape());
    List<DecoderConfig.Weight> weights = new ArrayList<>(trunk.config().weights());
    weights.add(weight);
    List<SafeTensors.Entry> entries = trunk.config().files(weight).read(directory, weights);
    List<Tensor> tensors = parameters();
    for (int i = 0; i < entries.size(); i++) {
      tensors.get(i).set(entries.get(i).values());
    }
  }

  /** The form of the dialogues that it scores. */
  public DialogueFormat format() {
    return format;
  }

  /** The decoder under the head. */
  public LanguageModel trunk() {
    return trunk;
  }

  /** The tokenizer. */
  public Tokenizer tokenizer() {
    return trunk.tokenizer();
  }

  /**
   * The token at which the score is read in the hh form: {@code <|end_of_context|>}, or the end
   * token of a model from elsewhere, whose tokenizer has no such token.
   */
  public int endOfContext() {
    return tokenizer().has(Tokenizer.END_OF_CONTEXT)
        ? tokenizer().idOf(Tokenizer.END_OF_CONTEXT)
        : trunk.config().eos();
  }

  /** The trunk's weights, then the head [1, d]. */
  public List<Tensor> parameters() {
    List<Tensor> parameters = new ArrayList<>(trunk.parameters());
    parameters.add(head);
    return parameters;
  }

  /** The names of {@link #parameters()}. */
  public List<String> parameterNames() {
    List<String> names = new ArrayList<>(trunk.parameterNames());
    names.add(HEAD);
    return names;
  }

  /** The compiled decoder; its methods are called with {@link #parameters()}. */
  public Program program() {
    return trunk.program();
  }

  /**
   * Scores, in nats, read at the last token of each sequence.
   *
   * @param sequences token ids that end where the score is read: in the hh form with {@link
   *     #endOfContext}
   */
  public double[] scores(List<int[]> sequences) {
    double[] scores = new double[sequences.size()];
    trunk.batches(
        sequences,
        new int[sequences.size()],
        8192,
        (rows, batch) -> {
          double[] found =
              program()
                  .call("scores", parameters(), batch.x(), batch.last())
                  .getFirst()
                  .toDoubles();
          for (int b = 0; b < rows.length; b++) {
            scores[rows[b]] = found[b];
          }
        });
    return scores;
  }

  /** Frees the weights. */
  @Override
  public void close() {
    trunk.close();
    head.close();
  }
}
