package dev.plumbline.jinja;

import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Python's slices. */
final class Slices {
  private Slices() {}

  /** The places that {@code [from:to:step]} takes of n. */
  static int[] places(int n, @Nullable Long from, @Nullable Long to, long step) {
    boolean up = step > 0;
    long low = up ? 0 : -1;
    long high = up ? n : n - 1L;
    long start = from == null ? (up ? low : high) : bound(from, n, low, high);
    long end = to == null ? (up ? high : low) : bound(to, n, low, high);
    return IntStream.iterate((int) start, i -> up ? i < end : i > end, i -> i + (int) step)
        .limit(n + 1L)
        .toArray();
  }

  private static long bound(long place, int n, long low, long high) {
    return Math.clamp(place < 0 ? place + n : place, low, high);
  }
}
