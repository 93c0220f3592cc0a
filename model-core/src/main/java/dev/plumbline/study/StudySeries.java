package dev.plumbline.study;

/**
 * A curve of a run, what a resume superseded left out.
 *
 * @param metric its name
 * @param step steps, ascending
 * @param samples training samples seen by then
 * @param tokens training tokens seen by then
 * @param value the values; NaN where there was none
 */
@SuppressWarnings("ArrayRecordComponent") // bulk data, never compared
public record StudySeries(
    String metric, long[] step, long[] samples, long[] tokens, double[] value) {
  /** Number of points. */
  public int size() {
    return step.length;
  }

  /** The last value; NaN where there is none. */
  public double last() {
    return value.length == 0 ? Double.NaN : value[value.length - 1];
  }
}
