package dev.plumbline.training;

/**
 * The mean score that a preference model gives a fixed set of responses. Only differences of scores
 * mean anything, so before two models share an axis each one's mean on the same set is taken from
 * its scores (paper appendix B.2).
 *
 * @param name the held-out parts
 * @param n responses: two of each comparison
 * @param mean nats
 * @param set 16 hexadecimal digits that name the set by its content: models whose sets differ have
 *     no common zero
 */
public record HeldOutMean(String name, long n, double mean, String set) {}
