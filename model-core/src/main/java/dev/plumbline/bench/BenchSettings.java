package dev.plumbline.bench;

import dev.plumbline.data.UserError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be measured.
 *
 * @param parts in this order
 * @param sizes decoders of the training part, and of the comparison with Python
 * @param threads threads of one operation; 0 chooses from the cores that are free
 * @param quick fewer rounds: the numbers are rougher
 * @param minutes how long the memory part trains
 * @param python an interpreter with PyTorch to compare with, or null
 */
public record BenchSettings(
    List<Part> parts,
    List<DecoderSize> sizes,
    int threads,
    boolean quick,
    double minutes,
    @Nullable String python) {

  public BenchSettings {
    parts = List.copyOf(parts);
    sizes = List.copyOf(sizes);
    if (parts.isEmpty() || sizes.isEmpty()) {
      throw new UserError("a benchmark needs at least one part and one size");
    }
    if (!(minutes > 0)) {
      throw new UserError("minutes must be above 0, not " + minutes);
    }
    if (threads < 0) {
      throw new UserError("threads must be 0 (choose) or more, not " + threads);
    }
  }

  /** Parts of the benchmark. */
  public enum Part {
    /** Training throughput and achieved rate. */
    TRAINING,
    /** Tokens a second with a key-value cache. */
    SAMPLING,
    /** A step's bookkeeping, and an iteration of PPO. */
    PPO,
    /** The same operations, one by one from Java. */
    OPERATIONS,
    /** Statistics at the sizes that people have. */
    ANALYSIS,
    /** Resident memory over time. */
    MEMORY,
    /** The same model in Python. */
    PYTHON
  }

  int rounds() {
    return quick ? 3 : 9;
  }
}
