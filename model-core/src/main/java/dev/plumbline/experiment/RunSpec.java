package dev.plumbline.experiment;

import java.time.Instant;
import java.util.List;

/**
 * What {@code spec.json} of a run directory holds: the spec, complete, and what its references came
 * to.
 *
 * @param spec the spec; once resolved its paths are absolute and no reference is left
 * @param resolved whether references have been resolved and inputs hashed; a member of a study that
 *     waits for an earlier one is not, until its worker starts
 * @param inputs what the spec names, with content hashes
 * @param hash SHA-256 over seed, stage and settings with each path replaced by the hash of what it
 *     holds; equal hashes mean equal results
 * @param created when the run directory was written
 * @param program version of the program that wrote it; empty in records of before it was kept
 */
public record RunSpec(
    ExperimentSpec spec,
    boolean resolved,
    List<Input> inputs,
    String hash,
    Instant created,
    String program) {

  public RunSpec {
    inputs = List.copyOf(inputs);
  }

  /** A spec of this program. */
  RunSpec(ExperimentSpec spec, boolean resolved, List<Input> inputs, String hash, Instant created) {
    this(spec, resolved, inputs, hash, created, ProgramVersion.TEXT);
  }

  /**
   * A data file or a model directory.
   *
   * @param key where it stands in the spec, such as {@code rlhf.policy}
   * @param reference as it was written: a path, or {@code run:NAME}
   * @param path absolute path
   * @param sha256 of the file, or over the names and hashes of a directory's files
   */
  public record Input(String key, String reference, String path, String sha256) {}
}
