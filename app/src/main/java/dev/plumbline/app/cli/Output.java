package dev.plumbline.app.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.PrintStream;

/**
 * Where commands write: results on standard output, everything else on standard error.
 *
 * @param out standard output
 * @param err standard error
 */
record Output(PrintStream out, PrintStream err) {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT);

  /** Prints a result for people. */
  void line(String format, Object... values) {
    out.printf(java.util.Locale.ROOT, format + "%n", values);
  }

  /** Prints a part of a result as it stands, at once. */
  void part(String text) {
    out.print(text);
    out.flush();
  }

  /** Prints a result for machines; records become objects with snake_case keys. */
  void json(Object result) {
    try {
      out.println(JSON.writeValueAsString(result));
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("result cannot be written as JSON", impossible);
    }
  }

  /** Tells how a command gets on. */
  void note(String format, Object... values) {
    err.printf(java.util.Locale.ROOT, format + "%n", values);
  }

  /** Passes on a line about a long preparation. */
  void progress(String line) {
    err.println(line);
  }

  /** The one clear line of a failure. */
  void error(String message) {
    err.println("plumbline: " + message);
  }
}
