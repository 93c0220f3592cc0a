package dev.plumbline.experiment;

/**
 * A setting that is allowed and that often goes wrong.
 *
 * @param path the key that it is about, such as {@code rlhf.lambda_kl}
 * @param message what may go wrong, why, and what else could be done; one line
 */
public record SpecWarning(String path, String message) {}
