package dev.plumbline.experiment;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.data.UserError;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * A process that scores prompts as a finished out-of-distribution measurement does, for as long as
 * it is wanted: the model stays loaded between prompts. It ends when this one does, or when it is
 * closed.
 *
 * <p>A question is a line of JSON on its standard input, an answer a line on its standard output
 * that begins with {@value #SAYS}; other lines are the libraries' and are passed over.
 */
public final class PromptScoring implements AutoCloseable {
  /** What lines begin with that are answers. */
  public static final String SAYS = "@plumbline ";

  /** The class that the process runs. */
  private static final String MAIN = "dev.plumbline.experiment.worker.PromptScoringMain";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final BufferedReader answers;
  private final Writer questions;
  private volatile boolean closed;

  private PromptScoring(Process process) {
    this.process = process;
    answers = process.inputReader(StandardCharsets.UTF_8);
    questions = process.outputWriter(StandardCharsets.UTF_8);
  }

  /**
   * A question.
   *
   * @param text a prompt, or a transcript
   */
  public record Question(String text) {}

  /**
   * A prompt's score at a layer.
   *
   * @param layer block behind which the activation is read, from 1
   * @param plain squared Mahalanobis distance to the fitted prompts
   * @param relative simplified relative Mahalanobis score
   */
  public record LayerScore(int layer, double plain, double relative) {}

  /**
   * An answer.
   *
   * @param problem why there are no scores, in one line; empty where there are
   * @param prompt what was scored
   * @param tokens its length
   */
  public record Answer(String problem, String prompt, int tokens, List<LayerScore> layers) {
    /** Copies the list. */
    public Answer {
      layers = List.copyOf(layers);
    }

    /** No scores. */
    public static Answer none(String problem) {
      return new Answer(problem, "", 0, List.of());
    }
  }

  /**
   * Starts a process; it loads the model at once.
   *
   * @param run directory of a run of stage {@code ood}
   * @throws UserError where no process can be started
   */
  public static PromptScoring start(Path run) {
    return start(WorkerLauncher.standard(), run);
  }

  static PromptScoring start(WorkerLauncher launcher, Path run) {
    return new PromptScoring(launcher.running(MAIN).asked(List.of(run.toString())));
  }

  /**
   * Scores a prompt; waits for the answer. One call at a time.
   *
   * @throws UserError in one line, where there is no answer
   */
  public Answer score(String text) {
    String last = "";
    try {
      questions.write(JSON.writeValueAsString(new Question(text)));
      questions.write("\n");
      questions.flush();
      String line = answers.readLine();
      while (line != null) {
        if (line.startsWith(SAYS)) {
          Answer answer = JSON.readValue(line.substring(SAYS.length()), Answer.class);
          if (!answer.problem().isEmpty()) {
            throw new UserError(answer.problem());
          }
          return answer;
        }
        last = line;
        line = answers.readLine();
      }
    } catch (IOException e) {
      if (last.isEmpty()) {
        last = String.valueOf(e.getMessage());
      }
    }
    throw new UserError(
        closed
            ? "cancelled"
            : "the process that scores prompts ended: "
                + (last.isEmpty() ? "it said nothing" : last.strip()));
  }

  /** Ends the process; a call that waits ends with an error. */
  @Override
  public void close() {
    closed = true;
    process.destroyForcibly();
  }
}
