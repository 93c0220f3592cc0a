package dev.plumbline.training;

import java.time.Duration;
import java.util.List;

/** Where an algorithm asks, between steps, what people want of it. */
public interface Controls {
  /** Commands that have come since the last call, in order; never waits. */
  List<Command> poll();

  /** The same, but waits up to {@code limit} for the first one. */
  List<Command> await(Duration limit) throws InterruptedException;
}
