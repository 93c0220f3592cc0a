package dev.plumbline.workspace;

import dev.plumbline.analysis.PaperCard;

/**
 * A card of a study's last analysis.
 *
 * @param studyId the study
 * @param study its name
 */
public record CardRow(String studyId, String study, PaperCard card) {}
