package dev.plumbline.labelling;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * How long somebody works at one pair. Keys, clicks, scrolling and the pointer's moves are signs of
 * work; the time between two signs counts up to {@link #IDLE} and a longer pause not beyond it,
 * because whoever reads a long answer gives no sign for a while and whoever left gives none at all.
 */
final class ActiveTime {
  /** The longest time without a sign that counts as reading. */
  static final Duration IDLE = Duration.ofSeconds(45);

  private final InstantSource clock;
  private Instant last;
  private Duration sum = Duration.ZERO;

  ActiveTime(InstantSource clock) {
    this.clock = clock;
    last = clock.instant();
  }

  void begin() {
    last = clock.instant();
    sum = Duration.ZERO;
  }

  void sign() {
    Instant now = clock.instant();
    Duration since = Duration.between(last, now);
    if (since.isPositive()) {
      sum = sum.plus(since.compareTo(IDLE) > 0 ? IDLE : since);
    }
    last = now;
  }

  double seconds() {
    sign();
    return sum.toMillis() / 1000.0;
  }
}
