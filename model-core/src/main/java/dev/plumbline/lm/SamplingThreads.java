package dev.plumbline.lm;

import dev.plumbline.torch.TorchRuntime;

/**
 * How sampling uses the threads. A step of sampling is some hundreds of short operations, each of
 * which would wait for all threads; so a batch is rather taken apart, and each part is computed in
 * one thread that waits for no other before the end. Only large models for few prompts, whose time
 * goes into reading the weights, are better computed by all threads at once.
 *
 * @param parts parts of the batch
 * @param operation threads of one operation
 */
record SamplingThreads(int parts, int operation) {
  /** Matrix products of fewer rows spend their time on fetching the matrix. */
  private static final int ROWS = 16;

  /** Up to here an operation of one step takes no longer than waking a thread. */
  private static final long SMALL = 16_000_000;

  /**
   * The use of a runtime's threads.
   *
   * @param rows sequences that are sampled at the same time, at least one
   */
  static SamplingThreads of(TorchRuntime runtime, DecoderConfig config, int rows) {
    if (!runtime.isOnCpu()) {
      return new SamplingThreads(1, runtime.threads());
    }
    return of(runtime.threads(), config.parameterCount(), rows);
  }

  static SamplingThreads of(int threads, long parameters, int rows) {
    int parts = Math.min(threads, rows);
    return parameters <= SMALL || rows >= ROWS * threads
        ? new SamplingThreads(parts, 1)
        : new SamplingThreads(1, threads);
  }

  /** The first row of a part; that of the part behind the last is the number of rows. */
  int start(int part, int rows) {
    return Math.toIntExact((long) part * rows / parts);
  }
}
