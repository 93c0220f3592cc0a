package dev.plumbline.evaluation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Scores of a preference model on texts of any kind (paper figures 12, 15 left and 24): by group,
 * against a label of two values, and between texts that differ in one term.
 *
 * @param preferenceModel directory of the preference model
 * @param files texts, see {@link dev.plumbline.data.TextReader}
 * @param text key or column that holds the text, or null for the usual ones
 * @param template what is scored: the text stands where it has <code>{text}</code>
 * @param groupBy key of the groups whose densities are compared, or null
 * @param label key of a label of two values, or null
 * @param positive value of the label that is expected to score higher, against all others; or null
 *     for the later one of two
 * @param pair key that texts which differ in one term have in common, or null
 * @param term key of that term, or null for the order in the files
 * @param terms values of it in the order in which gaps are taken; all in the order of their names
 *     where empty
 * @param maxTexts texts that are scored, drawn by the seed, pairs whole
 */
public record TextScoresSettings(
    String preferenceModel,
    List<String> files,
    @Nullable String text,
    String template,
    @Nullable String groupBy,
    @Nullable String label,
    @Nullable String positive,
    @Nullable String pair,
    @Nullable String term,
    List<String> terms,
    int maxTexts)
    implements MeasurementSettings {
  /** What stands in a template for the text. */
  public static final String PLACE = "{text}";
}
