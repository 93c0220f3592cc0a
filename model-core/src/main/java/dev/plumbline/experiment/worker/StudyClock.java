package dev.plumbline.experiment.worker;

import dev.plumbline.experiment.RunDirectory;
import dev.plumbline.experiment.StudyMember;
import dev.plumbline.experiment.journal.JournalEntry;
import dev.plumbline.experiment.journal.JournalEvent;
import dev.plumbline.experiment.journal.JournalReader;
import dev.plumbline.training.RunState;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long a study still takes, from what its finished runs took: a run that waits is expected to
 * take what those of its role took that share most of its levels with it.
 */
final class StudyClock {
  private static final Logger LOG = LoggerFactory.getLogger(StudyClock.class);

  private final Map<String, Watch> watches = new HashMap<>();
  private final Map<StudyMember, Double> taken = new HashMap<>();

  /** A run's journal, read as it grows. */
  private static final class Watch {
    final JournalReader journal;

    /** Seconds that earlier workers were at it. */
    double seconds;

    Instant begun = Instant.EPOCH;
    Instant last = Instant.EPOCH;
    boolean active;
    double left = Double.NaN;
    Instant leftAt = Instant.EPOCH;

    Watch(RunDirectory run) {
      journal = new JournalReader(run.journalFile(), 0);
    }

    void read() throws IOException {
      JournalReader.Batch batch;
      do {
        batch = journal.read();
        for (JournalEntry entry : batch.entries()) {
          take(entry);
        }
      } while (batch.more());
    }

    private void take(JournalEntry entry) {
      switch (entry.event()) {
        case JournalEvent.State state -> {
          boolean now = state.state().isActive();
          if (active && (!now || state.state() == RunState.STARTING)) {
            // A worker that was killed said nothing: its last line is its end.
            seconds += seconds(begun, now ? last : entry.time());
          }
          if (now && (!active || state.state() == RunState.STARTING)) {
            begun = entry.time();
          }
          active = now;
        }
        case JournalEvent.Progress progress -> {
          if (Double.isFinite(progress.secondsLeft())) {
            left = progress.secondsLeft();
            leftAt = entry.time();
          }
        }
        default -> {
          // says nothing about time
        }
      }
      last = entry.time();
    }

    double secondsSoFar() {
      return seconds + (active ? seconds(begun, last) : 0);
    }

    private static double seconds(Instant from, Instant to) {
      return Math.max(0, Duration.between(from, to).toMillis() / 1000.0);
    }
  }

  /** A run is finished: what it took is what others are expected to take. */
  void finished(StudyMember member, RunDirectory run) {
    taken.put(member, watch(run).secondsSoFar());
    watches.remove(run.id());
  }

  /** Seconds that a finished run's workers were at it; NaN for one that is not finished. */
  double taken(StudyMember member) {
    return taken.getOrDefault(member, Double.NaN);
  }

  private Watch watch(RunDirectory run) {
    Watch watch = watches.computeIfAbsent(run.id(), _ -> new Watch(run));
    try {
      watch.read();
    } catch (IOException e) {
      LOG.debug("{}: {}", run.id(), e.getMessage());
    }
    return watch;
  }

  /**
   * Seconds until the last run is finished; NaN while there is nothing to go by.
   *
   * @param working runs at work
   * @param waiting runs that have not begun
   * @param workers runs at a time
   */
  double secondsLeft(
      Map<StudyMember, RunDirectory> working, Collection<StudyMember> waiting, int workers) {
    double sum = 0;
    double longest = 0;
    for (Map.Entry<StudyMember, RunDirectory> entry : working.entrySet()) {
      Watch watch = watch(entry.getValue());
      double left =
          Double.isFinite(watch.left)
              ? watch.left - Watch.seconds(watch.leftAt, Instant.now())
              : expected(entry.getKey()) - watch.secondsSoFar();
      sum += Math.max(0, left);
      longest = Math.max(longest, left);
    }
    for (StudyMember member : waiting) {
      double expected = expected(member);
      sum += expected;
      longest = Math.max(longest, expected);
    }
    return Math.max(sum / Math.max(1, Math.min(workers, working.size() + waiting.size())), longest);
  }

  /** What the most alike of the finished runs took on average. */
  private double expected(StudyMember member) {
    long best = -1;
    double sum = 0;
    int n = 0;
    for (Map.Entry<StudyMember, Double> one : taken.entrySet()) {
      StudyMember other = one.getKey();
      long alike =
          !other.role().equals(member.role())
              ? 0
              : 1
                  + member.levels().entrySet().stream()
                      .filter(level -> level.getValue().equals(other.levels().get(level.getKey())))
                      .count();
      if (alike > best) {
        best = alike;
        sum = 0;
        n = 0;
      }
      if (alike == best) {
        sum += one.getValue();
        n++;
      }
    }
    return n == 0 ? Double.NaN : sum / n;
  }
}
