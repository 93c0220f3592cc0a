package dev.plumbline.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Who made the comparisons, how unevenly, and how often an auditor agreed (paper section 2.1: about
 * 20 workers gave about 80 % of the early data, and researchers agreed with workers in about 63 %).
 * Counts and shares are of all comparisons there are, not estimates, and have no intervals.
 *
 * @param comparisons all comparisons
 * @param workers the one with the most comparisons first, by name where equal
 * @param agreement comparisons that an auditor judged alike, with Wilson's interval as if they were
 *     independent; empty where none was audited
 * @param overWorkers the same share with a bootstrap interval over workers, who differ; empty where
 *     fewer than two were audited or all audits came out alike
 */
public record WorkerLedger(
    long comparisons,
    List<Worker> workers,
    Optional<Proportion> agreement,
    Optional<GroupBootstrap.Estimate> overWorkers) {
  /** Copies the list. */
  public WorkerLedger {
    workers = List.copyOf(workers);
  }

  /** What an auditor said to a comparison. */
  public enum Audit {
    /** Nothing. */
    NONE,
    /** The same choice. */
    AGREED,
    /** Another choice. */
    DISAGREED
  }

  /**
   * A comparison.
   *
   * @param worker who made it
   * @param audit whether an auditor agreed
   */
  public record Entry(String worker, Audit audit) {}

  /**
   * A worker.
   *
   * @param name who
   * @param comparisons how many
   * @param share of all comparisons
   * @param cumulative share of this worker and all before
   * @param agreement audited comparisons that the auditor judged alike; empty without any
   */
  public record Worker(
      String name,
      long comparisons,
      double share,
      double cumulative,
      Optional<Proportion> agreement) {}

  private static final class Tally {
    long comparisons;
    long audited;
    long agreed;
  }

  /**
   * Counts.
   *
   * @param entries at least one
   * @param level coverage of intervals
   * @param resamples draws of the bootstrap, at least 1
   * @param seed seed of the draws
   */
  public static WorkerLedger of(List<Entry> entries, double level, int resamples, long seed) {
    if (entries.isEmpty()) {
      throw new IllegalArgumentException("no comparisons");
    }
    Map<String, Tally> tallies = new TreeMap<>();
    for (Entry entry : entries) {
      Tally tally = tallies.computeIfAbsent(entry.worker(), _ -> new Tally());
      tally.comparisons++;
      tally.audited += entry.audit() == Audit.NONE ? 0 : 1;
      tally.agreed += entry.audit() == Audit.AGREED ? 1 : 0;
    }
    List<Map.Entry<String, Tally>> sorted = new ArrayList<>(tallies.entrySet());
    sorted.sort(
        Comparator.comparingLong((Map.Entry<String, Tally> each) -> each.getValue().comparisons)
            .reversed());
    List<Worker> workers = new ArrayList<>();
    double all = entries.size();
    long before = 0;
    long audited = 0;
    long agreed = 0;
    for (Map.Entry<String, Tally> each : sorted) {
      Tally tally = each.getValue();
      before += tally.comparisons;
      audited += tally.audited;
      agreed += tally.agreed;
      workers.add(
          new Worker(
              each.getKey(),
              tally.comparisons,
              (double) tally.comparisons / all,
              (double) before / all,
              proportion(tally.agreed, tally.audited, level)));
    }
    return new WorkerLedger(
        entries.size(),
        workers,
        proportion(agreed, audited, level),
        overWorkers(sorted, agreed, audited, new Resampling(level, resamples, seed)));
  }

  private record Resampling(double level, int draws, long seed) {}

  private static Optional<Proportion> proportion(long successes, long n, double level) {
    return n == 0 ? Optional.empty() : Optional.of(Proportion.wilson(successes, n, level));
  }

  private static Optional<GroupBootstrap.Estimate> overWorkers(
      List<Map.Entry<String, Tally>> workers, long agreed, long audited, Resampling how) {
    long people = workers.stream().filter(each -> each.getValue().audited > 0).count();
    if (people < 2 || agreed == 0 || agreed == audited) {
      return Optional.empty();
    }
    double[] values = new double[Math.toIntExact(audited)];
    int[] group = new int[values.length];
    int row = 0;
    for (int worker = 0; worker < workers.size(); worker++) {
      Tally tally = workers.get(worker).getValue();
      for (long i = 0; i < tally.audited; i++) {
        group[row] = worker;
        values[row++] = i < tally.agreed ? 1 : 0;
      }
    }
    return Optional.of(
        GroupBootstrap.bca(values, Groups.of(group), how.draws(), how.level(), how.seed()));
  }

  /** The share of all comparisons that the {@code count} most prolific workers gave. */
  public double shareOfTop(int count) {
    return count <= 0 ? 0 : workers.get(Math.min(count, workers.size()) - 1).cumulative();
  }

  /** How many of the most prolific workers it takes for a share of all comparisons. */
  public int workersFor(double share) {
    int count = 0;
    // A share such as 0.8 is no binary number: 8 of 10 must be enough for it.
    while (count < workers.size() && shareOfTop(count) < share - 1e-12) {
      count++;
    }
    return count;
  }

  /**
   * Gini's coefficient of the workers' counts, 0 where all gave alike: the mean difference of two
   * workers drawn with replacement, over twice the mean.
   */
  public double gini() {
    int n = workers.size();
    double weighted = 0;
    for (int i = 0; i < n; i++) {
      // The most prolific has the rank n.
      weighted += (double) (n - i) * workers.get(i).comparisons();
    }
    return 2 * weighted / ((double) n * comparisons) - (n + 1.0) / n;
  }
}
