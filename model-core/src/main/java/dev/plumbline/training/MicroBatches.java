package dev.plumbline.training;

import dev.plumbline.torch.TorchException;
import java.util.Optional;

/**
 * Cuts batches into parts that fit the memory. Where one does not, the parts are halved and the
 * batch is begun again: the effective batch stays as it is, and the smaller parts are kept for the
 * batches to come.
 */
final class MicroBatches {
  /** Work on one part of a batch. */
  @FunctionalInterface
  interface Part {
    /** Works on the items from one index to another. */
    void run(int from, int to);
  }

  private int atOnce;
  private Optional<String> news = Optional.empty();

  /**
   * Parts of this size.
   *
   * @param atOnce items in a part; 0 for whole batches
   */
  MicroBatches(int atOnce) {
    this.atOnce = atOnce == 0 ? Integer.MAX_VALUE : atOnce;
  }

  /**
   * Works through a batch.
   *
   * @param n items of the batch
   * @param part what is done with each part
   * @param undo takes back what parts of this batch have done, before it is begun again
   */
  void run(int n, Part part, Runnable undo) {
    while (true) {
      int size = Math.min(n, atOnce);
      try {
        for (int from = 0; from < n; from += size) {
          part.run(from, Math.min(n, from + size));
        }
        return;
      } catch (TorchException e) {
        if (!e.isOutOfMemory() || size == 1) {
          throw e;
        }
        undo.run();
        atOnce = (size + 1) / 2;
        news =
            Optional.of(
                "out of memory with %d of a batch's %d at once: on with %d at once, the same batch"
                    .formatted(size, n, atOnce));
      }
    }
  }

  /** What people are to know since the last call. */
  Optional<String> takeNews() {
    Optional<String> taken = news;
    news = Optional.empty();
    return taken;
  }
}
