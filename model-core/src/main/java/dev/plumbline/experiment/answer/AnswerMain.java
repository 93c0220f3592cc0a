package dev.plumbline.experiment.answer;

import dev.plumbline.data.UserError;
import dev.plumbline.device.DeviceChoice;
import dev.plumbline.device.Machine;
import dev.plumbline.evaluation.TextGeneration;
import dev.plumbline.lm.DialogueFormat;
import dev.plumbline.lm.LanguageModel;
import dev.plumbline.lm.PreferenceModel;
import dev.plumbline.lm.SamplingOptions;
import dev.plumbline.lm.TokenScores;
import dev.plumbline.torch.TorchRuntime;
import dev.plumbline.training.ScoreFixture;
import dev.plumbline.training.TokenEnds;
import dev.plumbline.training.TokenTrace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The process that answers: requests come as lines on standard input, events go out as lines on
 * standard output, until the input ends. Models stay loaded, the last few of them.
 */
public final class AnswerMain {
  /** Language models, and preference models, that stay loaded. */
  private static final int KEPT = 4;

  private final TorchRuntime runtime;
  private final Consumer<AnswerEvent> sink;
  private final Set<Long> cancelled = ConcurrentHashMap.newKeySet();
  private final Map<String, LanguageModel> models = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<String, PreferenceModel> judges = new LinkedHashMap<>(16, 0.75f, true);

  AnswerMain(TorchRuntime runtime, Consumer<AnswerEvent> sink) {
    this.runtime = runtime;
    this.sink = sink;
  }

  /** Answers until the input ends, which ends what is being drawn too. */
  public static void main(String[] arguments) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BlockingQueue<AnswerRequest> waiting = new LinkedBlockingQueue<>();
    try (TorchRuntime runtime =
        TorchRuntime.start(
            Integer.getInteger("plumbline.threads", 0),
            Machine.look().resolve(DeviceChoice.ofProcess()),
            line -> {})) {
      AnswerMain main = new AnswerMain(runtime, event -> out.println(AnswerLines.line(event)));
      ExecutorService reader =
          Executors.newSingleThreadExecutor(
              task -> {
                Thread thread = new Thread(task, "orders");
                thread.setDaemon(true);
                return thread;
              });
      reader.execute(() -> main.read(waiting));
      while (true) {
        main.answer(waiting.take());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (UserError e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  private void read(BlockingQueue<AnswerRequest> waiting) {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        AnswerLines.order(line)
            .ifPresent(
                order -> {
                  switch (order) {
                    case AnswerLines.Order.Ask(AnswerRequest request) -> waiting.add(request);
                    case AnswerLines.Order.Cancel(long id) -> cancel(id);
                  }
                });
      }
    } catch (IOException e) {
      System.err.println("orders cannot be read any more: " + e.getMessage());
    }
    Runtime.getRuntime().halt(0); // whoever asked is gone; nothing here is to be kept
  }

  /** Calls a request off; from any thread. */
  void cancel(long id) {
    cancelled.add(id);
  }

  /** Answers a request. */
  void answer(AnswerRequest request) {
    try {
      check(request);
      sink.accept(new AnswerEvent.Begun(request.id()));
      sink.accept(answered(request));
    } catch (CancellationException e) {
      sink.accept(new AnswerEvent.Cancelled(request.id()));
    } catch (UserError e) {
      sink.accept(new AnswerEvent.Failed(request.id(), oneLine(e)));
    } catch (RuntimeException e) {
      sink.accept(new AnswerEvent.Failed(request.id(), "internal error: " + oneLine(e)));
    } finally {
      cancelled.remove(request.id());
    }
  }

  private static String oneLine(RuntimeException e) {
    return String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
  }

  private void check(AnswerRequest request) {
    if (cancelled.contains(request.id())) {
      throw new CancellationException();
    }
  }

  private AnswerEvent.Done answered(AnswerRequest request) {
    LanguageModel model = kept(models, request.model(), path -> LanguageModel.load(runtime, path));
    check(request);
    SamplingOptions options =
        new SamplingOptions(request.temperature(), request.maxNewTokens(), -1, request.seed(), 0);
    DialogueFormat format = DialogueFormat.valueOf(request.form().toUpperCase(Locale.ROOT));
    TextGeneration generation =
        TextGeneration.answer(
            model,
            request.prompt(),
            format,
            options,
            text -> {
              check(request);
              sink.accept(new AnswerEvent.Grown(request.id(), text));
            });
    check(request);
    int[] prompt = generation.promptTokens();
    int[] tokens = generation.tokens();
    int[] sequence = Arrays.copyOf(prompt, prompt.length + tokens.length);
    System.arraycopy(tokens, 0, sequence, prompt.length, tokens.length);
    double temperature = request.temperature() > 0 ? request.temperature() : 1;
    TokenScores found =
        model.score(List.of(sequence), new int[] {prompt.length}, temperature).getFirst();
    Map<String, Double> scores = new LinkedHashMap<>();
    String asked = "\n\nHuman: " + request.prompt().strip() + "\n\nAssistant:";
    for (Map.Entry<String, String> scorer : request.scorers().entrySet()) {
      check(request);
      PreferenceModel judge =
          kept(judges, scorer.getValue(), path -> ScoreFixture.load(runtime, path));
      scores.put(
          scorer.getKey(),
          ScoreFixture.score(judge, List.of(asked), List.of(generation.text()))[0]);
    }
    return new AnswerEvent.Done(
        request.id(),
        generation.text(),
        tokens.length,
        generation.ended(),
        Arrays.stream(found.logProbabilities()).sum(),
        scores,
        trace(model, generation, found));
  }

  private static TokenTrace trace(
      LanguageModel model, TextGeneration generation, TokenScores found) {
    int[] ends =
        TokenEnds.of(
            model.tokenizer(),
            generation.promptTokens(),
            generation.tokens(),
            generation.text(),
            TokenTrace.LONGEST);
    List<TokenTrace.Token> tokens = new ArrayList<>();
    for (int t = 0; t < ends.length; t++) {
      tokens.add(
          new TokenTrace.Token(
              ends[t],
              TokenTrace.rounded(found.logProbabilities()[t]),
              Double.NaN,
              Double.NaN,
              TokenTrace.rounded(found.entropies()[t]),
              Double.NaN,
              Double.NaN));
    }
    return new TokenTrace(tokens);
  }

  private static <M extends AutoCloseable> M kept(
      Map<String, M> all, String directory, Function<Path, M> load) {
    M known = all.get(directory);
    if (known == null) {
      known = load.apply(Path.of(directory));
      all.put(directory, known);
      while (all.size() > KEPT) {
        M oldest = all.remove(all.keySet().iterator().next());
        close(oldest);
      }
    }
    return known;
  }

  private static void close(@org.jspecify.annotations.Nullable AutoCloseable model) {
    try {
      if (model != null) {
        model.close();
      }
    } catch (Exception e) {
      throw new IllegalStateException("a model could not be freed", e);
    }
  }

  /** Frees the models. */
  void close() {
    models.values().forEach(AnswerMain::close);
    judges.values().forEach(AnswerMain::close);
  }
}
