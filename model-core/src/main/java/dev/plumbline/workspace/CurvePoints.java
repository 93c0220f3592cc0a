package dev.plumbline.workspace;

import java.util.Arrays;

/** Points of a curve in growing arrays, to and from the JSON of a chunk. */
final class CurvePoints {
  private static final int FIRST = 16;

  long[] step = new long[FIRST];
  long[] samples = new long[FIRST];
  long[] tokens = new long[FIRST];
  double[] seconds = new double[FIRST];
  double[] value = new double[FIRST];
  int size;

  void add(long step, long samples, long tokens, double seconds, double value) {
    if (size == this.step.length) {
      int capacity = size * 2;
      this.step = Arrays.copyOf(this.step, capacity);
      this.samples = Arrays.copyOf(this.samples, capacity);
      this.tokens = Arrays.copyOf(this.tokens, capacity);
      this.seconds = Arrays.copyOf(this.seconds, capacity);
      this.value = Arrays.copyOf(this.value, capacity);
    }
    this.step[size] = step;
    this.samples[size] = samples;
    this.tokens[size] = tokens;
    this.seconds[size] = seconds;
    this.value[size] = value;
    size++;
  }

  /** Adds all points of another curve behind these. */
  void add(CurvePoints more) {
    for (int i = 0; i < more.size; i++) {
      add(more.step[i], more.samples[i], more.tokens[i], more.seconds[i], more.value[i]);
    }
  }

  MetricSeries series(String runId, String metric) {
    return new MetricSeries(
        runId,
        metric,
        Arrays.copyOf(step, size),
        Arrays.copyOf(samples, size),
        Arrays.copyOf(tokens, size),
        Arrays.copyOf(seconds, size),
        Arrays.copyOf(value, size));
  }

  /** Points as a chunk's JSON. */
  String json(int from, int to) {
    StringBuilder json = new StringBuilder((to - from) * 40 + 2).append('[');
    for (int i = from; i < to; i++) {
      json.append(i == from ? "[" : ",[")
          .append(step[i])
          .append(',')
          .append(samples[i])
          .append(',')
          .append(tokens[i])
          .append(',');
      append(json, seconds[i]);
      json.append(',');
      append(json, value[i]);
      json.append(']');
    }
    return json.append(']').toString();
  }

  private static void append(StringBuilder json, double value) {
    if (Double.isNaN(value)) {
      json.append("null");
    } else if (Double.isInfinite(value)) {
      json.append(value > 0 ? "9e999" : "-9e999");
    } else {
      json.append(value);
    }
  }

  /** Adds the points of a chunk's JSON, which {@link #json} wrote. */
  void addJson(String json) {
    Cursor cursor = new Cursor(json);
    while (cursor.skipTo('[')) {
      long nextStep = cursor.integer();
      long nextSamples = cursor.integer();
      long nextTokens = cursor.integer();
      double nextSeconds = cursor.real();
      add(nextStep, nextSamples, nextTokens, nextSeconds, cursor.real());
    }
  }

  /** A position in a chunk's JSON, behind the outer bracket. */
  private static final class Cursor {
    private final String text;
    private int at = 1;

    Cursor(String text) {
      this.text = text;
    }

    boolean skipTo(char sign) {
      int found = text.indexOf(sign, at);
      if (found < 0) {
        return false;
      }
      at = found + 1;
      return true;
    }

    long integer() {
      int end = end();
      long number = Long.parseLong(text, at, end, 10);
      at = end + 1;
      return number;
    }

    double real() {
      int end = end();
      String part = text.substring(at, end);
      at = end + 1;
      return part.equals("null") ? Double.NaN : Double.parseDouble(part);
    }

    private int end() {
      int end = at;
      while (text.charAt(end) != ',' && text.charAt(end) != ']') {
        end++;
      }
      return end;
    }
  }
}
