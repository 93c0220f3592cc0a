package dev.plumbline.workspace;

import dev.plumbline.experiment.AlertRule;
import java.time.Instant;

/**
 * A rule that came true of a run.
 *
 * @param number names the hit for good
 * @param runId the run
 * @param rule the rule's text then
 * @param severity how much it matters
 * @param action what was done about it
 * @param step of the run
 * @param time when
 * @param value of the metric; NaN where there is none or it is not finite
 * @param message one line
 * @param acknowledged whether a person has seen it
 */
public record AlertRow(
    long number,
    String runId,
    String rule,
    AlertRule.Severity severity,
    AlertRule.Action action,
    long step,
    Instant time,
    double value,
    String message,
    boolean acknowledged) {}
