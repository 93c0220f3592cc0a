package dev.plumbline.experiment.journal;

import java.time.Instant;

/**
 * One line of a journal.
 *
 * @param sequence 1, 2, 3, ... without gaps over the life of a run, resumes included
 * @param time when it was written
 */
public record JournalEntry(long sequence, Instant time, JournalEvent event) {}
