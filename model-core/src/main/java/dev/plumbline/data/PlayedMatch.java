package dev.plumbline.data;

/**
 * A match of a file with what was played, where the file says it.
 *
 * @param row who played and who won
 * @param judge who decided ({@code judge}); empty where the line does not say
 * @param prompt the dialogue so far ({@code prompt}), or empty
 * @param responseA a's response ({@code response_a}), or empty
 * @param responseB b's response ({@code response_b}), or empty
 */
public record PlayedMatch(
    MatchRow row, String judge, String prompt, String responseA, String responseB) {}
