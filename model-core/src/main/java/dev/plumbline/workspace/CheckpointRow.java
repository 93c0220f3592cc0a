package dev.plumbline.workspace;

import java.nio.file.Path;
import java.time.Instant;

/**
 * A complete checkpoint.
 *
 * @param directory {@code checkpoints/<step>} in the run directory; its model stands in {@code
 *     model}
 */
public record CheckpointRow(String runId, long step, Instant time, Path directory) {}
