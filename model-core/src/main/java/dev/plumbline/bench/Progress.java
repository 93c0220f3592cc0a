package dev.plumbline.bench;

/** Where a benchmark says what it is doing, and asks whether to go on. */
public interface Progress {
  /** What is being done now, a line. */
  void say(String line);

  /**
   * Returns where the benchmark is to go on.
   *
   * @throws Cancelled where it is not
   */
  void check();

  /** Nobody wants the numbers any more. */
  final class Cancelled extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Made where the wish is noticed. */
    public Cancelled() {
      super("cancelled");
    }
  }
}
