package dev.plumbline.workspace;

import dev.plumbline.training.RunState;
import java.time.Instant;

/**
 * A study in the workspace.
 *
 * @param id name of its directory
 * @param name short name
 * @param title one line, or empty
 * @param figures of the paper, or empty
 * @param analysis name of its analysis, or empty
 * @param created when it was made
 * @param state as its record says
 * @param detail one line
 * @param done runs finished
 * @param total runs in all
 * @param secondsLeft NaN while unknown
 * @param analysed whether it has results
 */
public record StudyRow(
    String id,
    String name,
    String title,
    String figures,
    String analysis,
    Instant created,
    RunState state,
    String detail,
    int done,
    int total,
    double secondsLeft,
    boolean analysed) {}
