package dev.plumbline.workspace;

/**
 * A row of a data file as a table shows it.
 *
 * @param id its number in the index, from 1
 * @param line its line in the file
 * @param preview the beginning of what was asked last
 * @param turns turns of people
 * @param promptWords words of the prompt, without the markers of turns
 * @param chosenWords words of the preferred response, or of the response
 * @param rejectedWords words of the other response; 0 where there is none
 * @param tranche its tranche, empty where none is known
 * @param source where it is from, empty where that is not known
 * @param margin how clear the preference was, or the difference of the two scores; NaN where
 *     neither is known
 * @param scoreChosen score of the preferred response, NaN where none is known
 * @param scoreRejected score of the other response, likewise
 */
public record DataLine(
    int id,
    long line,
    String preview,
    int turns,
    int promptWords,
    int chosenWords,
    int rejectedWords,
    String tranche,
    String source,
    double margin,
    double scoreChosen,
    double scoreRejected) {}
