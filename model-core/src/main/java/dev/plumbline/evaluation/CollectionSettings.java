package dev.plumbline.evaluation;

import dev.plumbline.lm.DialogueFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gathering comparisons with deployed models (paper sections 2.1 and 4.5): two responses to a
 * prompt, each by a model drawn from a mix of snapshots, and an annotator's choice. The run's data
 * file holds the comparisons.
 *
 * @param players the snapshots that are deployed, and how often each answers
 * @param prompts files with prompts
 * @param annotators simulated annotators, or null where only labels are taken
 * @param labels comparison files that people labelled; they come first in the data file
 * @param format how prompts become tokens
 * @param comparisons how many are shown to the simulated annotators
 * @param keepUnsure whether choices of the weakest strength are kept; the paper drops them
 * @param tranche what the comparisons are called in their attribute {@code tranche}
 * @param maxPromptTokens longer prompts are left out
 * @param maxResponseTokens length limit of a response
 * @param temperature sampling temperature
 */
public record CollectionSettings(
    List<Player> players,
    List<String> prompts,
    @Nullable String annotators,
    List<String> labels,
    DialogueFormat format,
    int comparisons,
    boolean keepUnsure,
    String tranche,
    int maxPromptTokens,
    int maxResponseTokens,
    double temperature)
    implements MeasurementSettings {}
