package dev.plumbline.workspace;

import dev.plumbline.training.RunState;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * One line of the table of runs.
 *
 * @param id the run directory's name; never changes
 * @param name the user's name for it, or the spec's
 * @param stage pretraining, preference or rlhf; empty where the spec cannot be read
 * @param state as the journal says, with LOST where the worker is gone without a word
 * @param detail one line for people: a failure's cause and mend, what the worker does just now, or
 *     what is wrong with the run's files
 * @param step steps done
 * @param totalSteps steps in all, 0 while unknown
 * @param secondsLeft estimate for the rest in seconds, NaN while unknown
 * @param created when the run directory was written
 * @param activeSeconds seconds of work, pauses left out
 * @param last last value of each metric, by name
 * @param tags the user's tags, or the spec's
 * @param notes the user's notes, or the spec's
 * @param device what its worker computes on, or did: {@code cpu}, {@code cuda:N} or {@code mps};
 *     empty while unknown
 * @param threads threads of one operation of its worker, 0 while unknown
 * @param directory run directory
 */
public record RunRow(
    String id,
    String name,
    String stage,
    RunState state,
    String detail,
    long step,
    long totalSteps,
    double secondsLeft,
    Instant created,
    double activeSeconds,
    Map<String, Double> last,
    List<String> tags,
    String notes,
    String device,
    int threads,
    Path directory) {}
