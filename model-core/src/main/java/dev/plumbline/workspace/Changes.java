package dev.plumbline.workspace;

import java.util.Set;

/**
 * What changed since a token.
 *
 * @param token to be handed in next time
 * @param runIds runs whose rows, curves, samples or marks changed
 */
public record Changes(long token, Set<String> runIds) {}
