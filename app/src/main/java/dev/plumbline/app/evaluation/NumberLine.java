package dev.plumbline.app.evaluation;

/**
 * A number as people read it.
 *
 * @param id stable name
 * @param name what it is called
 * @param value with its unit where it has one
 * @param interval its interval, or what stands beside it; may be empty
 * @param definition one line
 */
record NumberLine(String id, String name, String value, String interval, String definition) {}
