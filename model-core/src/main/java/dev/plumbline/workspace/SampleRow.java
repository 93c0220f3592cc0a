package dev.plumbline.workspace;

import dev.plumbline.training.ResponseSample;

/** A response that a run's policy wrote, to be read. */
public record SampleRow(String runId, ResponseSample sample) {}
