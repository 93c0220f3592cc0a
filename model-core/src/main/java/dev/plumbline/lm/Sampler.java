package dev.plumbline.lm;

import dev.plumbline.tokenizer.Tokenizer;
import dev.plumbline.torch.Program;
import dev.plumbline.torch.Scope;
import dev.plumbline.torch.Tensor;
import dev.plumbline.torch.TorchException;
import dev.plumbline.torch.TorchRuntime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Samples continuations with a key-value cache; where nobody watches and no text stops a response,
 * the whole loop is one native call. Token {@code t} of prompt {@code i} is drawn by the inverse of
 * the cumulative distribution at {@code Randomness.uniform(seed, firstStream + i, t)}, so it
 * depends neither on the batch nor on how often sampling pauses.
 */
public final class Sampler {
  private static final Logger LOG = LoggerFactory.getLogger(Sampler.class);
  private static final int ROWS = 256;

  /** Tokens between two looks at what has been drawn. */
  private static final int STRETCH = 8;

  // Places in the program's state.
  private static final int X = 0;
  private static final int BIAS = 1;
  private static final int ENDED = 4;

  /** Sees tokens while they are drawn. */
  @FunctionalInterface
  public interface Watcher {
    /** Sees nothing. */
    Watcher NONE = (prompt, tokens) -> {};

    /**
     * Some more tokens of one prompt have been drawn.
     *
     * @param prompt index of the prompt
     * @param tokens the new ones, the end token included
     */
    void drawn(int prompt, int[] tokens);
  }

  /** One prompt's continuation so far. */
  private static final class Row {
    final int[] prompt;
    final int[] tokens;
    final double[] logProbabilities;
    int count;
    Generation.End end = Generation.End.LENGTH;

    Row(int[] prompt, int room) {
      this.prompt = prompt;
      tokens = new int[room];
      logProbabilities = new double[room];
    }

    Generation generation() {
      return new Generation(
          Arrays.copyOf(tokens, count), Arrays.copyOf(logProbabilities, count), end);
    }
  }

  /** Rows that one thread samples, and their state in the program. */
  private record Part(List<Row> rows, List<Tensor> state) {}

  private final TorchRuntime runtime;
  private final DecoderConfig config;
  private final Program program;
  private final List<Tensor> parameters;
  private final Tokenizer tokenizer;
  private final SamplingOptions options;
  private final Watcher watcher;
  private final Set<Integer> otherEnds;

  Sampler(
      TorchRuntime runtime,
      DecoderConfig config,
      Program program,
      List<Tensor> parameters,
      Tokenizer tokenizer,
      SamplingOptions options,
      Watcher watcher) {
    this.runtime = runtime;
    this.config = config;
    this.program = program;
    this.parameters = parameters;
    this.tokenizer = tokenizer;
    this.options = options;
    this.watcher = watcher;
    // The program knows one end token; a model's files may name more.
    this.otherEnds = new HashSet<>(tokenizer.stops());
    otherEnds.remove(options.eos());
  }

  /** A continuation of each prompt, as many at once as the memory holds. */
  List<Generation> generate(List<int[]> prompts) {
    List<Generation> generations = new ArrayList<>(prompts.size());
    int atOnce = ROWS;
    while (generations.size() < prompts.size()) {
      int start = generations.size();
      int end = Math.min(prompts.size(), start + atOnce);
      try (Scope _ = runtime.scope()) {
        generations.addAll(batch(prompts.subList(start, end), start));
      } catch (TorchException e) {
        if (!e.isOutOfMemory() || end - start == 1) {
          throw e;
        }
        atOnce = (end - start) / 2;
        LOG.warn("out of memory while sampling {} responses; on with {}", end - start, atOnce);
      }
    }
    return generations;
  }

  private List<Generation> batch(List<int[]> prompts, int from) {
    int room = options.maxNewTokens();
    List<Row> rows = prompts.stream().map(prompt -> new Row(prompt, room)).toList();
    int width = rows.stream().mapToInt(row -> row.prompt.length).max().orElse(0);
    SamplingThreads threads = SamplingThreads.of(runtime, config, rows.size());
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < threads.parts(); i++) {
      List<Row> part =
          rows.subList(threads.start(i, rows.size()), threads.start(i + 1, rows.size()));
      parts.add(new Part(part, new ArrayList<>(begin(part, width, room))));
    }
    boolean stops = !options.stop().isEmpty() || !otherEnds.isEmpty();
    boolean watched = !watcher.equals(Watcher.NONE) || stops;
    int drawn = 0;
    while (drawn < room && (drawn == 0 || rows.stream().anyMatch(Sampler::goesOn))) {
      int first = drawn;
      int count = watched ? Math.min(STRETCH, room - first) : room;
      try (Scope scope = runtime.scope()) {
        double[] uniform = uniform(rows.size(), from, first, count);
        int start = first == 0 ? 0 : width + first - 1;
        List<Tensor> found =
            runtime.withThreads(
                threads.operation(), () -> extend(parts, uniform, start, first, count));
        take(rows, found, first, count, from);
        for (int i = 0; i < parts.size(); i++) {
          Part part = parts.get(i);
          part.state.set(X, scope.release(found.get(3 + 3 * i)));
          part.state.set(BIAS, scope.release(found.get(4 + 3 * i)));
          Tensor ended = found.get(5 + 3 * i);
          part.state.set(ENDED, scope.release(stops ? stop(part.rows, ended) : ended));
        }
      }
      drawn += count;
    }
    return rows.stream().map(Row::generation).toList();
  }

  private static boolean goesOn(Row row) {
    return row.end == Generation.End.LENGTH;
  }

  private List<Tensor> begin(List<Row> rows, int width, int room) {
    long[] ids = new long[rows.size() * width];
    long[] lengths = new long[rows.size()];
    for (int b = 0; b < rows.size(); b++) {
      int[] prompt = rows.get(b).prompt;
      if (prompt.length == 0) {
        throw new IllegalArgumentException("prompt " + b + " is empty");
      }
      lengths[b] = prompt.length;
      for (int t = 0; t < prompt.length; t++) {
        ids[(b + 1) * width - prompt.length + t] = prompt[t];
      }
    }
    return program.call(
        "begin",
        parameters,
        runtime.longs(ids, rows.size(), width),
        runtime.longs(lengths, rows.size()),
        room);
  }

  private double[] uniform(int rows, int from, int first, int count) {
    double[] uniform = new double[rows * count];
    for (int b = 0; b < rows; b++) {
      long stream = options.firstStream() + from + b;
      for (int t = 0; t < count; t++) {
        uniform[b * count + t] = Randomness.uniform(options.seed(), stream, first + t);
      }
    }
    return uniform;
  }

  private List<Tensor> extend(List<Part> parts, double[] uniform, int start, int first, int count) {
    return program.call(
        "extend",
        parameters,
        parts.stream().flatMap(part -> part.state.stream()).toList(),
        runtime.doubles(uniform, uniform.length / count, count),
        start,
        first,
        options.temperature(),
        options.cut().topK(),
        options.cut().topP(),
        options.cut().minNewTokens(),
        options.eos(),
        0);
  }

  private void take(List<Row> rows, List<Tensor> found, int first, int count, int from) {
    long[] tokens = found.get(0).toLongs();
    double[] logProbabilities = found.get(1).toDoubles();
    long[] counts = found.get(2).toLongs();
    for (int b = 0; b < rows.size(); b++) {
      Row row = rows.get(b);
      if (!goesOn(row)) {
        continue;
      }
      for (int t = 0; t < counts[b]; t++) {
        row.tokens[first + t] = (int) tokens[b * count + t];
        row.logProbabilities[first + t] = logProbabilities[b * count + t];
      }
      row.count = first + (int) counts[b];
      endAtToken(row, first);
      if (options.stop().isEmpty()) {
        watcher.drawn(from + b, Arrays.copyOfRange(row.tokens, first, row.count));
      } else {
        stopAtText(row, first);
        watcher.drawn(from + b, Arrays.copyOfRange(row.tokens, first, row.count));
      }
    }
  }

  private void endAtToken(Row row, int first) {
    for (int n = first; n < row.count; n++) {
      if (row.tokens[n] == options.eos() || otherEnds.contains(row.tokens[n])) {
        row.count = n + 1;
        row.end = Generation.End.END_TOKEN;
        return;
      }
    }
  }

  /** Ends a continuation behind the token that completes a stop text. */
  private void stopAtText(Row row, int first) {
    for (int n = first + 1; n <= row.count; n++) {
      String text = tokenizer.decodeAfter(row.prompt, Arrays.copyOf(row.tokens, n));
      if (options.stop().stream().anyMatch(text::contains)) {
        row.count = n;
        row.end = Generation.End.STOP_TEXT;
        return;
      }
    }
  }

  private Tensor stop(List<Row> rows, Tensor ended) {
    long[] stopped = rows.stream().mapToLong(row -> goesOn(row) ? 0 : 1).toArray();
    return program.call("ended_too", ended, runtime.longs(stopped, stopped.length)).getFirst();
  }
}
