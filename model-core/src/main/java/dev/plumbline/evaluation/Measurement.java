package dev.plumbline.evaluation;

/** A stage that measures models, or gathers data with them. */
interface Measurement extends AutoCloseable {
  /** What is being done, for people: "best of k". */
  String phase();

  /**
   * Does all of it.
   *
   * @throws MeasurementContext.StoppedException if someone wants the run to stop
   */
  void run(MeasurementContext context);

  /** Frees the models. */
  @Override
  void close();
}
