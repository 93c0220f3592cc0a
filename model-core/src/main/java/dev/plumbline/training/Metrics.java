package dev.plumbline.training;

/** Every metric that a run may journal; each is defined here and nowhere else. */
public final class Metrics {
  private Metrics() {}
}
