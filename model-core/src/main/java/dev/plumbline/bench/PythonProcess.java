package dev.plumbline.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.data.UserError;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The same decoder in a Python of its own ({@code decoder.py}), which does one thing when it is
 * asked and waits otherwise. A request is a line of JSON, and so is the answer.
 */
public final class PythonProcess implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long END_SECONDS = 10;

  private final Process process;
  private final Writer requests;
  private final BufferedReader answers;

  private PythonProcess(Process process) {
    this.process = process;
    requests = process.outputWriter(StandardCharsets.UTF_8);
    answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /**
   * Starts the interpreter.
   *
   * @param python its command
   * @param directory where the script is written
   * @param model a Hugging Face directory with a Llama in one file of float32
   * @param threads threads of one operation
   * @throws UserError where it does not start or has no PyTorch
   */
  public static PythonProcess start(String python, Path directory, Path model, int threads)
      throws IOException {
    Path script = directory.resolve("decoder.py");
    try (InputStream text = PythonProcess.class.getResourceAsStream("decoder.py")) {
      if (text == null) {
        throw new IllegalStateException("the script decoder.py is missing from the library");
      }
      Files.write(script, text.readAllBytes());
    }
    try {
      ProcessBuilder builder =
          new ProcessBuilder(
              python, script.toString(), model.toString(), Integer.toString(threads));
      builder.redirectError(ProcessBuilder.Redirect.DISCARD);
      PythonProcess started = new PythonProcess(builder.start());
      started.read();
      return started;
    } catch (IOException | UserError e) {
      throw new UserError(
          "%s cannot be measured: %s; --python names an interpreter that can import torch"
              .formatted(python, e.getMessage()),
          e);
    }
  }

  /** Asks for something and waits for the answer. */
  public JsonNode ask(Map<String, ?> request) {
    try {
      requests.write(JSON.writeValueAsString(request) + "\n");
      requests.flush();
      return read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Seconds that a kind of work took. */
  double seconds(String work) {
    return ask(Map.of("do", work)).path("seconds").asDouble(Double.NaN);
  }

  /** Gives it the training batch. */
  void batch(List<int[]> ids, List<int[]> wanted) {
    ask(Map.of("do", "batch", "ids", ids, "wanted", wanted));
  }

  private JsonNode read() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new UserError("it ended by itself; is PyTorch there?");
    }
    try {
      JsonNode answer = JSON.readTree(line);
      if (answer.has("error")) {
        throw new UserError(answer.path("error").asText());
      }
      return answer;
    } catch (JsonProcessingException e) {
      throw new UserError("it said: " + line, e);
    }
  }

  /** Ends the process. */
  @Override
  public void close() {
    try {
      requests.close();
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
