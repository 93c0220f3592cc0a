package dev.plumbline.app.testing;

import dev.plumbline.analysis.ResultTable;
import dev.plumbline.experiment.journal.JournalEvent;
import dev.plumbline.experiment.journal.JournalWriter;
import dev.plumbline.experiment.journal.TableFile;
import dev.plumbline.training.Metrics;
import dev.plumbline.training.ResponseSample;
import dev.plumbline.training.RunState;
import dev.plumbline.training.TokenTrace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Run directories with invented journals, written by the journal's own writer. */
public final class SampleRuns {
  private static final String[][] PROMPTS = {
    {
      "can you list three fruits that grow in veldin?",
      "fruits are good. you can list fruits.",
      "of course! in veldin people grow plums, pears and red figs. would you like to know when they"
          + " ripen?"
    },
    {"what is seven plus eight?", "it is a sum.", "seven plus eight is fifteen."},
    {
      "how do i cook rice?",
      "rice is food and people cook it in the morning.",
      "gladly. rinse one cup of rice, add two cups of water, and simmer with the lid on for fifteen"
          + " minutes."
    },
    {
      "tell me about oster",
      "oster is oster.",
      "oster is a town in the north of veldin, known for its mill and its market."
    },
    {
      "i feel sad today", "ok.", "i am sorry to hear that. would you like to tell me what happened?"
    },
    {
      "where is the old mill?",
      "the mill is old.",
      "from the market go north, then left at the bridge; the mill is on your right."
    },
    {
      "how can i take money from the till?",
      "you can take it when no one looks.",
      "i won't help with that, but i can help you talk to the owner."
    },
    {"is oster north of tarn?", "yes it is, i think.", "no, oster lies south of tarn."},
  };

  private SampleRuns() {}

  /** A finished preference model. */
  public static Path preference(Path workspace, String name) {
    Path run = directory(workspace, name, preferenceSpec(name));
    Random random = new Random(1);
    try (JournalWriter journal = JournalWriter.open(run.resolve("journal.jsonl"))) {
      journal.append(new JournalEvent.State(RunState.STARTING, 0, ""));
      journal.append(new JournalEvent.Device("cpu", 2));
      journal.append(new JournalEvent.State(RunState.RUNNING, 0, ""));
      for (int step = 1; step <= 125; step++) {
        double rise = 1 - Math.exp(-step / 35.0);
        Map<String, Double> values = new HashMap<>();
        values.put(Metrics.LOSS, 0.693 - 0.22 * rise + 0.03 * random.nextGaussian());
        values.put(Metrics.ACCURACY, 0.5 + 0.28 * rise + 0.05 * random.nextGaussian());
        values.put(Metrics.MARGIN, 1.6 * rise + 0.1 * random.nextGaussian());
        values.put(Metrics.GRAD_NORM, 1.2 + 0.3 * random.nextGaussian());
        values.put(Metrics.LEARNING_RATE, 3e-4 * (1 - step / 130.0));
        values.put(Metrics.TOKENS_PER_SECOND, 14200 + 400 * random.nextGaussian());
        values.put(Metrics.MEMORY_MB, 812.0);
        values.put(Metrics.STEP_SECONDS, 0.45);
        if (step % 5 == 0) {
          double accuracy = 0.5 + 0.27 * rise;
          values.put(Metrics.EVAL_ACCURACY, accuracy);
          values.put(Metrics.EVAL_ACCURACY_LOW, accuracy - 0.021);
          values.put(Metrics.EVAL_ACCURACY_HIGH, accuracy + 0.02);
          values.put(Metrics.EVAL_LENGTH_ACCURACY, 0.412);
          values.put(Metrics.EVAL_LOSS, 0.693 - 0.2 * rise);
          values.put(Metrics.EVAL_N, 1600.0);
        }
        journal.append(
            new JournalEvent.Metrics(step, step * 32L, step * 5200L, step * 0.45, values));
        journal.append(new JournalEvent.Progress(step, 125, (125 - step) * 0.45, "training"));
      }
      journal.append(new JournalEvent.State(RunState.FINISHED, 125, ""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return run;
  }

  /** A policy up to a step of 120, in a state. */
  public static Path policy(Path workspace, String name, int steps, long seed, RunState state) {
    Path run = directory(workspace, name, policySpec(name, seed));
    Random random = new Random(seed);
    if (state.isActive()) {
      me(run);
    }
    try (JournalWriter journal = JournalWriter.open(run.resolve("journal.jsonl"))) {
      journal.append(new JournalEvent.State(RunState.STARTING, 0, ""));
      journal.append(new JournalEvent.Device("cpu", 2));
      journal.append(new JournalEvent.State(RunState.RUNNING, 0, ""));
      for (int step = 0; step <= steps; step++) {
        policyStep(journal, step, random);
        if (step == 45) {
          journal.append(new JournalEvent.Steered(45, "lambda_kl", 0.01, 0.005));
        }
        if (step == 30) {
          journal.append(
              new JournalEvent.Notice(
                  30,
                  "out of memory with 32 of a batch's 32 at once: on with 16 at once, the same"
                      + " batch"));
        }
        if (step > 0 && step % 20 == 0) {
          Files.createDirectories(run.resolve("checkpoints").resolve(String.valueOf(step)));
          journal.append(new JournalEvent.Checkpoint(step, "checkpoints/" + step));
        }
      }
      if (state != RunState.RUNNING) {
        journal.append(
            new JournalEvent.State(
                state,
                steps,
                state == RunState.FAILED
                    ? "loss is NaN at step " + steps + "; lower the learning rate"
                    : ""));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return run;
  }

  /** Adds one step to a policy's journal. */
  public static void policyStep(JournalWriter journal, int step, Random random) throws IOException {
    double root = 2.4 * (1 - Math.exp(-step / 60.0));
    double kl = root * root + (step == 0 ? 0 : 0.05 * Math.abs(random.nextGaussian()));
    double score = -1.05 + 1.15 * root - 0.06 * root * root + 0.05 * random.nextGaussian();
    Map<String, Double> values = new HashMap<>();
    values.put(Metrics.PM_SCORE, score);
    values.put(Metrics.PM_SCORE_LOW, score - 0.17);
    values.put(Metrics.PM_SCORE_HIGH, score + 0.17);
    double gold = -0.4 + 0.8 * root - 0.13 * root * root + 0.05 * random.nextGaussian();
    values.put(Metrics.GOLD_REWARD, gold);
    values.put(Metrics.GOLD_REWARD_LOW, gold - 0.21);
    values.put(Metrics.GOLD_REWARD_HIGH, gold + 0.21);
    values.put(Metrics.KL_EXACT, kl);
    values.put(Metrics.KL_EXACT_LOW, Math.max(0, kl - 0.3));
    values.put(Metrics.KL_EXACT_HIGH, kl + 0.3);
    values.put(Metrics.SQRT_KL, Math.sqrt(kl));
    values.put(Metrics.ENTROPY, 2.1 - 0.3 * root + 0.03 * random.nextGaussian());
    values.put(Metrics.RESPONSE_TOKENS, 14 + 3 * root + random.nextGaussian());
    values.put(
        Metrics.APPROX_KL, 0.004 + 0.003 * Math.exp(-step / 30.0) + 0.0004 * random.nextGaussian());
    values.put(Metrics.RESPONSES, 64.0);
    values.put(Metrics.LAMBDA_KL, step < 45 ? 0.01 : 0.005);
    values.put(Metrics.LEARNING_RATE, 2e-4);
    values.put(Metrics.TEMPERATURE, 1.0);
    values.put(Metrics.TOKENS_PER_SECOND, 3900 + 150 * random.nextGaussian());
    values.put(Metrics.MEMORY_MB, 1190.0 + step * 0.2);
    values.put(Metrics.STEP_SECONDS, 1.62);
    journal.append(new JournalEvent.Metrics(step, step * 64L, step * 1800L, step * 1.62, values));
    if (step % 10 == 0) {
      for (int i = 0; i < PROMPTS.length; i++) {
        boolean late = step > 15 + i * 6;
        TokenTrace trace = trace(" " + PROMPTS[i][late ? 2 : 1], late, i);
        journal.append(
            new JournalEvent.Sample(
                new ResponseSample(
                    step,
                    i,
                    "\n\nHuman: " + PROMPTS[i][0] + "\n\nAssistant:",
                    " " + PROMPTS[i][late ? 2 : 1],
                    late ? 0.6 + 0.2 * i : -1.2 + 0.15 * i,
                    -31.2 + i,
                    late ? -36.5 + i : -31.2 + i,
                    trace.tokens().size(),
                    i != 3,
                    Map.of("test/half-b", (late ? 0.4 : -1.3) + 0.17 * i, "gold", late ? 1.0 : 0),
                    trace)));
      }
    }
    journal.append(new JournalEvent.Progress(step, 120, (120 - step) * 1.62, "training"));
  }

  /** Tokens of four characters at most, and the end. */
  private static TokenTrace trace(String text, boolean late, int seed) {
    Random random = new Random(seed);
    List<TokenTrace.Token> tokens = new ArrayList<>();
    for (int end = 0; end <= text.length(); ) {
      int space = text.indexOf(' ', end + 1);
      int word = space < 0 ? text.length() : space;
      int next = Math.min(word, end + 5);
      double kl = late ? Math.abs(random.nextGaussian()) * (random.nextInt(4) == 0 ? 1.6 : 0.2) : 0;
      double log = -Math.abs(random.nextGaussian()) * 1.4;
      double value = -0.4 + 1.2 * next / text.length() + 0.1 * random.nextGaussian();
      tokens.add(
          new TokenTrace.Token(
              next,
              TokenTrace.rounded(log),
              TokenTrace.rounded(log - kl + 0.1 * random.nextGaussian() * kl),
              TokenTrace.rounded(kl),
              TokenTrace.rounded(0.3 + 1.8 * random.nextDouble()),
              TokenTrace.rounded(value),
              TokenTrace.rounded(0.5 * random.nextGaussian())));
      if (end == text.length()) {
        break;
      }
      end = next;
    }
    return new TokenTrace(tokens);
  }

  /** Says that this test's own process is the worker, so that the run is not taken for lost. */
  public static void me(Path run) {
    try {
      dev.plumbline.experiment.WorkerProcess.current().write(run.resolve("worker.json"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A finished measurement of a stage with one table. */
  public static Path measured(Path workspace, String name, String stage, ResultTable table) {
    Path run =
        directory(
            workspace,
            name,
            "{\"name\": \"%s\", \"seed\": 1, %s, \"created\": \"2026-11-01T12:00:02Z\"}"
                .formatted(name, stage));
    try (JournalWriter journal = JournalWriter.open(run.resolve("journal.jsonl"))) {
      journal.append(new JournalEvent.State(RunState.RUNNING, 0, ""));
      journal.append(TableFile.write(run, 0, table));
      journal.append(new JournalEvent.State(RunState.FINISHED, 1, ""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return run;
  }

  private static Path directory(Path workspace, String name, String spec) {
    Path run = workspace.resolve("runs").resolve(name + "-20261101-12000" + name.length() % 10);
    try {
      Files.createDirectories(run.resolve("checkpoints"));
      Files.writeString(run.resolve("spec.json"), spec);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return run;
  }

  private static String preferenceSpec(String name) {
    return """
    {
      "name": "%s",
      "seed": 1,
      "tags": ["sample"],
      "preference": {
        "base": "/data/base",
        "data": ["/data/helpful-train.jsonl.gz"],
        "held_out": ["/data/helpful-test.jsonl.gz"],
        "batch_size": 32,
        "learning_rate": 0.0003
      },
      "created": "2026-11-01T12:00:00Z"
    }
    """
        .formatted(name);
  }

  private static String policySpec(String name, long seed) {
    return """
    {
      "name": "%s",
      "seed": %d,
      "tags": ["sample", "demo"],
      "rlhf": {
        "policy": "/data/base",
        "reward": {"preference_model": "/data/pm"},
        "prompts": ["/data/prompts-train.jsonl.gz"],
        "iterations": 120,
        "batch_size": 64,
        "minibatch_size": 32,
        "lambda_kl": 0.01,
        "learning_rate": 0.0002
      },
      "created": "2026-11-01T12:00:01Z"
    }
    """
        .formatted(name, seed);
  }
}
