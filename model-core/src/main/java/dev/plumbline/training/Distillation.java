package dev.plumbline.training;

import dev.plumbline.data.ConversationSplit;
import dev.plumbline.data.TranscriptReader;
import dev.plumbline.data.UserError;
import dev.plumbline.dialogue.Role;
import dev.plumbline.lm.LanguageModel;
import dev.plumbline.lm.Randomness;
import dev.plumbline.lm.TokenBatch;
import dev.plumbline.tokenizer.Tokenizer;
import dev.plumbline.torch.AdamW;
import dev.plumbline.torch.Program;
import dev.plumbline.torch.Scope;
import dev.plumbline.torch.Tensor;
import dev.plumbline.torch.TorchRuntime;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Context distillation (paper section 2.3 and appendix A.1). The teacher reads {@code <|begin|>
 * prompt text}, the student {@code <|begin|> text}; they are compared on what follows each token of
 * the text, so the end of a response is learned too. They are not compared on the text's first
 * token: behind the prompt's last response the teacher says that its response ends, which is no
 * opinion on how a text begins.
 *
 * <p>The teacher is asked anew in every step, without autograd. The paper stored its answers,
 * because one teacher of 52 billion parameters served students of seven sizes; here a stored answer
 * would take 412 bytes a token, fifty times the text, and a teacher of the student's size adds a
 * third to the arithmetic. The prompt's own rows are computed once for a whole batch. Nothing
 * depends on the order of asking, so a resumed run goes on to the bit.
 */
public final class Distillation implements TrainingStage {
  /** Fewer tokens than this behind the prompt leave nothing to learn from. */
  private static final int LEAST_TEXT = 8;

  /** A text's tokens, without begin token. */
  @SuppressWarnings("ArrayRecordComponent") // bulk data, never compared
  private record Text(int[] ids) {
    int length() {
      return ids.length;
    }
  }

  /** What the teacher gave for a batch; on the device, in the current scope. */
  private record Answer(Tensor top, Tensor logprob, Tensor remainder) {}

  private final DistillationSettings settings;
  private final Randomness randomness;
  private final TorchRuntime runtime;
  private final TrainedPart part;
  private final MicroBatches microBatches;
  private final LanguageModel teacher;
  private final LanguageModel student;
  private final Program teaching;
  private final Program program;
  private final AdamW optimiser;
  private final Schedule schedule;
  private final Steering steering;
  private final int[] prompt;
  private final BatchPlan<Text> training;
  private final List<Text> heldOut;

  /**
   * Reads the data and the two models.
   *
   * @throws UserError where one cannot be used, the tokenizers differ, or the prompt leaves no room
   */
  public Distillation(DistillationSettings settings, long seed, TorchRuntime runtime) {
    this.settings = settings;
    this.runtime = runtime;
    randomness = new Randomness(seed);
    List<String> texts = new ArrayList<>();
    for (String file : settings.data()) {
      TranscriptReader.read(Path.of(file)).forEach(text -> texts.add(dialogue(text)));
    }
    ConversationSplit.Split<String> split =
        ConversationSplit.split(
            List.copyOf(new LinkedHashSet<>(texts)),
            Pretraining::firstTurn,
            settings.heldOutFraction(),
            seed);
    if (split.train().isEmpty()) {
      throw new UserError("the distillation data hold no texts; name other files under data");
    }
    Path teacherPath = Path.of(settings.teacher());
    Path studentPath = Path.of(settings.student());
    teacher = LanguageModel.load(runtime, teacherPath);
    LanguageModel loaded = LanguageModel.load(runtime, studentPath);
    TrainerSettings trainer = settings.trainer();
    part = new TrainedPart(trainer);
    student = part.of(loaded, randomness);
    requireSameTokens(teacher.tokenizer(), student.tokenizer(), teacherPath, studentPath);
    int width = width();
    if (settings.topK() >= width) {
      throw new UserError(
          "top_k is %d, and the models have %d tokens; it must be below"
              .formatted(settings.topK(), width));
    }
    prompt = SequenceFormat.encode(teacher.tokenizer(), promptText(Path.of(settings.prompt())));
    int longest = longest();
    teaching = teacher.program();
    program = student.program();
    optimiser =
        new AdamW(
            runtime,
            student.parameters(),
            student.parameterNames(),
            part::trains,
            AdamW.Settings.withDecay(settings.weightDecay()));
    microBatches = new MicroBatches(trainer.microBatchSize());
    schedule =
        new Schedule(
            trainer.courseOr(Schedule.Course.LINEAR),
            settings.warmupSteps(),
            settings.steps(),
            trainer.halveEvery());
    steering = new Steering(Map.of(Steering.LEARNING_RATE, settings.learningRate()));
    training =
        new BatchPlan<>(
            tokens(split.train(), longest), Text::length, settings.batchSize(), randomness);
    heldOut = new ArrayList<>(tokens(split.heldOut(), longest));
    heldOut.sort(Comparator.comparingInt(Text::length));
  }

  /** Text that is no dialogue becomes what a human says (paper appendix A.1). */
  static String dialogue(String text) {
    return text.startsWith(Role.HUMAN.marker()) || text.startsWith(Role.ASSISTANT.marker())
        ? text
        : Role.HUMAN.marker() + " " + text;
  }

  private static String promptText(Path file) {
    try {
      String text = Files.readString(file).strip();
      // A turn needs its marker whole; a file need not begin with empty lines for it.
      boolean turn =
          text.startsWith(Role.HUMAN.marker().strip())
              || text.startsWith(Role.ASSISTANT.marker().strip());
      return turn ? "\n\n" + text : text;
    } catch (MalformedInputException e) {
      throw new UserError(file + ": the prompt is not text in UTF-8; convert it", e);
    } catch (IOException e) {
      throw new UserError(file + ": cannot be read: " + e.getMessage() + "; check the path", e);
    }
  }

  /** Every id must mean the same to both, because the teacher's tokens are the student's labels. */
  private static void requireSameTokens(
      Tokenizer teacher, Tokenizer student, Path teacherPath, Path studentPath) {
    int shared = Math.min(teacher.vocabularySize(), student.vocabularySize());
    boolean same =
        teacher.vocabularySize() == student.vocabularySize()
            && teacher.begin().equals(student.begin());
    for (int id = 0; same && id < shared; id++) {
      same = teacher.show(id).equals(student.show(id));
    }
    if (!same) {
      throw new UserError(
          "the teacher's tokenizer (%s) and the student's (%s) are not the same; distil into a"
                  .formatted(teacherPath, studentPath)
              + " student that was trained with the teacher's tokenizer.json");
    }
  }

  /** Tokens that both models have; rows beyond the tokenizer's are padding. */
  private int width() {
    return Math.min(teacher.config().vocabularySize(), student.config().vocabularySize());
  }

  /** Longest text without begin token. */
  private int longest() {
    int begun = student.tokenizer().begin().isPresent() ? 1 : 0;
    int room =
        Math.min(
            Math.min(settings.contextTokens(), student.config().contextTokens()) - begun,
            teacher.config().contextTokens() - begun - prompt.length);
    if (room < LEAST_TEXT) {
      throw new UserError(
          "%s: the prompt has %d tokens and leaves %d of the teacher's %d for text; shorten it"
              .formatted(
                  settings.prompt(),
                  prompt.length,
                  Math.max(0, room),
                  teacher.config().contextTokens()));
    }
    return room;
  }

  private List<Text> tokens(List<String> texts, int longest) {
    // The tensor library is idle now: every core may tokenize.
    return texts.parallelStream()
        .map(text -> SequenceFormat.encode(student.tokenizer(), text))
        .filter(ids -> ids.length > 1)
        .map(ids -> new Text(ids.length > longest ? Arrays.copyOf(ids, longest) : ids))
        .toList();
  }

  /** The model in training. */
  public LanguageModel student() {
    return student;
  }

  @Override
  public String phase() {
    return "context distillation";
  }

  @Override
  public long totalSteps() {
    return settings.steps();
  }

  @Override
  public Steering steering() {
    return steering;
  }

  /** The student's batch: it is asked after every token of the text. */
  private TokenBatch studentBatch(List<Text> texts) {
    List<int[]> sequences = texts.stream().map(t -> student.tokenizer().begun(t.ids())).toList();
    int[] first = new int[texts.size()];
    Arrays.fill(first, student.tokenizer().begin().isPresent() ? 1 : 0);
    return TokenBatch.after(runtime, sequences, first, false);
  }

  /** The teacher's answers at the same places. */
  private Answer ask(List<Text> texts) {
    int[] before = teacher.tokenizer().begun(prompt);
    List<int[]> sequences =
        texts.stream()
            .map(
                text -> {
                  int[] ids = Arrays.copyOf(before, before.length + text.length());
                  System.arraycopy(text.ids(), 0, ids, before.length, text.length());
                  return ids;
                })
            .toList();
    int[] first = new int[texts.size()];
    Arrays.fill(first, before.length);
    TokenBatch batch = TokenBatch.after(runtime, sequences, first, true);
    List<Tensor> found =
        teaching.call(
            "teacher_top", teacher.parameters(), batch.x(), batch.at(), settings.topK(), width());
    return new Answer(found.get(0), found.get(1), found.get(2));
  }

  @Override
  public Optional<Report> measure(long done, RunListener listener, Interruption interruption) {
    boolean due =
        done == settings.steps()
            || (settings.evaluateEvery() > 0 && done % settings.evaluateEvery() == 0);
    if (!due || heldOut.isEmpty()) {
      return Optional.empty();
    }
    listener.progress(done, settings.steps(), Double.NaN, "evaluating");
    return Optional.of(new Report(done, 0, 0, evaluate(interruption)));
  }

  private Map<String, Double> evaluate(Interruption interruption) {
    int n = heldOut.size();
    double[] losses = new double[n];
    int[] tokens = new int[n];
    double agreed = 0;
    for (int from = 0; from < n; from += settings.batchSize()) {
      interruption.check();
      List<Text> batch = heldOut.subList(from, Math.min(n, from + settings.batchSize()));
      try (Scope _ = runtime.scope()) {
        Answer answer = ask(batch);
        TokenBatch tensors = studentBatch(batch);
        List<Tensor> found =
            program.call(
                "distillation_losses",
                student.parameters(),
                tensors.x(),
                tensors.at(),
                answer.top(),
                answer.logprob(),
                answer.remainder());
        double[] each = found.getFirst().toDoubles();
        agreed += Arrays.stream(found.getLast().toDoubles()).sum();
        int at = 0;
        for (int b = 0; b < batch.size(); b++) {
          int count = batch.get(b).length();
          tokens[from + b] = count;
          for (int t = 0; t < count; t++) {
            losses[from + b] += each[at++];
          }
        }
      }
    }
    Map<String, Double> values = new LinkedHashMap<>();
    Means.overTokens(losses, tokens).put(values, Metrics.EVAL_LOSS);
    values.put(Metrics.EVAL_AGREEMENT, agreed / IntStream.of(tokens).sum());
    values.put(Metrics.EVAL_N, (double) n);
    return values;
  }

  @Override
  public Report step(long done, RunListener listener, Interruption interruption) {
    List<Text> batch = training.batch(done);
    double rate = steering.value(Steering.LEARNING_RATE) * schedule.share(done);
    long tokens = batch.stream().mapToLong(Text::length).sum();
    double[] means = new double[3];
    microBatches.run(
        batch.size(),
        (from, to) -> {
          List<Text> some = batch.subList(from, to);
          double share = (double) some.stream().mapToLong(Text::length).sum() / tokens;
          double[] found = gradients(some, share, randomness.key("dropout", done, from));
          for (int i = 0; i < means.length; i++) {
            means[i] += share * found[i];
          }
        },
        () -> {
          optimiser.discard();
          Arrays.fill(means, 0);
        });
    microBatches.takeNews().ifPresent(news -> listener.notice(done, news));
    double norm = optimiser.clip(settings.maxGradientNorm());
    Anomaly.requireFinite("context distillation", done, means[0], norm);
    optimiser.step(rate);
    Map<String, Double> values = new LinkedHashMap<>();
    values.put(Metrics.LOSS, means[0]);
    values.put(Metrics.AGREEMENT, means[1]);
    values.put(Metrics.TEACHER_REMAINDER, means[2]);
    values.put(Metrics.GRAD_NORM, norm);
    values.put(Metrics.LEARNING_RATE, rate);
    return new Report(done + 1, batch.size(), tokens, values);
  }

  /** Adds the gradients of a part of a batch; gives its loss, agreement and mean remainder. */
  private double[] gradients(List<Text> some, double share, long dropoutKey) {
    try (Scope _ = runtime.scope()) {
      Answer answer = ask(some);
      TokenBatch tensors = studentBatch(some).dropping(runtime, dropoutKey);
      List<Tensor> outputs =
          program
              .gradients(
                  "distillation_loss",
                  share,
                  student.parameters(),
                  optimiser.gradients(),
                  tensors.x(),
                  tensors.at(),
                  answer.top(),
                  answer.logprob(),
                  answer.remainder())
              .outputs();
      double remainder =
          Arrays.stream(answer.remainder().toDoubles()).map(Math::exp).average().orElse(0);
      return new double[] {outputs.get(0).item(), outputs.get(1).item(), remainder};
    }
  }

  @Override
  public void save(Path directory) {
    part.save(student, directory);
    OptimiserState.save(directory, List.of(optimiser), kept());
  }

  @Override
  public void restore(Path directory) {
    part.restore(student, directory);
    OptimiserState.restore(directory, List.of(optimiser), kept());
  }

  private Map<String, Tensor> kept() {
    return part.kept(student.parameterNames(), student.parameters());
  }

  @Override
  public void close() {
    optimiser.close();
    student.close();
    teacher.close();
  }
}
