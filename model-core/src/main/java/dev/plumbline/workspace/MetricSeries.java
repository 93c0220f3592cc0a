package dev.plumbline.workspace;

/**
 * The curve of one metric as parallel arrays in the order of steps, which never fall.
 *
 * @param runId run
 * @param metric name
 * @param step steps
 * @param samples training samples seen
 * @param tokens training tokens seen
 * @param seconds seconds of work, pauses left out
 * @param value values; NaN and infinities may stand among them
 */
@SuppressWarnings("ArrayRecordComponent") // bulk data; two series are never compared
public record MetricSeries(
    String runId,
    String metric,
    long[] step,
    long[] samples,
    long[] tokens,
    double[] seconds,
    double[] value) {
  /** Number of points. */
  public int size() {
    return step.length;
  }
}
